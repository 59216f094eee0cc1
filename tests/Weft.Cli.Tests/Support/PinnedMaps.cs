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

    public PerCpuMap<uint, MetricValue> Metrics { get; }

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
