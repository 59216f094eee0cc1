using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Pinning;

namespace Weft.Datapath.Maps;

/// <summary>The datapath's maps with the types of their keys and values.</summary>
/// <remarks>
/// Opened from their pins, they need no agent. Safe to use from several threads; who writes which map is stated where it is
/// defined (bpf/include/weft).
/// </remarks>
public sealed class DatapathMaps : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    private DatapathMaps(Func<string, BpfMap> open)
    {
        try
        {
            Runtime = Own(open(DatapathMapNames.Runtime)).As<uint, DatapathRuntime>();
            Devices = Own(open(DatapathMapNames.Devices)).As<uint, EndpointValue>();
            Endpoints = Own(open(DatapathMapNames.Endpoints)).As<WeftAddress, EndpointValue>();
            Ipcache = Own(open(DatapathMapNames.Ipcache)).As<IpcacheKey, IpcacheValue>();
            IpcacheSingle = Own(open(DatapathMapNames.IpcacheSingle)).As<WeftAddress, IpcacheValue>();
            Nodes = Own(open(DatapathMapNames.Nodes)).As<WeftAddress, NodeValue>();
            ConntrackTcp = Own(open(DatapathMapNames.ConntrackTcp)).As<ConntrackKey, ConntrackValue>();
            ConntrackAny = Own(open(DatapathMapNames.ConntrackAny)).As<ConntrackKey, ConntrackValue>();
            SockNat = Own(open(DatapathMapNames.SockNat)).As<SockNatKey, SockNatValue>();
            Nat = Own(open(DatapathMapNames.Nat)).As<NatKey, NatValue>();
            Services = Own(open(DatapathMapNames.Services)).As<ServiceKey, ServiceValue>();
            ServiceSlots = Own(open(DatapathMapNames.ServiceSlots)).As<ServiceSlotKey, uint>();
            Backends = Own(open(DatapathMapNames.Backends)).As<uint, BackendValue>();
            Maglev = Own(open(DatapathMapNames.Maglev));
            SourceRanges = Own(open(DatapathMapNames.SourceRanges)).As<SourceRangeKey, byte>();
            Affinity = Own(open(DatapathMapNames.Affinity)).As<AffinityKey, AffinityValue>();
            Policies = Own(open(DatapathMapNames.Policies));
            PolicyRules = Own(open(DatapathMapNames.PolicyRules)).As<PolicyRuleKey, PolicyRuleValue>();
            Metrics = Own(open(DatapathMapNames.Metrics)).AsPerCpu<uint, MetricValue>();
            Events = Own(open(DatapathMapNames.Events));
            EventsLost = Own(open(DatapathMapNames.EventsLost)).AsPerCpu<uint, ulong>();
            Watched = Own(open(DatapathMapNames.Watched)).AsPerCpu<uint, uint>();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public BpfMap<uint, DatapathRuntime> Runtime { get; }

    /// <summary>By index of the lxc device.</summary>
    public BpfMap<uint, EndpointValue> Devices { get; }

    public BpfMap<WeftAddress, EndpointValue> Endpoints { get; }

    public BpfMap<IpcacheKey, IpcacheValue> Ipcache { get; }

    /// <summary>What <see cref="Ipcache"/> says of single addresses, for fast lookups.</summary>
    public BpfMap<WeftAddress, IpcacheValue> IpcacheSingle { get; }

    /// <summary>By underlay address.</summary>
    public BpfMap<WeftAddress, NodeValue> Nodes { get; }

    public BpfMap<ConntrackKey, ConntrackValue> ConntrackTcp { get; }

    public BpfMap<ConntrackKey, ConntrackValue> ConntrackAny { get; }

    /// <summary>Sockets and their backends, with the frontends that they called.</summary>
    public BpfMap<SockNatKey, SockNatValue> SockNat { get; }

    public BpfMap<NatKey, NatValue> Nat { get; }

    public BpfMap<ServiceKey, ServiceValue> Services { get; }

    /// <summary>Ids of backends.</summary>
    public BpfMap<ServiceSlotKey, uint> ServiceSlots { get; }

    /// <summary>By id.</summary>
    public BpfMap<uint, BackendValue> Backends { get; }

    /// <summary>A hash of maps: by service, a table of backends' ids.</summary>
    public BpfMap Maglev { get; }

    public BpfMap<SourceRangeKey, byte> SourceRanges { get; }

    public BpfMap<AffinityKey, AffinityValue> Affinity { get; }

    /// <summary>A hash of maps: by endpoint, a table of <see cref="PolicyKey"/> and numbers of sets.</summary>
    public BpfMap Policies { get; }

    /// <summary>All sets of rules.</summary>
    public BpfMap<PolicyRuleKey, PolicyRuleValue> PolicyRules { get; }

    /// <summary>By <see cref="MetricValue.IndexOf"/>.</summary>
    public PerCpuMap<uint, MetricValue> Metrics { get; }

    /// <summary>A ring buffer.</summary>
    public BpfMap Events { get; }

    /// <summary>One counter: events that found the ring buffer full.</summary>
    public PerCpuMap<uint, ulong> EventsLost { get; }

    /// <summary>One element: the tracers that follow the packet which the CPU has in hand, a bit each.</summary>
    public PerCpuMap<uint, uint> Watched { get; }

    /// <summary>Opens the maps that an agent pinned, whether it runs or not.</summary>
    public static DatapathMaps OpenPinned(BpfRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return new DatapathMaps(name => BpfMap.OpenPinned(root.Map(name)));
    }

    /// <summary>Takes the maps of programs that are loaded by somebody else.</summary>
    /// <param name="open">By name; what it returns is owned here.</param>
    public static DatapathMaps Take(Func<string, BpfMap> open) => new(open);

    public void Dispose()
    {
        foreach (IDisposable map in _owned)
        {
            map.Dispose();
        }
    }

    private BpfMap Own(BpfMap map)
    {
        _owned.Add(map);
        return map;
    }
}
