using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

public sealed class DelTests
{
    private const string Route = "DELETE " + Answers.OneRoute;

    [Fact]
    public async Task The_one_attachment_is_removed()
    {
        using FakeAgent agent = new FakeAgent().On(Route, "", 204);

        (await new CniCall().RunAsync("DEL", CniCall.Config(agent.SocketPath))).AssertSilentSuccess();

        Assert.Equal(Route, Assert.Single(agent.Requests).Route);
    }

    [Fact]
    public async Task Nothing_to_remove_is_a_success()
    {
        using FakeAgent agent = new FakeAgent().On(Route, """{"code":"endpoint-not-found","message":"none"}""", 404);
        CniCall call = new();
        call.Environment["CNI_NETNS"] = "";

        (await call.RunAsync("DEL", CniCall.Config(agent.SocketPath, "0.3.1"))).AssertSilentSuccess();
    }

    [Fact]
    public async Task A_removal_that_failed_is_told()
    {
        using FakeAgent agent = new FakeAgent().On(Route, """{"code":"system-failed","message":"delete endpoint 3663: busy"}""", 500);

        Assert.Equal(100, (await new CniCall().RunAsync("DEL", CniCall.Config(agent.SocketPath))).ErrorCode);
    }
}
