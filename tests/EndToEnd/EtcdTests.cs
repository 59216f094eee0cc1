using System.Text.Json;
using EndToEnd.Harness;
using Weft.Lab.State;
using Weft.Lab.Stores;
using Weft.Linux.Processes;
using Weft.Store;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Nodes that meet in a real etcd, and what becomes of pods and packets while it hangs, is gone, or forgot everything.</summary>
public sealed class EtcdTests : IDisposable
{
    private const uint Init = 5;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly RealLab _lab = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [KernelFact]
    public void Two_nodes_of_both_families_on_etcd_reach_each_other()
    {
        _lab.Weft("lab", "up", "--store", "etcd");

        _lab.Weft("lab", "ping");
        Assert.Contains("etcd://192.168.2.1:2379", _lab.Weft("--node", Pods.EastNode, "status"), StringComparison.Ordinal);
        Assert.Contains("Store: etcd 192.168.2.1:2379, process", _lab.Weft("lab", "status"), StringComparison.Ordinal);
        Assert.False(File.Exists(_lab.Paths.StoreFile));
    }

    [KernelFact]
    public void Five_nodes_on_etcd_reach_each_other_and_a_service()
    {
        _lab.Up(Topologies.EtcdNodes(5));

        _lab.Weft("lab", "ping");
        uint[] identities = [.. Enumerable.Range(1, 5).Select(n => _lab.Identity($"p{n}"))];
        Assert.Equal(2, identities.Distinct().Count());
        Assert.Equal(identities[0], identities[2]);
        string manifest = Path.GetTempFileName();
        File.WriteAllText(manifest, "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { clusterIP: 172.20.0.10, ports: [ { port: 80 } ] }\n");
        _lab.Weft("lab", "apply", "-f", manifest);
        File.Delete(manifest);
        Eventually.Passes(() => Assert.Contains("172.20.0.10", _lab.Weft("--node", "n4", "service", "list"), StringComparison.Ordinal));
    }

    [KernelFact]
    public async Task While_etcd_hangs_packets_flow_and_pods_start_and_afterwards_everybody_knows_them()
    {
        _lab.Up(Topologies.EtcdPair);
        using DatagramStream stream = new(_lab.Member(Pods.East), _lab.Member(Pods.West), Pods.WestAddress);
        await stream.FlowsAsync(100);
        using ProcessHandle etcd = Etcd();

        etcd.Signal(ProcessSignal.SIGSTOP);
        try
        {
            // At the latest after two probes the agents know.
            await Eventually.BecomesAsync("the agent tells", () => Task.FromResult(StoreState()), state => state == "Failure", s_deadline);
            _lab.Up(Topologies.EtcdNewcomers);

            Assert.Equal(_lab.Identity(Pods.East), _lab.Identity("same"));
            Assert.Equal(Init, _lab.Identity("new"));
            _lab.Exec("new", "ping", "-c", "1", "-W", "5", $"{Pods.EastAddress}");
            await stream.FlowsAsync(100);
        }
        finally
        {
            etcd.Signal(ProcessSignal.SIGCONT);
        }

        await Eventually.BecomesAsync("the pod has an identity", () => Task.FromResult(_lab.Identity("new")), i => i > 255, s_deadline);
        foreach (string pod in (string[])["new", "same"])
        {
            Eventually.Passes(() => _lab.Exec(Pods.West, "ping", "-c", "1", "-W", "1", _lab.Address(pod)), s_deadline);
        }

        Assert.Equal("Ok", StoreState());
        Assert.Empty(await stream.MissingAsync());
    }

    /// <summary>As behind a cut cable or a firewall: no connection ends, and nobody says so.</summary>
    [KernelFact]
    public async Task While_packets_to_etcd_are_lost_pods_talk_and_start_and_what_changes_afterwards_is_told()
    {
        _lab.Up(Topologies.EtcdPair);
        using DatagramStream stream = new(_lab.Member(Pods.East), _lab.Member(Pods.West), Pods.WestAddress);
        await stream.FlowsAsync(100);

        Nft("add table inet cut; add chain inet cut in { type filter hook input priority 0; }; add rule inet cut in tcp dport 2379 drop");
        try
        {
            await Eventually.BecomesAsync("the agent tells", () => Task.FromResult(StoreState()), state => state == "Failure", s_deadline);
            _lab.Up(Topologies.EtcdNewcomers);

            Assert.Equal(_lab.Identity(Pods.East), _lab.Identity("same"));
            _lab.Exec("new", "ping", "-c", "1", "-W", "5", $"{Pods.EastAddress}");
            await stream.FlowsAsync(100);
        }
        finally
        {
            Nft("delete table inet cut");
        }

        await Eventually.BecomesAsync("the pod has an identity", () => Task.FromResult(_lab.Identity("new")), i => i > 255, s_deadline);
        _lab.Up(Topologies.EtcdLatecomer);
        foreach (string pod in (string[])["new", "same", "late"])
        {
            Eventually.Passes(() => _lab.Exec(Pods.West, "ping", "-c", "1", "-W", "1", _lab.Address(pod)), s_deadline);
            Assert.Contains($"identity={_lab.Identity(pod)} ", Entry(Pods.WestNode, _lab.Address(pod)), StringComparison.Ordinal);
        }

        Assert.Equal("Ok", StoreState());
        Assert.Empty(await stream.MissingAsync());
    }

