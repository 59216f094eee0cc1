using Weft.Abi;
using Weft.Agent.Tests.Harness;
using Weft.Api.Endpoints;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class RestartTests
{
    [KernelFact]
    public async Task No_packet_is_lost_while_an_agent_is_killed_and_another_takes_over()
    {
        (TestNode first, TestNode second) = TestNode.CreatePair();
        using (first)
        using (second)
        {
            await Task.WhenAll(first.StartAsync(), second.StartAsync());
            TestNamespace near = first.NewPod();
            await first.CreateEndpointAsync(near);
            string far = TestNode.AddressOf(await second.CreateEndpointAsync(second.NewPod()));
            await Eventually.BecomesAsync(
                "the far pod answers", () => Task.FromResult(Ping.Answers(near, far, 1)), answers => answers == 1);
            const int packets = 400;

            Task<int> answers = Task.Run(() => Ping.Answers(near, far, packets, interval: 0.01));
            await first.Agent!.KillAsync();
            await first.StartAsync();
            await second.Agent!.TerminateAsync();
            await second.StartAsync();

            Assert.Equal(packets, await answers);
        }
    }

    [KernelFact]
    public async Task A_restart_keeps_the_links_and_replaces_their_programs()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        await node.CreateEndpointAsync(node.NewPod());
        Dictionary<string, BpfLinkInfo> before = Links(node);
        uint map = MapId(node, "weft_ct_any");

        await agent.KillAsync();
        await node.StartAsync();

        Dictionary<string, BpfLinkInfo> after = Links(node);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before, link => Assert.Equal(link.Value.Id, after[link.Key].Id));
        Assert.All(before, link => Assert.NotEqual(link.Value.ProgramId, after[link.Key].ProgramId));
        Assert.Equal(map, MapId(node, "weft_ct_any"));
    }

    [KernelFact]
    public async Task A_restart_finds_every_endpoint_as_it_was()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        EndpointResource made = await node.CreateEndpointAsync(node.NewPod());

        await agent.TerminateAsync();
        await node.StartAsync();

        EndpointResource found = await node.Client.GetEndpointAsync($"{made.Id}");
        Assert.Equal(EndpointState.Ready, found.Status!.State);
        Assert.Equal(made.Status!.Identity!.Id, found.Status.Identity!.Id);
        Assert.Equal(TestNode.AddressOf(made), TestNode.AddressOf(found));
        Assert.Equal("OK", (await node.Client.GetEndpointHealthAsync($"{made.Id}")).OverallHealth);
        Assert.NotEqual(TestNode.AddressOf(made), TestNode.AddressOf(await node.CreateEndpointAsync(node.NewPod())));
    }

    [KernelFact]
    public async Task An_endpoint_whose_pod_went_while_no_agent_ran_is_cleaned_up()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        TestNamespace pod = node.NewPod();
        EndpointResource made = await node.CreateEndpointAsync(pod);
        await agent.KillAsync();
        pod.Dispose();
        string device = made.Status!.Networking!.InterfaceName!;
        await Eventually.BecomesAsync(
            "the device dies with its pod", () => Task.FromResult(node.Devices()), devices => !devices.Contains(device));

        AgentProcess next = await node.StartAsync();

        Assert.Contains("pod gone", next.Log, StringComparison.Ordinal);
        Assert.Single(await node.Client.GetEndpointsAsync());
        Assert.DoesNotContain(node.Pins("links"), pin => pin.StartsWith("lxc", StringComparison.Ordinal));
    }

    [KernelFact]
    public async Task An_endpoint_that_was_half_made_is_taken_back()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        EndpointResource made = await node.CreateEndpointAsync(node.NewPod());
        await agent.KillAsync();
        string file = Path.Combine(node.StateDirectory, "endpoints", $"{made.Id}.json");
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file)).Replace("\"ready\"", "\"creating\"", StringComparison.Ordinal));

        await node.StartAsync();

        Assert.Single(await node.Client.GetEndpointsAsync());
        Assert.DoesNotContain(made.Status!.Networking!.InterfaceName!, node.Devices());
        Assert.False(File.Exists(file));
    }

    [KernelFact]
    public async Task A_corrupt_state_file_is_told_and_costs_the_others_nothing()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        EndpointResource[] made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => node.CreateEndpointAsync(node.NewPod())));
        await agent.KillAsync();
        string file = Path.Combine(node.StateDirectory, "endpoints", $"{made[1].Id}.json");
        await File.WriteAllTextAsync(file, "{ \"phase\": \"ready\", \"endp");

        AgentProcess next = await node.StartAsync();

        Assert.Contains("state file unreadable", next.Log, StringComparison.Ordinal);
        Assert.True(File.Exists(file + ".corrupt"));
        long[] ids = [.. (await node.Client.GetEndpointsAsync()).Select(endpoint => endpoint.Id)];
        Assert.Contains(made[0].Id, ids);
        Assert.Contains(made[2].Id, ids);
        Assert.DoesNotContain(made[1].Id, ids);
    }

    [KernelFact]
    public async Task A_hundred_endpoints_are_restored()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (_, _) => await node.CreateEndpointAsync(node.NewPod()));
        await agent.KillAsync();

        await node.StartAsync();

        IReadOnlyList<EndpointResource> endpoints = await node.Client.GetEndpointsAsync();
        Assert.Equal(101, endpoints.Count);
        Assert.All(endpoints, endpoint => Assert.Equal(EndpointState.Ready, endpoint.Status!.State));
    }

    [KernelFact]
    public async Task An_agent_killed_among_creations_and_deletions_leaves_whole_endpoints_only()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        EndpointResource[] old = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => node.CreateEndpointAsync(node.NewPod())));
        TaskCompletionSource some = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int done = 0;
        Task work = Task.WhenAll(
        [
            .. Enumerable.Range(0, 30).Select(_ => Count(node.CreateEndpointAsync(node.NewPod()))),
            .. old.Select(endpoint => Count(node.Client.DeleteEndpointAsync($"{endpoint.Id}"))),
        ]);
        await some.Task.WaitAsync(Eventually.DefaultDeadline);
        await agent.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => work);

        await node.StartAsync();

        EndpointResource[] left = [.. (
            await node.Client.GetEndpointsAsync()).Where(endpoint => endpoint.Status!.Networking!.InterfaceName is not null)];
        string[] devices = [.. left.Select(endpoint => endpoint.Status!.Networking!.InterfaceName!).Order()];
        Assert.Equal(devices, node.Devices().Where(name => name.StartsWith("lxc", StringComparison.Ordinal)).Order());
        string[] links = [.. devices.Select(name => $"{name}_ingress")];
        await Eventually.BecomesAsync(
            "a link for each", () => Task.FromResult(node.Pins("links").Where(pin => pin.StartsWith("lxc", StringComparison.Ordinal)).Order()),
            pins => pins.SequenceEqual(links));
        Assert.Equal(left.Length, Directory.EnumerateFiles(Path.Combine(node.StateDirectory, "endpoints"), "*.json").Count());
        foreach (EndpointResource endpoint in left)
        {
            Assert.Equal("OK", (await node.Client.GetEndpointHealthAsync($"{endpoint.Id}")).OverallHealth);
        }

        async Task Count(Task request)
        {
            await request;
            if (Interlocked.Increment(ref done) == 8)
            {
                some.SetResult();
            }
        }
    }

    [KernelFact]
    public async Task An_address_that_is_given_again_inherits_no_flow()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        EndpointResource endpoint = await node.CreateEndpointAsync(pod, "10.77.1.180");
        using BpfMap map = BpfMap.OpenPinned(Path.Combine(node.BpfRoot, "maps", "weft_ct_any"));
        BpfMap<ConntrackKey, ConntrackValue> flows = map.As<ConntrackKey, ConntrackValue>();
        ConntrackKey flow = new() { Local = WeftAddress.Parse("10.77.1.180"), Remote = WeftAddress.Parse("10.77.2.2"), Proto = 17 };
        flows.Update(flow, new ConntrackValue { Expires = uint.MaxValue });

        await node.Client.DeleteEndpointAsync($"{endpoint.Id}");

        Assert.False(flows.TryLookup(flow, out _));
    }

    [KernelFact]
    public async Task A_pod_that_dies_without_a_word_is_noticed()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await node.CreateEndpointAsync(pod);

        pod.Dispose();

        await Eventually.BecomesAsync(
            "only the node's own endpoint is left", () => node.Client.GetEndpointsAsync(), endpoints => endpoints.Count == 1);
        Assert.Single((await node.Client.GetStatusAsync()).Ipam!.Allocations!);
    }

    private static Dictionary<string, BpfLinkInfo> Links(TestNode node) => node.Pins("links").ToDictionary(name => name, name =>
    {
        using BpfLink link = BpfLink.OpenPinned(Path.Combine(node.BpfRoot, "links", name));
        return link.GetInfo();
    });

    private static uint MapId(TestNode node, string name)
    {
        using BpfMap map = BpfMap.OpenPinned(Path.Combine(node.BpfRoot, "maps", name));
        return map.Id.Value;
    }
}
