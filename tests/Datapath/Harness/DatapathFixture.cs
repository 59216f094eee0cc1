using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Maps;
using Weft.Bpf.RingBuffers;
using Weft.Tests.Shared;

namespace Datapath.Harness;

/// <summary>A node's datapath with its maps filled as an agent would, and ways to run packets through its programs.</summary>
/// <remarks><see cref="Reset"/> before each test. Made on first use, so that skipped tests need no root.</remarks>
public sealed class DatapathFixture : IDisposable
{
    private readonly Lazy<LoadedMaps> _loaded;

    public DatapathFixture()
        : this(Node.Config)
    {
    }

    internal DatapathFixture(DatapathConfig config)
    {
        _loaded = new(() => new LoadedMaps(config));
    }

    internal ProgramObjects Programs => _loaded.Value.Programs;

    internal BpfMap<ConntrackKey, ConntrackValue> ConntrackTcp => _loaded.Value.Programs.Map("weft_ct_tcp").As<ConntrackKey, ConntrackValue>();

    internal BpfMap<ConntrackKey, ConntrackValue> ConntrackAny => _loaded.Value.Programs.Map("weft_ct_any").As<ConntrackKey, ConntrackValue>();

    internal BpfMap<uint, EndpointValue> Devices => Programs.Map("weft_devices").As<uint, EndpointValue>();

    internal BpfMap<WeftAddress, EndpointValue> Endpoints => Programs.Map("weft_endpoints").As<WeftAddress, EndpointValue>();

    internal BpfMap<WeftAddress, NodeValue> Nodes => Programs.Map("weft_nodes").As<WeftAddress, NodeValue>();

    internal BpfMap<IpcacheKey, IpcacheValue> Ipcache => Programs.Map("weft_ipcache").As<IpcacheKey, IpcacheValue>();

    internal BpfMap<FragmentKey, FragmentValue> Fragments => Programs.Map("weft_fragments").As<FragmentKey, FragmentValue>();

    internal BpfMap<NatKey, NatValue> Nat => Programs.Map("weft_nat").As<NatKey, NatValue>();

    internal BpfMap<ServiceKey, ServiceValue> Services => Programs.Map("weft_services").As<ServiceKey, ServiceValue>();

    internal BpfMap<ServiceSlotKey, uint> Slots => Programs.Map("weft_service_slots").As<ServiceSlotKey, uint>();

    internal BpfMap<uint, BackendValue> Backends => Programs.Map("weft_backends").As<uint, BackendValue>();

    internal BpfMap<AffinityKey, AffinityValue> Affinity => Programs.Map("weft_affinity").As<AffinityKey, AffinityValue>();

    internal BpfMap<SourceRangeKey, byte> SourceRanges => Programs.Map("weft_source_ranges").As<SourceRangeKey, byte>();

    /// <summary>The node's namespace: its devices and routes are there for whoever looks a route up.</summary>
    internal TestNamespace Namespace => _loaded.Value.Namespace;

    internal ref DatapathRuntime Runtime => ref _loaded.Value.Runtime[0];

    /// <summary>Seconds that an emulated machine may take between a packet and a look at what it left; less than timeouts differ by.</summary>
    internal const uint Slack = 8;

    /// <summary>CLOCK_MONOTONIC seconds, the clock of conntrack.</summary>
    internal static uint Now => (uint)(System.Diagnostics.Stopwatch.GetTimestamp() / System.Diagnostics.Stopwatch.Frequency);

    /// <summary>Web and Cache live here, Db on West; every event is on.</summary>
    internal void Reset()
    {
        Clear(ConntrackTcp);
        Clear(ConntrackAny);
        Clear(Fragments);
        Clear(Programs.Map("weft_held").As<HeldKey, HeldFrame>());
        Clear(Nat);
        Clear(Services);
        Clear(Slots);
        Clear(Backends);
        Clear(Affinity);
        Clear(SourceRanges);
        Clear(Devices);
        Clear(Endpoints);
        Clear(Ipcache);
        Clear(Nodes);
        foreach (Pod pod in new[] { Pod.Web, Pod.Cache })
        {
            Devices.Update(pod.IfIndex, pod.Endpoint);
            Endpoints.Update(pod.Key, pod.Endpoint);
            Endpoints.Update(pod.Key6, pod.Endpoint);
            Learn(pod.Address, pod.Identity, node: null);
            Learn(pod.Address6, pod.Identity, node: null);
        }

        Learn(Pod.Db.Address, Pod.Db.Identity, Node.West);
        Learn(Pod.Db.Address6, Pod.Db.Identity, Node.West);
        Nodes.Update(WeftAddress.Parse(Node.West), new NodeValue { Identity = (uint)ReservedIdentity.RemoteNode });
        Runtime = new DatapathRuntime { Events = EventMask.Drop | EventMask.Debug | EventMask.Trace | EventMask.Capture, CaptureLen = 128 };
        _ = ReadEvents();
    }

    /// <param name="prefix">Of the address's own family; null: the address alone.</param>
    internal void Learn(string address, uint identity, string? node, uint? prefix = null, IpcacheFlags flags = IpcacheFlags.None)
    {
        WeftAddress addr = WeftAddress.Parse(address);
        uint bits = addr.IsIPv4 ? WeftAddress.IPv4PrefixBits + (prefix ?? 32) : prefix ?? 128;
        Ipcache.Update(
            new IpcacheKey { PrefixLen = bits, Addr = addr },
            new IpcacheValue { Identity = identity, TunnelEndpoint = node is null ? 0 : Node.Number(node), Flags = flags });
    }

