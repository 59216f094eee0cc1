using System.Text.Json;
using Weft.Api;
using Weft.Api.Cni;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

/// <summary>What GC asks and makes of the answer; what the agent removes is in <see cref="RealAgentTests"/>.</summary>
public sealed class GcTests
{
    private const string Route = "POST /v1/cni/gc";

    [Theory]
    [InlineData("""[{"containerID":"box1","ifname":"eth0"},{"containerID":"box1","ifname":"net1"}]""", "box1:eth0", "box1:net1")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task The_agent_is_asked_once_with_the_network_and_what_stays(string valid, params string[] attachments)
    {
        using FakeAgent agent = Agent();

        (await RunAsync(agent, valid)).AssertSilentSuccess();

        CniCollectionRequest request = JsonSerializer.Deserialize(
            Assert.Single(agent.Requests).Body, ApiJson.Default.CniCollectionRequest)!;
        Assert.Equal("pods", request.Network);
        Assert.Equal(attachments, request.ValidAttachments);
    }

    [Fact]
    public async Task Without_the_list_nothing_is_removed()
    {
        using FakeAgent agent = Agent();

        CniAnswer answer = await new CniCall().RunAsync("GC", CniCall.Config(agent.SocketPath));

        Assert.Equal(7, answer.ErrorCode);
        Assert.Empty(agent.Requests);
    }

    [Theory]
    [InlineData("""[{"containerID":"box1"}]""")]
    [InlineData("""["box1"]""")]
    [InlineData("{}")]
    public async Task A_list_that_is_none_removes_nothing(string valid)
    {
        using FakeAgent agent = Agent();

        Assert.Equal(6, (await RunAsync(agent, valid)).ErrorCode);
        Assert.Empty(agent.Requests);
    }

    [Fact]
    public async Task A_removal_that_failed_is_told()
    {
        using FakeAgent agent = new FakeAgent().On(Route, """{"removed":["stale:eth0"],"failures":["stuck:eth0: busy"]}""");

        CniAnswer answer = await RunAsync(agent, "[]");

        Assert.Equal(100, answer.ErrorCode);
        Assert.Contains("stuck:eth0: busy", answer.Json.GetProperty("details").GetString(), StringComparison.Ordinal);
    }

    private static FakeAgent Agent() => new FakeAgent().On(Route, """{"removed":[],"failures":[]}""");

    private static Task<CniAnswer> RunAsync(FakeAgent agent, string valid) =>
        new CniCall().RunAsync("GC", CniCall.Config(agent.SocketPath, more: $""","cni.dev/valid-attachments":{valid}"""));
}
