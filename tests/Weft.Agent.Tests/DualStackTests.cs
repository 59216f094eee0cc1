using System.Net;
using Weft.Abi;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Status;
using Weft.Bpf.Maps;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class DualStackTests
{
    [KernelFact]
    public async Task A_pod_has_an_address_and_a_way_of_each_family()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync(node.DualStack);
        TestNamespace pod = node.NewPod();

        EndpointResource endpoint = await node.CreateEndpointAsync(pod, "10.77.1.180", address6: "fd00:77:0:1::180");

        Assert.Equal(("10.77.1.180", "fd00:77:0:1::180"), (TestNode.AddressOf(endpoint), TestNode.Address6Of(endpoint)));
        Assert.Contains("inet6 fd00:77:0:1::180/128", pod.Exec("ip", "addr", "show", "eth0"), StringComparison.Ordinal);
        Assert.Contains("default via fd00:77:0:1::1 dev eth0", pod.Exec("ip", "-6", "route"), StringComparison.Ordinal);
        Assert.Equal(endpoint.Id, (await node.Client.GetEndpointAsync("ipv6:fd00:77:0:1::180")).Id);
        Assert.Equal(endpoint.Id, Entry(node, "fd00:77:0:1::180")!.Value.Id);
        Assert.Equal(EndpointFlags.Host, Entry(node, node.Address6)!.Value.Flags);
        Assert.Equal((uint)endpoint.Status!.Identity!.Id, Ipcache(node, "fd00:77:0:1::180").Identity);
        Assert.Equal(1u, Ipcache(node, node.Address6).Identity);
        Assert.Equal(2u, Ipcache(node, "2001:db8::1").Identity);
    }

    [KernelFact]
    public async Task A_pod_that_goes_leaves_neither_address()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync(node.DualStack);
        EndpointResource endpoint = await node.CreateEndpointAsync(node.NewPod(), "10.77.1.180", address6: "fd00:77:0:1::180");
        using BpfMap map = BpfMap.OpenPinned(Path.Combine(node.BpfRoot, "maps", "weft_ct_any"));
        BpfMap<ConntrackKey, ConntrackValue> flows = map.As<ConntrackKey, ConntrackValue>();
        ConntrackKey flow = new() { Local = WeftAddress.Parse("fd00:77:0:1::180"), Remote = WeftAddress.Parse("2001:db8::1"), Proto = 17 };
        flows.Update(flow, new ConntrackValue { Expires = uint.MaxValue });

        await node.Client.DeleteEndpointAsync($"{endpoint.Id}");

        Assert.Null(Entry(node, "fd00:77:0:1::180"));
        Assert.Equal(2u, Ipcache(node, "fd00:77:0:1::180").Identity);
        Assert.False(flows.TryLookup(flow, out _));
        Assert.Equal(2, (await node.Client.GetStatusAsync()).Ipam!.Allocations!.Count);
        await node.CreateEndpointAsync(node.NewPod(), "10.77.1.180", address6: "fd00:77:0:1::180");
    }

    [KernelFact]
    public async Task A_node_that_gets_ipv6_gives_it_to_new_pods_and_keeps_the_others()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        EndpointResource old = await node.CreateEndpointAsync(node.NewPod());
        await node.Agent!.TerminateAsync();

        await node.StartAsync(node.DualStack);
        EndpointResource young = await node.CreateEndpointAsync(node.NewPod());

        EndpointResource kept = await node.Client.GetEndpointAsync($"{old.Id}");
        Assert.Equal((TestNode.AddressOf(old), (string?)null), (TestNode.AddressOf(kept), TestNode.Address6Of(kept)));
        Assert.Equal("OK", kept.Status!.Health!.OverallHealth);
        Assert.StartsWith("fd00:77:0:1::", TestNode.Address6Of(young), StringComparison.Ordinal);
        await node.Agent!.KillAsync();
        await node.StartAsync(node.DualStack);
        Assert.Equal(TestNode.Address6Of(young), TestNode.Address6Of(await node.Client.GetEndpointAsync($"{young.Id}")));
        Assert.Equal(young.Id, Entry(node, TestNode.Address6Of(young))!.Value.Id);
    }

    [KernelFact]
    public async Task Two_nodes_know_of_each_other_what_both_families_need()
    {
        (TestNode first, TestNode second) = TestNode.CreatePair();
        using (first)
        using (second)
        {
            await Task.WhenAll(first.StartAsync(first.DualStack), second.StartAsync(second.DualStack));
            EndpointResource far = await second.CreateEndpointAsync(second.NewPod());

            IpcacheValue pod = await Eventually.BecomesAsync(
                "the far pod is known", () => Task.FromResult(Ipcache(first, TestNode.Address6Of(far))), known => known.Identity > 255);
            Assert.Equal(WeftAddress.Parse(second.Address).IPv4, (uint)pod.TunnelEndpoint);
            foreach (string address in (string[])[second.Address, second.Address6, "10.77.2.1", "fd00:77:0:2::1"])
            {
                Assert.Equal((6u, WeftAddress.Parse(second.Address).IPv4), (Ipcache(first, address).Identity, (uint)Ipcache(first, address).TunnelEndpoint));
            }

            Assert.Equal(
                second.PodCidr6, (await first.Client.GetNodesAsync()).NodesAdded.Single(node => node.Name == second.Name).PrimaryAddress!.Ipv6!.AllocRange);
        }
    }

    [KernelFact]
    public async Task Without_ipv6_whoever_asks_for_it_is_told()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException error = await Assert.ThrowsAsync<AgentApiException>(
            () => node.CreateEndpointAsync(node.NewPod(), address6: "fd00:77:0:1::180"));

        Assert.Equal(HttpStatusCode.BadRequest, error.Status);
        Assert.Contains("no IPv6", error.Message, StringComparison.Ordinal);
        Assert.Single((await node.Client.GetStatusAsync()).Ipam!.Allocations!);
    }

    [KernelFact]
    public async Task The_status_says_what_is_loaded_and_attached()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync([.. node.DualStack, "--masquerade", "ipv4"]);

        StatusResponse status = await node.Client.GetStatusAsync();

        Assert.Equal(
            "IPv4: 1/254 allocated from 10.77.1.0/24, IPv6: 1/18446744073709551615 allocated from fd00:77:0:1::/64, ", status.Ipam!.Text);
        Assert.Equal("BPF", status.HostRouting!.Mode);
        Assert.Equal(new EnabledProtocols { Ipv4 = true, Ipv6 = false }, status.Masquerading!.EnabledProtocols);
        // These agents leave the sockets of the machine alone.
        Assert.Equal(("Partial", false), (status.KubeProxyReplacement!.Mode, status.KubeProxyReplacement.SocketLB!.Enabled));
        Assert.Equal([node.Address, node.Address6], status.KubeProxyReplacement.DeviceList![0].Ip);

        File.Delete(Path.Combine(node.BpfRoot, "links", "weft_net_ingress"));
        Assert.Equal(ComponentState.Disabled, (await node.Client.GetStatusAsync()).HostRouting!.Mode);
    }

    private static EndpointValue? Entry(TestNode node, string address)
    {
        using BpfMap map = BpfMap.OpenPinned(Path.Combine(node.BpfRoot, "maps", "weft_endpoints"));
        return map.As<WeftAddress, EndpointValue>().TryLookup(WeftAddress.Parse(address), out EndpointValue value) ? value : null;
    }

    private static IpcacheValue Ipcache(TestNode node, string address)
    {
        using BpfMap map = BpfMap.OpenPinned(Path.Combine(node.BpfRoot, "maps", "weft_ipcache"));
        return map.As<IpcacheKey, IpcacheValue>()[new IpcacheKey { PrefixLen = 128, Addr = WeftAddress.Parse(address) }];
    }
}
