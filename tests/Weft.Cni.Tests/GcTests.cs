using Weft.Api.Endpoints;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

public sealed class GcTests
{
    private const string ListRoute = "GET /v1/endpoint";

    [Fact]
    public async Task Endpoints_of_this_network_that_are_not_listed_are_removed_and_no_others()
    {
        using FakeAgent agent = new FakeAgent()
            .On(ListRoute, Answers.Json(
                Answers.Endpoint("box1", "pods"), Answers.Endpoint("stale", "pods"), Answers.Endpoint("theirs", "other"),
                Answers.Endpoint("lab", network: null), new EndpointResource { Id = 83 }))
            .On(Delete("stale"), "", 204);

        CniAnswer answer = await RunAsync(agent, """[{"containerID":"box1","ifname":"eth0"}]""");

        answer.AssertSilentSuccess();
        Assert.Equal([ListRoute, Delete("stale")], agent.Requests.Select(request => request.Route));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task No_valid_attachment_means_that_all_go(string valid)
    {
        using FakeAgent agent = new FakeAgent().On(ListRoute, Answers.Json([Answers.Web])).On(Delete("box1"), "", 204);

        (await RunAsync(agent, valid)).AssertSilentSuccess();

        Assert.Equal(2, agent.Requests.Count);
    }

    [Fact]
    public async Task Without_the_list_nothing_is_removed()
    {
        using FakeAgent agent = new FakeAgent().On(ListRoute, Answers.Json([Answers.Web]));

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
        using FakeAgent agent = new FakeAgent().On(ListRoute, Answers.Json([Answers.Web]));

        Assert.Equal(6, (await RunAsync(agent, valid)).ErrorCode);
        Assert.Empty(agent.Requests);
    }

    [Fact]
    public async Task A_removal_that_fails_stops_no_other_and_is_told()
    {
        using FakeAgent agent = new FakeAgent()
            .On(ListRoute, Answers.Json(Answers.Endpoint("stuck", "pods"), Answers.Endpoint("stale", "pods")))
            .On(Delete("stuck"), """{"code":"system-failed","message":"busy"}""", 500)
            .On(Delete("stale"), "", 204);

        CniAnswer answer = await RunAsync(agent, "[]");

        Assert.Equal(100, answer.ErrorCode);
        Assert.Contains("stuck:eth0: busy", answer.Json.GetProperty("details").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, agent.Requests.Count);
    }

    private static string Delete(string containerId) => $"DELETE /v1/endpoint/cni-attachment-id%3A{containerId}%3Aeth0";

    private static Task<CniAnswer> RunAsync(FakeAgent agent, string valid) =>
        new CniCall().RunAsync("GC", CniCall.Config(agent.SocketPath, more: $""","cni.dev/valid-attachments":{valid}"""));
}
