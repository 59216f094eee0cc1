using Weft.Abi;
using Weft.Events.Hops;

namespace Weft.Events;

/// <summary>Gathers the events of several nodes by packet while they come in.</summary>
/// <remarks>
/// A packet is known again by what nobody changes in it (<see cref="PacketIdentity"/>) and by its flow; where a node translates it, by the CPU
/// that worked on it a moment before. It is handed out a while after its end was seen, because other nodes may still have to tell, or when
/// nothing more was heard of it. Holds at most <see cref="MaxPackets"/>; the oldest is handed out early. Not thread-safe.
/// </remarks>
public sealed class PacketJoiner(TimeProvider clock)
{
    /// <summary>Packets under way at a time.</summary>
    public const int MaxPackets = 16384;

    /// <summary>Events of one packet: one that goes round is told in parts.</summary>
    private const int MaxEvents = 32;

    /// <summary>Between two programs on one CPU that work on one packet, in nanoseconds.</summary>
    private const ulong SameWork = 2_000_000;

    /// <summary>How long after its end a packet waits for what other nodes have to tell.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a packet whose end was not seen waits for it.</summary>
    public static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(PacketIdentity, FlowKey), Pending> _byFlow = [];
    private readonly Dictionary<(string Node, ushort Cpu), Pending> _byCpu = [];
    private readonly LinkedList<Pending> _pending = new();
    private readonly List<JoinedPacket> _done = [];
    private readonly Dictionary<string, string> _bootIds = [];

    private sealed class Pending(PacketIdentity? identity, long began)
    {
        public PacketIdentity? Identity => identity;

        public long LastHeard { get; set; } = began;

        public List<Sighting> Seen { get; } = [];

        public List<FlowKey> Flows { get; } = [];

        public bool IsFinished { get; set; }

        public bool IsOut { get; set; }
    }

    /// <summary>Tells which kernel a node runs: nodes of one kernel have one clock.</summary>
    public void LearnBootId(string node, string bootId) => _bootIds[node] = bootId;

    public void Add(Sighting seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        PacketIdentity? identity = PacketIdentity.Of(seen);
        FlowKey? flow = seen.Facts.Flow;
        Pending? packet = identity is null || flow is null ? null : Known(identity, flow, seen);
        if (packet is not null && (packet.Seen.Count >= MaxEvents || BeginsAgain(packet, seen)))
        {
            HandOut(packet);
            packet = null;
        }

        packet ??= Begin(identity);
        packet.Seen.Add(seen);
        packet.LastHeard = clock.GetTimestamp();
        packet.IsFinished |= IsEnd(seen);
        _byCpu[(seen.Node, seen.Cpu)] = packet;
        if (identity is not null && flow is not null && _byFlow.TryAdd((identity, flow), packet))
        {
            packet.Flows.Add(flow);
        }
    }

    /// <summary>The packets that are done, or all of them, in the order in which they began.</summary>
    public IReadOnlyList<JoinedPacket> Take(bool all = false)
    {
        for (LinkedListNode<Pending>? node = _pending.First; node is not null;)
        {
            Pending packet = node.Value;
            node = node.Next;
            TimeSpan quiet = clock.GetElapsedTime(packet.LastHeard);
            if (all || quiet >= (packet.IsFinished ? Settle : GiveUp))
            {
                HandOut(packet);
            }
        }

        JoinedPacket[] done = [.. _done];
        _done.Clear();
        return done;
    }

    private Pending? Known(PacketIdentity identity, FlowKey flow, Sighting seen)
    {
        if (_byFlow.TryGetValue((identity, flow), out Pending? packet))
        {
            return packet;
        }

        return _byCpu.TryGetValue((seen.Node, seen.Cpu), out Pending? before) && !before.IsOut && before.Identity == identity && seen.Time - before.Seen[^1].Time < SameWork
            ? before
            : null;
    }

    /// <summary>A sender sends the same again: it is another packet.</summary>
    private static bool BeginsAgain(Pending packet, Sighting seen) =>
        seen.Program?.Point is TracePoint.FromEndpoint or TracePoint.FromHost && packet.Seen.Any(before => before.Node == seen.Node && before.Program?.Point == seen.Program.Point);

    private Pending Begin(PacketIdentity? identity)
    {
        if (_pending.Count >= MaxPackets)
        {
            HandOut(_pending.First!.Value);
        }

        return _pending.AddLast(new Pending(identity, clock.GetTimestamp())).Value;
    }

    /// <summary>What is handed to the node's stack may come back; what left by the underlay without a tunnel does not.</summary>
    private static bool IsEnd(Sighting seen) => seen.Program is { Drop: not null } or { Point: TracePoint.ToEndpoint or TracePoint.ToHost or TracePoint.ToProxy }
        || (seen.Program is { Point: TracePoint.ToNetwork } && seen.Facts.Vni is null);

    private void HandOut(Pending packet)
    {
        if (packet.IsOut)
        {
            return;
        }

        packet.IsOut = true;
        _pending.Remove(packet);
        foreach (FlowKey flow in packet.Flows)
        {
            _byFlow.Remove((packet.Identity!, flow));
        }

        string[] nodes = [.. packet.Seen.Select(seen => seen.Node).Distinct()];
        bool oneClock = nodes.Length == 1 || (nodes.Select(node => _bootIds.GetValueOrDefault(node)).Distinct().ToArray() is [{ Length: > 0 }]);
        IReadOnlyList<Sighting> seen = oneClock ? [.. packet.Seen.OrderBy(sighting => sighting.Time)] : InOrderOfNodes(packet.Seen);
        _done.Add(new JoinedPacket(seen, packet.IsFinished, oneClock));
    }

    /// <summary>Without a common clock: the node where it began is the one that did not get it from the underlay.</summary>
    private static IReadOnlyList<Sighting> InOrderOfNodes(List<Sighting> seen) =>
    [
        .. seen.GroupBy(sighting => sighting.Node)
            .OrderBy(node => node.Any(sighting => sighting.Program?.Point is TracePoint.FromNetwork or TracePoint.FromOverlay) ? 1 : 0)
            .SelectMany(node => node.OrderBy(sighting => sighting.Time)),
    ];
}
