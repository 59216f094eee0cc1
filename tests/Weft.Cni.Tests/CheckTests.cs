using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

/// <summary>What CHECK says before it looks into the container; the rest is in <see cref="RealAgentTests"/>.</summary>
public sealed class CheckTests
{
    private const string Previous = ""","prevResult":{"cniVersion":"1.1.0","ips":[{"address":"10.0.1.180/32","interface":1}]}""";

    [Fact]
    public async Task Without_the_result_of_add_there_is_nothing_to_check()
    {
        CniAnswer answer = await new CniCall().RunAsync("CHECK", CniCall.Config("/nowhere"));

        Assert.Equal(7, answer.ErrorCode);
    }

    [Fact]
    public async Task A_container_that_the_agent_does_not_know_is_code_3()
    {
        using FakeAgent agent = new FakeAgent().On("GET " + Answers.OneRoute, """{"code":"endpoint-not-found","message":"none"}""", 404);

        Assert.Equal(3, (await new CniCall().RunAsync("CHECK", CniCall.Config(agent.SocketPath, more: Previous))).ErrorCode);
    }

    [Fact]
    public async Task A_container_whose_namespace_is_gone_is_code_3()
    {
        using FakeAgent agent = new FakeAgent().On("GET " + Answers.OneRoute, Answers.Json(Answers.Web));
        CniCall call = new();
        call.Environment["CNI_NETNS"] = "/run/netns/weft-there-is-none";

        Assert.Equal(3, (await call.RunAsync("CHECK", CniCall.Config(agent.SocketPath, more: Previous))).ErrorCode);
    }
}