    internal void Unlearn(System.Net.IPNetwork prefix)
    {
        WeftAddress addr = WeftAddress.From(prefix.BaseAddress);
        Ipcache.Delete(new IpcacheKey { PrefixLen = (uint)(prefix.PrefixLength + (addr.IsIPv4 ? WeftAddress.IPv4PrefixBits : 0)), Addr = addr });
    }

    /// <summary>What an agent tells of its own node, of the other one, and of everybody else.</summary>
    internal void LearnNodes()
    {
        foreach (string address in new[] { Node.East, Node.East6, Node.Router, Node.Router6 })
        {
            WeftAddress addr = WeftAddress.Parse(address);
            Endpoints.Update(addr, new EndpointValue { Flags = EndpointFlags.Host, Identity = (uint)ReservedIdentity.Host, Id = Node.HostEndpoint });
            Learn(address, (uint)ReservedIdentity.Host, node: null);
        }

        foreach (string address in new[] { Node.West, Node.West6, Node.WestRouter, Node.WestRouter6 })
        {
            Learn(address, (uint)ReservedIdentity.RemoteNode, Node.West);
        }

        Learn("0.0.0.0", (uint)ReservedIdentity.World, node: null, prefix: 0);
        Learn("::", (uint)ReservedIdentity.World, node: null, prefix: 0);
    }

    internal Outcome FromPod(byte[] packet, SkBuffContext context = default)
    {
        Outcome outcome = Run("weft_from_pod", packet, context);
        outcome.Expect(outcome.Verdict != Verdict.Next, "a new pod's program may hang on its device twice, and would meet the packet again");
        return outcome;
    }

    internal Outcome ToOverlay(byte[] packet, SkBuffContext context = default) => Run("weft_to_overlay", packet, context);

    internal Outcome FromHost(byte[] packet, SkBuffContext context = default) => Run("weft_from_host", packet, context);

    internal Outcome FromNetdev(byte[] packet, SkBuffContext context = default) =>
        Run("weft_from_netdev", packet, context with { IfIndex = Node.NetdevIfIndex });

    internal Outcome ToNetdev(byte[] packet, SkBuffContext context = default) => Run("weft_to_netdev", packet, context);

    /// <summary>Without a tunnel key, which never happens on the overlay's device.</summary>
    internal Outcome FromOverlayBare(byte[] packet) => Run("weft_from_overlay", packet, default);

    internal Outcome FromOverlay(byte[] packet, Tunnel? tunnel = null, SkBuffContext context = default)
    {
        SetTunnel("weft_from_overlay", tunnel ?? Tunnel.From(Pod.Db));
        return Run("weft_test_decapsulated", packet, context);
    }

    /// <summary>As a packet from elsewhere in the node that has a tunnel key.</summary>
    internal Outcome ToOverlayWithKey(byte[] packet, Tunnel tunnel)
    {
        SetTunnel("weft_to_overlay", tunnel);
        return Run("weft_test_decapsulated", packet, default);
    }

    internal ulong ReadEventsLost()
    {
        ulong[] lost = new ulong[PossibleCpus.Count];
        _ = Programs.Map("weft_events_lost").AsPerCpu<uint, ulong>().TryLookup(0, lost);
        return lost.Aggregate(0UL, static (sum, count) => sum + count);
    }

    internal List<Event> ReadEvents()
    {
        List<Event> events = [];
        while (_loaded.Value.Events.TryRead(out ReadOnlySpan<byte> record))
        {
            events.Add(new Event(record.ToArray()));
        }

        return events;
    }

    public void Dispose()
    {
        if (_loaded.IsValueCreated)
        {
            _loaded.Value.Dispose();
        }
    }

    private Outcome Run(string program, byte[] packet, SkBuffContext context)
    {
        Dictionary<(DropReason, MetricDirection), MetricValue> before = Counters.Read(Programs);
        BpfTestRunResult result = _loaded.Value.Namespace.Run(() => Programs.Program(program).TestRun(packet, new() { Context = context }));
        return new Outcome(packet, result, ReadEvents(), Counters.Between(before, Counters.Read(Programs)));
    }

    private void SetTunnel(string next, Tunnel tunnel)
    {
        Programs.Map("weft_test_tunnel").As<uint, Tunnel>().Update(0, tunnel);
        Programs.Map("weft_test_next").SetProgram(0, Programs.Program(next));
    }

    internal static void Clear<TKey, TValue>(BpfMap<TKey, TValue> map)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        foreach (TKey key in map.Keys().ToArray())
        {
            _ = map.Delete(key);
        }
    }

    private sealed class LoadedMaps : IDisposable
    {
        public LoadedMaps(DatapathConfig config)
        {
            Programs = new ProgramObjects(config);
            Namespace = NodeNamespace.Create();
            Runtime = Programs.Map("weft_runtime").As<uint, DatapathRuntime>().MapMemory();
            Events = new RingBufferReader(Programs.Map("weft_events"));
        }

        public ProgramObjects Programs { get; }

        public TestNamespace Namespace { get; }

        public MappedArray<DatapathRuntime> Runtime { get; }

        public RingBufferReader Events { get; }

        public void Dispose()
        {
            Events.Dispose();
            Runtime.Dispose();
            Programs.Dispose();
            Namespace.Dispose();
        }
    }
}