    [KernelFact]
    public async Task A_pod_that_went_while_etcd_was_gone_is_forgotten_and_etcd_started_again_is_found()
    {
        _lab.Up(Topologies.EtcdNewcomers);
        string address = _lab.Address("new");
        long endpoint = _lab.Pod("new").GetProperty("endpoint").GetInt64();
        using DatagramStream stream = new(_lab.Member(Pods.East), _lab.Member(Pods.West), Pods.WestAddress);
        await stream.FlowsAsync(100);

        Kill();
        await Eventually.BecomesAsync("the agent tells", () => Task.FromResult(StoreState()), state => state == "Failure", s_deadline);
        DeleteEndpoint(Pods.EastNode, endpoint);
        string report = _lab.Up(Topologies.EtcdPair);

        Assert.Contains("started etcd", report, StringComparison.Ordinal);
        await using IStore store = await OpenStoreAsync();
        await Eventually.BecomesAsync(
            "the store forgets the pod",
            () => store.GetAsync($"weft/state/ip/v1/default/{address}", Test), entry => entry is null, s_deadline);
        StoreSnapshot uses = await Eventually.BecomesAsync(
            "the use of its identity is taken back",
            () => store.ListAsync("weft/state/identities/v1/use/default/bpf1/", Test), list => list.Entries.Length == 1, s_deadline);
        Assert.NotEmpty(uses.Entries);
        Assert.Empty(await stream.MissingAsync());
    }

    [KernelFact]
    public async Task An_etcd_that_lost_everything_is_told_everything_again_and_no_packet_is_lost()
    {
        _lab.Up(Topologies.EtcdPair);
        using DatagramStream stream = new(_lab.Member(Pods.East), _lab.Member(Pods.West), Pods.WestAddress);
        using DatagramStream back = new(_lab.Member(Pods.West), _lab.Member(Pods.East), Pods.EastAddress);
        await stream.FlowsAsync(100);
        await back.FlowsAsync(100);
        string[] before = await KeysAsync();

        Kill();
        Directory.Delete(Path.Combine(_lab.Paths.EtcdDirectory, "data"), recursive: true);
        _lab.Up();

        await Eventually.BecomesAsync(
            "the agents publish again", async () => string.Join('\n', await KeysAsync()), keys => keys == string.Join('\n', before), s_deadline);
        await stream.FlowsAsync(100);
        await back.FlowsAsync(100);
        Assert.Empty(await stream.MissingAsync());
        Assert.Empty(await back.MissingAsync());
    }

    [KernelFact]
    public async Task An_agent_whose_lease_was_revoked_registers_again()
    {
        _lab.Up(Topologies.EtcdPair);
        const string alive = "weft/state/alive/v1/default/bpf1";
        await using IStore store = await OpenStoreAsync();
        StoreEntry before = (await store.GetAsync(alive, Test))!;

        // All that are granted: those of the two agents.
        foreach (string lease in Ctl("lease", "list").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            Ctl("lease", "revoke", lease.Trim());
        }

        StoreEntry? after = await Eventually.BecomesAsync(
            "the agent registers again", () => store.GetAsync(alive, Test), entry => entry?.Created > before.Created, s_deadline);
        Assert.True(after!.IsLeased);
        Assert.Equal(before.Value.ToArray(), after.Value.ToArray());
    }

    private ProcessHandle Etcd() => ProcessHandle.TryOpen(new LabDirectory(_lab.Name).ReadState()!.Etcd!.Value)
        ?? throw new InvalidOperationException("the lab's etcd does not run");

    private void Kill()
    {
        using ProcessHandle etcd = Etcd();
        etcd.Signal(ProcessSignal.SIGKILL);
        Assert.True(etcd.WaitForExit(s_deadline));
    }

    // The exit code tells of failures too.
    private string StoreState() => JsonDocument.Parse(_lab.WeftUnchecked("--node", Pods.EastNode, "status", "-o", "json").Output)
        .RootElement.GetProperty("kvstore").GetProperty("state").GetString()!;

    private Task<IStore> OpenStoreAsync() => LabStore.OpenAsync(_lab.Paths, _lab.Topology, Test);

    /// <summary>All but what says which store it is.</summary>
    private async Task<string[]> KeysAsync()
    {
        await using IStore store = await OpenStoreAsync();
        return [.. (await store.ListAsync("weft/state/", Test)).Entries.Select(entry => entry.Key)];
    }

    private void DeleteEndpoint(string node, long endpoint)
    {
        using Weft.Api.AgentClient client = new(_lab.Paths.Socket(node));
        client.DeleteEndpointAsync($"{endpoint}", Test).GetAwaiter().GetResult();
    }

    private string Entry(string node, string address) => _lab.Weft("--node", node, "bpf", "ipcache", "list").Split('\n')
        .Single(line => line.StartsWith($"{address}/32", StringComparison.Ordinal)) + " ";

    private void Nft(string commands) => Tool.Run("ip", "netns", "exec", $"weft-{_lab.Name}-underlay", "nft", commands);

    private string Ctl(params string[] arguments) => Tool.Run(
        "ip", ["netns", "exec", $"weft-{_lab.Name}-underlay", "env", "ETCDCTL_API=3", "etcdctl", "--endpoints=http://192.168.2.1:2379", .. arguments]);
}
