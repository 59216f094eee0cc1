using Weft.Api.Endpoints;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

/// <summary>What CHECK makes of the agent's answers; what it finds in pods is in <see cref="RealAgentTests"/>.</summary>
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

    [KernelFact]
    public async Task Everything_that_is_wrong_on_either_side_is_told_at_once()
    {
        EndpointHealth broken = new() { Bpf = HealthState.Failure, OverallHealth = HealthState.Failure };
        EndpointResource endpoint = Answers.Web with { Status = Answers.Web.Status! with { Health = broken } };
        using FakeAgent agent = new FakeAgent().On("GET " + Answers.OneRoute, Answers.Json(endpoint));
        using TestNamespace pod = TestNamespace.Create("pod");
        CniCall call = new();
        call.Environment["CNI_NETNS"] = pod.Path;

        CniAnswer answer = await call.RunAsync(
            "CHECK", CniCall.Config(agent.SocketPath, more: ""","prevResult":{"ips":[{"address":"10.0.1.9/32"}]}"""));

        Assert.Equal(101, answer.ErrorCode);
        Assert.Equal(
            "check endpoint 3663 of box1:eth0: its device lxc0123456789ab on the node is gone or another; "
                + "its address is 10.0.1.180, which the result of ADD does not have; the container has no eth0",
            answer.Message);
    }
}
