using System.Collections.Frozen;

namespace Weft.Datapath.Maps;

/// <summary>Names of the maps that the programs share and that outlive the agent; their pins below <c>maps/</c> have them too.</summary>
public static class DatapathMapNames
{
    public const string Runtime = "weft_runtime";
    public const string Devices = "weft_devices";
    public const string Endpoints = "weft_endpoints";
    public const string Ipcache = "weft_ipcache";
    public const string IpcacheSingle = "weft_ipcache_single";
    public const string Nodes = "weft_nodes";
    public const string ConntrackTcp = "weft_ct_tcp";
    public const string ConntrackAny = "weft_ct_any";
    public const string SockNat = "weft_sock_nat";
    public const string SockFlows = "weft_sock_flows";
    public const string Fragments = "weft_fragments";
    public const string Held = "weft_held";
    public const string Nat = "weft_nat";
    public const string Services = "weft_services";
    public const string ServiceSlots = "weft_service_slots";
    public const string Backends = "weft_backends";
    public const string Maglev = "weft_maglev";
    public const string SourceRanges = "weft_source_ranges";
    public const string Affinity = "weft_affinity";
    public const string Policies = "weft_policies";
    public const string PolicyRules = "weft_policy_rules";
    public const string Metrics = "weft_metrics";
    public const string Events = "weft_events";
    public const string EventsLost = "weft_events_lost";
    public const string Watched = "weft_watched";

    /// <summary>All of them. Other maps of an object are scratch, one for each object.</summary>
    public static FrozenSet<string> Pinned { get; } = FrozenSet.ToFrozenSet(
    [
        Runtime, Devices, Endpoints, Ipcache, IpcacheSingle, Nodes, ConntrackTcp, ConntrackAny, SockNat, SockFlows, Fragments, Held, Nat,
        Services, ServiceSlots, Backends, Maglev, SourceRanges, Affinity, Policies, PolicyRules, Metrics, Events, EventsLost, Watched,
    ]);
}
