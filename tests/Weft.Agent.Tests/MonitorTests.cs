using System.Net.Sockets;
using System.Text;
using Weft.Abi;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Bpf.Maps;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class MonitorTests
{
    private const string Nowhere = "10.77.1.200";

    [KernelFact]
    public async Task Every_client_gets_the_events_that_it_asked_for()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await node.CreateEndpointAsync(pod);
        using MonitorClient drops = await MonitorClient.OpenAsync(node.Client, MonitorRequest.Drop);
        using MonitorClient traces = await MonitorClient.OpenAsync(node.Client, MonitorRequest.Trace);

        Ping.Answers(pod, Nowhere, 1);

        Assert.Equal(EventType.Drop, await drops.NextAsync());
        Assert.Equal(EventType.Trace, await traces.NextAsync());
    }

    [KernelFact]
    public async Task The_first_frame_names_the_interfaces_and_a_new_one_is_named_before_its_events()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        using MonitorClient client = await MonitorClient.OpenAsync(node.Client, MonitorRequest.Drop);
        Assert.Contains(TestNode.Underlay, client.Names!.Interfaces.Values);
        TestNamespace pod = node.NewPod();
        string device = (await node.CreateEndpointAsync(pod)).Status!.Networking!.InterfaceName!;

        Ping.Answers(pod, Nowhere, 1);

        await client.NextAsync();
        Assert.Contains(device, client.Names.Interfaces.Values);
    }

    [KernelFact]
    public async Task What_nobody_watches_is_not_made()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        using BpfMap map = BpfMap.OpenPinned(Path.Combine(node.BpfRoot, "maps", "weft_runtime"));
        BpfMap<uint, DatapathRuntime> runtime = map.As<uint, DatapathRuntime>();
        Assert.Equal(EventMask.Drop, runtime[0].Events);

        using (await MonitorClient.OpenAsync(node.Client, MonitorRequest.Trace, MonitorRequest.Debug))
        {
            Assert.Equal(EventMask.Drop | EventMask.Trace | EventMask.Debug, runtime[0].Events);
        }

        await Eventually.BecomesAsync("only drops", () => Task.FromResult(runtime[0].Events), events => events == EventMask.Drop);
    }

    [KernelFact]
    public async Task A_client_of_one_endpoint_turns_on_events_of_that_endpoint_only()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace watched = node.NewPod();
        TestNamespace other = node.NewPod();
        long id = (await node.CreateEndpointAsync(watched)).Id;
        await node.CreateEndpointAsync(other);
        using MonitorClient client = await MonitorClient.OpenAsync(
            node.Client, new MonitorRequest { Types = [MonitorRequest.Trace], Endpoints = [id] });

        Ping.Answers(other, Nowhere, 2);
        Ping.Answers(watched, Nowhere, 1);

        await client.NextAsync();
        Assert.Equal(id, client.Source);
    }

    [KernelFact]
    public async Task A_denial_goes_to_who_asked_for_policy_verdicts_and_not_to_who_asked_for_drops()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        EndpointResource endpoint = await node.CreateEndpointAsync(pod);
        string other = TestNode.AddressOf(await node.CreateEndpointAsync(node.NewPod()));
        using MonitorClient drops = await MonitorClient.OpenAsync(node.Client, MonitorRequest.Drop);
        using MonitorClient verdicts = await MonitorClient.OpenAsync(node.Client, MonitorRequest.PolicyVerdict);
        LetNothingOut(node, endpoint.Id);

        Assert.Equal(0, Ping.Answers(pod, other, 2));

        Assert.Equal((EventType.Drop, EventType.Drop), (await drops.NextAsync(), await drops.NextAsync()));
        Assert.Equal((EventType.Policy, EventType.Policy), (await verdicts.NextAsync(), await verdicts.NextAsync()));
        Assert.Equal(endpoint.Id, verdicts.Source);
    }

    [KernelFact]
    public async Task A_client_that_does_not_read_keeps_nobody_from_reading()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await node.CreateEndpointAsync(pod);
        using Socket stuck = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await stuck.ConnectAsync(new UnixDomainSocketEndPoint(node.Socket));
        await stuck.SendAsync(Encoding.ASCII.GetBytes("GET /v1/monitor?types=drop,debug,trace HTTP/1.1\r\nHost: weft\r\n\r\n"));
        using MonitorClient reader = await MonitorClient.OpenAsync(node.Client, MonitorRequest.Drop);

        // Together more than the kernel's ring holds, each burst less.
        for (int burst = 0; burst < 10; burst++)
        {
            const int packets = 200;
            Burst.Send(pod, Nowhere, packets);
            for (int i = 0; i < packets; i++)
            {
                Assert.Equal(EventType.Drop, await reader.NextAsync());
            }
        }

        Assert.Equal(0UL, reader.Lost);
        Assert.Equal("Ok", (await node.Client.GetStatusAsync()).Agent!.State);
    }

    [KernelFact]
    public async Task A_slow_client_is_told_exactly_how_much_it_lost()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await node.CreateEndpointAsync(pod);
        using MonitorClient slow = await MonitorClient.OpenAsync(node.Client, MonitorRequest.Drop);
        const ulong packets = 20000;

        Burst.Send(pod, Nowhere, (int)packets);

        ulong received = 0;
        while (received + slow.Lost < packets)
        {
            received += await slow.TryReadAsync() is null ? 0u : 1u;
        }

        Assert.Equal(packets, received + slow.Lost);
        Assert.NotEqual(0UL, slow.Lost);
    }

    [KernelFact]
    public async Task Many_clients_share_one_ring()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await node.CreateEndpointAsync(pod);
        MonitorClient[] clients = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => MonitorClient.OpenAsync(node.Client, MonitorRequest.Drop)));

        Ping.Answers(pod, Nowhere, 1);

        Assert.All(await Task.WhenAll(clients.Select(client => client.NextAsync())), type => Assert.Equal(EventType.Drop, type));
        Assert.Equal(0, await agent.TerminateAsync());
        Array.ForEach(clients, client => client.Dispose());
    }

    /// <summary>Puts an endpoint under a policy that allows it to send nothing, as if the agent had been given one.</summary>
    private static void LetNothingOut(TestNode node, long id)
    {
        const uint nothing = 0;
        string maps = Path.Combine(node.BpfRoot, "maps");
        using BpfMap<PolicyKey, uint> table = BpfMap.Create<PolicyKey, uint>("nothing", BpfMapType.Hash, 1, BpfMapFlags.NoPreallocation);
        table.Update(new PolicyKey { Direction = MetricDirection.Egress }, nothing);
        using BpfMap policies = BpfMap.OpenPinned(Path.Combine(maps, "weft_policies"));
        policies.SetInnerMap((uint)id, table.Untyped);
        using BpfMap pinned = BpfMap.OpenPinned(Path.Combine(maps, "weft_devices"));
        BpfMap<uint, EndpointValue> devices = pinned.As<uint, EndpointValue>();
        uint device = devices.Entries().Single(entry => entry.Value.Id == id).Key;
        devices.Update(device, devices[device] with { Flags = EndpointFlags.Policy, PolicyEpoch = 1 });
    }
}
