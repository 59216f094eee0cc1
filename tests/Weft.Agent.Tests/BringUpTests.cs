using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Status;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class BringUpTests
{
    [KernelFact]
    public async Task A_node_comes_up_with_its_device_its_programs_and_its_maps()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        Assert.Contains("weft_vxlan", node.Devices());
        Assert.Contains("external", node.Namespace.Exec("ip", "-d", "link", "show", "weft_vxlan"), StringComparison.Ordinal);
        Assert.Contains("dstport 8472", node.Namespace.Exec("ip", "-d", "link", "show", "weft_vxlan"), StringComparison.Ordinal);
        Assert.Contains("weft_ipcache", node.Pins("maps"));
        Assert.Contains("weft_vxlan_ingress", node.Pins("links"));
    }

    [KernelFact]
    public async Task The_status_says_ok_for_what_works_and_disabled_for_what_is_not_built()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        StatusResponse status = await node.Client.GetStatusAsync();

        Assert.Equal(ComponentState.Ok, status.Agent!.State);
        Assert.Equal(ComponentState.Ok, status.Kvstore!.State);
        Assert.Equal(ComponentState.Disabled, status.Hubble!.State);
        Assert.Equal(ComponentState.Disabled, status.Kubernetes!.State);
        Assert.Equal("IPv4: 1/254 allocated from 10.77.1.0/24, ", status.Ipam!.Text);
    }

    [KernelFact]
    public async Task Services_are_translated_at_the_sockets_of_the_cgroup_that_the_option_names()
    {
        using TestNode node = TestNode.Create();
        using TestCgroup cgroup = TestCgroup.Create();
        AgentProcess agent = await node.StartAsync();
        Assert.Contains("--cgroup-root none", (await SocketLBAsync(node)).Message, StringComparison.Ordinal);

        await agent.TerminateAsync();
        agent = await node.StartAsync("--cgroup-root", cgroup.Path);
        SocketLB told = await SocketLBAsync(node);
        Assert.Equal((true, cgroup.Path), (told.Enabled, told.Cgroup));
        Assert.Contains("cgroup_connect4", node.Pins("links"));

        await agent.TerminateAsync();
        await node.StartAsync();
        Assert.False((await SocketLBAsync(node)).Enabled);
        Assert.DoesNotContain("cgroup_connect4", node.Pins("links"));
    }

    private static async Task<SocketLB> SocketLBAsync(TestNode node) =>
        (await node.Client.GetStatusAsync()).KubeProxyReplacement!.SocketLB!;

    [KernelFact]
    public async Task The_socket_is_for_its_owner_alone_and_goes_with_the_agent()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(node.Socket));
        Assert.Equal(0, await agent.TerminateAsync());
        Assert.False(File.Exists(node.Socket));
    }

    [KernelFact]
    public async Task An_overlay_device_that_somebody_removes_shows_in_the_status_and_a_restart_makes_it_again()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();

        node.Namespace.Exec("ip", "link", "del", "weft_vxlan");

        StatusResponse status = await Eventually.BecomesAsync(
            "the status warns", () => node.Client.GetStatusAsync(), told => told.Agent!.State == ComponentState.Warning);
        Assert.Contains(status.Controllers!, controller => controller.Status!.LastFailureMessage?.Contains(
            "weft_vxlan", StringComparison.Ordinal) == true);
        await agent.TerminateAsync();
        await node.StartAsync();
        Assert.Contains("weft_vxlan", node.Devices());
    }

    [KernelFact]
    public async Task Two_nodes_know_each_other_and_their_pods_reach_each_other()
    {
        (TestNode first, TestNode second) = TestNode.CreatePair();
        using (first)
        using (second)
        {
            await Task.WhenAll(first.StartAsync(), second.StartAsync());
            TestNamespace near = first.NewPod();
            TestNamespace far = second.NewPod();
            await first.CreateEndpointAsync(near, "10.77.1.180");
            EndpointResource other = await second.CreateEndpointAsync(far, label: "k8s:app=web");

            await Eventually.BecomesAsync(
                "the far pod answers", () => Task.FromResult(Ping.Answers(near, TestNode.AddressOf(other), 1)), answers => answers == 1);
            Assert.Equal(2, (await first.Client.GetNodesAsync()).NodesAdded.Count);
        }
    }

    [KernelFact]
    public async Task An_unknown_path_is_answered_with_404_and_a_reason()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException error = await Assert.ThrowsAsync<AgentApiException>(() => node.Client.GetMapAsync("no-such-map"));

        Assert.Contains("no-such-map", error.Message, StringComparison.Ordinal);
    }
}
