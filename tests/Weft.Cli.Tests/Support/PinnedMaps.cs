using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Maps;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests.Support;

/// <summary>A node's maps, really in the kernel and pinned, but filled by a test instead of a datapath.</summary>
internal sealed class PinnedMaps : IDisposable
{
    private const string FileSystem = "/sys/fs/bpf";
    private static int s_counter;
    private readonly List<IDisposable> _maps = [];

    public PinnedMaps()
    {
        if (!File.ReadLines("/proc/self/mounts").Any(static line => line.Contains($" {FileSystem} bpf ", StringComparison.Ordinal)))
        {
            Tool.Run("mount", "-t", "bpf", "bpf", FileSystem);
        }

        Root = $"{FileSystem}/weft-cli-{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}";
        Directory.CreateDirectory($"{Root}/maps");
        Endpoints = Make<WeftAddress, EndpointValue>(DatapathMapNames.Endpoints, BpfMapType.Hash);
        Ipcache = Make<IpcacheKey, IpcacheValue>(DatapathMapNames.Ipcache, BpfMapType.LpmTrie, BpfMapFlags.NoPreallocation);
        Nodes = Make<WeftAddress, NodeValue>(DatapathMapNames.Nodes, BpfMapType.Hash);
        ConntrackTcp = Make<ConntrackKey, ConntrackValue>(DatapathMapNames.ConntrackTcp, BpfMapType.LruHash);
        ConntrackAny = Make<ConntrackKey, ConntrackValue>(DatapathMapNames.ConntrackAny, BpfMapType.LruHash);
        Nat = Make<NatKey, NatValue>(DatapathMapNames.Nat, BpfMapType.LruHash);
        Services = Make<ServiceKey, ServiceValue>(DatapathMapNames.Services, BpfMapType.Hash);
        ServiceSlots = Make<ServiceSlotKey, uint>(DatapathMapNames.ServiceSlots, BpfMapType.Hash);
        Backends = Make<uint, BackendValue>(DatapathMapNames.Backends, BpfMapType.Hash);
        SourceRanges = Make<SourceRangeKey, byte>(DatapathMapNames.SourceRanges, BpfMapType.LpmTrie, BpfMapFlags.NoPreallocation);
        using BpfMap table = NewTable();
        Maglev = Pin(BpfMap.Create(new BpfMapDefinition
        {
            Name = DatapathMapNames.Maglev,
            Type = BpfMapType.HashOfMaps,
            KeySize = sizeof(uint),
            ValueSize = sizeof(uint),
            MaxEntries = 64,
            InnerTemplate = table,
        }));
        using BpfMap policyTable = NewPolicyTable();
        Policies = Pin(BpfMap.Create(new BpfMapDefinition
        {
            Name = DatapathMapNames.Policies,
            Type = BpfMapType.HashOfMaps,
            KeySize = sizeof(uint),
            ValueSize = sizeof(uint),
            MaxEntries = 64,
            InnerTemplate = policyTable,
        }));
        PolicyRules = Make<PolicyRuleKey, PolicyRuleValue>(DatapathMapNames.PolicyRules, BpfMapType.LpmTrie, BpfMapFlags.NoPreallocation);
        BpfMap metrics = Pin(BpfMap.Create(new BpfMapDefinition
        {
            Name = DatapathMapNames.Metrics,
            Type = BpfMapType.PerCpuArray,
            KeySize = sizeof(uint),
            ValueSize = 2 * sizeof(ulong),
            MaxEntries = 1024,
        }));
        Metrics = metrics.AsPerCpu<uint, MetricValue>();
    }

    /// <summary>What <c>--bpf-root</c> takes.</summary>
    public string Root { get; }

    public BpfMap<WeftAddress, EndpointValue> Endpoints { get; }

    public BpfMap<IpcacheKey, IpcacheValue> Ipcache { get; }

    public BpfMap<WeftAddress, NodeValue> Nodes { get; }

    public BpfMap<ConntrackKey, ConntrackValue> ConntrackTcp { get; }

    public BpfMap<ConntrackKey, ConntrackValue> ConntrackAny { get; }

    public BpfMap<NatKey, NatValue> Nat { get; }

    public BpfMap<ServiceKey, ServiceValue> Services { get; }

    public BpfMap<ServiceSlotKey, uint> ServiceSlots { get; }

    public BpfMap<uint, BackendValue> Backends { get; }

    public BpfMap<SourceRangeKey, byte> SourceRanges { get; }

    public BpfMap Maglev { get; }

    public BpfMap Policies { get; }

    public BpfMap<PolicyRuleKey, PolicyRuleValue> PolicyRules { get; }

    public PerCpuMap<uint, MetricValue> Metrics { get; }

    /// <summary>An inner map of <see cref="Maglev"/>, of few places.</summary>
    public static BpfMap NewTable() => BpfMap.Create(new BpfMapDefinition
    {
        Name = "table",
        Type = BpfMapType.Array,
        KeySize = sizeof(uint),
        ValueSize = sizeof(uint),
        MaxEntries = 8,
    });

    /// <summary>An inner map of <see cref="Policies"/>.</summary>
    public static BpfMap NewPolicyTable() =>
        BpfMap.Create<PolicyKey, uint>("policies", BpfMapType.Hash, maxEntries: 64, BpfMapFlags.NoPreallocation).Untyped;

    public void Dispose()
    {
        foreach (IDisposable map in _maps)
        {
            map.Dispose();
        }

        Directory.Delete(Root, recursive: true);
    }

    private BpfMap<TKey, TValue> Make<TKey, TValue>(string name, BpfMapType type, BpfMapFlags flags = BpfMapFlags.None)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        BpfMap<TKey, TValue> map = BpfMap.Create<TKey, TValue>(name, type, maxEntries: 64, flags);
        Pin(map.Untyped);
        return map;
    }

    private BpfMap Pin(BpfMap map)
    {
        _maps.Add(map);
        map.Pin($"{Root}/maps/{map.Name}");
        return map;
    }
}
