using Weft.Abi;

namespace Weft.Events.Hops;

/// <summary>Joins what several nodes saw to the ways of single packets.</summary>
/// <remarks>
/// A packet is known again by its flow and by what nobody changes in it (<see cref="PacketIdentity"/>). Where a node translates it, the flow
/// changes: the packet's address in the kernel, or what a program saw of it on the same CPU, ties the new flow to the old one, and every
/// later packet is found by either.
/// </remarks>
public sealed class HopJoiner
{
    private static readonly string[] s_plumbing =
    [
        "bpf_", "__bpf_", "__traceiter_", "trace_", "consume_skb", "kfree_skb", "sk_skb_reason_drop", "skb_release", "__kfree_skb", "kfree_skbmem",
        "__consume_", "napi_consume", "skb_free", "__skb_free", "dev_kfree_skb",
    ];

    private readonly Dictionary<FlowKey, Side> _sides = [];
    private readonly Dictionary<(string Node, ulong Skb), Known> _bySkb = [];
    private readonly Dictionary<(string Node, ushort Cpu), Known> _byCpu = [];
    private readonly ClockAlignment _clocks;
    private int _conversations;

    private HopJoiner(ClockAlignment clocks) => _clocks = clocks;

    private sealed record Known(Side Side, PacketIdentity? Identity);

    /// <param name="Conversation">Number of the flow with all that it is translated to.</param>
    private readonly record struct Side(int Conversation, bool IsRequest)
    {
        public Side Other => this with { IsRequest = !IsRequest };
    }

    /// <summary>The ways of all packets of one flow, by the time at which each was seen first.</summary>
    /// <param name="sightings">Of all nodes, in any order.</param>
    /// <param name="isRequest">Whether a packet is one that begins the flow; what follows from it is found out.</param>
    public static IReadOnlyList<PacketWay> Join(IReadOnlyCollection<Sighting> sightings, ClockAlignment clocks, Func<FlowKey, bool> isRequest)
    {
        ArgumentNullException.ThrowIfNull(sightings);
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentNullException.ThrowIfNull(isRequest);
        long begin = sightings.Select(clocks.Align).DefaultIfEmpty().Min();
        return new HopJoiner(clocks).Join(sightings, begin, flow => isRequest(flow) ? 0 : null).SingleOrDefault() ?? [];
    }

    /// <summary>The ways of all packets by the flows that they are of; who is seen first of a flow asks, the other one answers.</summary>
    /// <param name="sightings">Of all nodes, in any order.</param>
    /// <param name="begin">On the first node's clock in nanoseconds: hops' times count from there.</param>
    public static IReadOnlyList<IReadOnlyList<PacketWay>> JoinAll(IReadOnlyCollection<Sighting> sightings, ClockAlignment clocks, long begin)
    {
        ArgumentNullException.ThrowIfNull(sightings);
        ArgumentNullException.ThrowIfNull(clocks);
        HopJoiner joiner = new(clocks);
        return joiner.Join(sightings, begin, _ => joiner._conversations++);
    }

    private List<List<PacketWay>> Join(IReadOnlyCollection<Sighting> sightings, long begin, Func<FlowKey, int?> conversationOf)
    {
        Dictionary<(int Conversation, WayDirection Direction, PacketIdentity Identity), List<Sighting>> packets = [];
        foreach (Sighting seen in sightings.OrderBy(_clocks.Align))
        {
            if (Classify(seen, conversationOf) is { } way && PacketIdentity.Of(seen) is { } identity)
            {
                (int, WayDirection, PacketIdentity) key = (way.Conversation, way.Direction, identity);
                (packets.TryGetValue(key, out List<Sighting>? list) ? list : packets[key] = []).Add(seen);
            }
        }

        return
        [
            .. packets.GroupBy(packet => packet.Key.Conversation).Select(conversation => conversation
                .Select(packet => new PacketWay(packet.Key.Direction, Build(packet.Value, begin)))
                .Where(way => way.Hops.Count > 0).OrderBy(way => way.Hops[0].Time).ToList()),
        ];
    }

    private (int Conversation, WayDirection Direction)? Classify(Sighting seen, Func<FlowKey, int?> conversationOf)
    {
        if (seen.Facts.Flow is not { } flow)
        {
            return null;
        }

        PacketIdentity? identity = PacketIdentity.Of(seen);
        if (!_sides.TryGetValue(flow, out Side side))
        {
            Known? known = seen.Skb != 0 && _bySkb.TryGetValue((seen.Node, seen.Skb), out Known? same) && same.Identity == identity ? same
                : _byCpu.TryGetValue((seen.Node, seen.Cpu), out Known? before) && before.Identity == identity ? before : null;
            if (known is not null)
            {
                side = known.Side;
            }
            else if (conversationOf(flow) is { } conversation)
            {
                side = new Side(conversation, IsRequest: true);
            }
            else
            {
                return null;
            }

            _sides[flow] = side;
            _sides.TryAdd(flow.Reverse, side.Other);
        }

        Known now = new(side, identity);
        _byCpu[(seen.Node, seen.Cpu)] = now;
        if (seen.Skb != 0)
        {
            _bySkb[(seen.Node, seen.Skb)] = now;
        }

        return (side.Conversation, seen.Facts.Quoted is null
            ? side.IsRequest ? WayDirection.Request : WayDirection.Reply
            : side.IsRequest ? WayDirection.ErrorAboutRequest : WayDirection.ErrorAboutReply);
    }

    private List<Hop> Build(List<Sighting> seen, long begin)
    {
        List<Hop> hops = [];
        foreach (Sighting sighting in seen)
        {
            Add(hops, sighting, _clocks.Align(sighting) - begin);
        }

        EndOnce(hops);
        for (int index = 1; index < hops.Count; index++)
        {
            hops[index] = hops[index] with { Delta = FactsDelta.Between(hops[index - 1].Seen.Facts, hops[index].Seen.Facts) };
        }

        return hops;
    }

    private void Add(List<Hop> hops, Sighting seen, long time)
    {
        HopKind kind = KindOf(seen);
        Hop? last = hops.Count > 0 ? hops[^1] : null;
        if ((kind is HopKind.Kernel && IsTap(seen)) || IsCopy(seen) || IsOthers(last, seen))
        {
            return;
        }

        seen = seen.Program is not null && last?.Seen.Node == seen.Node ? seen with { Device = seen.Program.Device ?? last.Seen.Device } : seen;
        Hop hop = new() { Time = time, Seen = seen, Kind = kind, Namespace = seen.Namespace ?? LastNamespace(last, kind), Function = FunctionOf(hops, seen, kind) };
        bool isSamePlace = last is not null && last.Kind == kind && last.Seen.Node == seen.Node && last.Seen.Device == seen.Device && last.Namespace == hop.Namespace;
        if (isSamePlace && (kind is HopKind.Send or HopKind.Receive))
        {
            // A queue and the driver behind it, a backlog and its reader: one device, where the later tracepoint knows more.
            hops[^1] = hop with { Time = last!.Time };
        }
        else if (kind == HopKind.KernelDrop && last is { Kind: HopKind.ProgramDrop } && last.Seen.Node == seen.Node)
        {
            // The kernel frees what the program dropped.
        }
        else
        {
            hops.Add(hop);
        }
    }

    /// <summary>The node frees a packet at more than one place; only the last can be where it did its work, and only if nobody read it.</summary>
    private static void EndOnce(List<Hop> hops)
    {
        int last = hops.FindLastIndex(hop => hop.Kind != HopKind.Kernel);
        bool isTaken = hops.Any(hop => hop.Kind == HopKind.Socket || hop.IsDrop);
        int kept = !isTaken && hops.Count > 0 && hops[^1].Kind == HopKind.Kernel && (last < 0 || hops[last].Kind != HopKind.Send) ? hops.Count - 1 : -1;
        for (int index = hops.Count - 1; index >= 0; index--)
        {
            if (hops[index].Kind == HopKind.Kernel && index != kept)
            {
                hops.RemoveAt(index);
            }
        }
    }

    private static HopKind KindOf(Sighting seen) => seen.Point switch
    {
        HopPoint.Queue or HopPoint.Transmit => HopKind.Send,
        HopPoint.Receive or HopPoint.Rx or HopPoint.Deliver => HopKind.Receive,
        HopPoint.NotSent => HopKind.NotSent,
        HopPoint.Drop => HopKind.KernelDrop,
        HopPoint.Socket => HopKind.Socket,
        HopPoint.Consumed or HopPoint.Function => HopKind.Kernel,
        _ => seen.Program?.Drop is null ? HopKind.Program : HopKind.ProgramDrop,
    };

    /// <summary>Copies for who listens on a device are freed too.</summary>
    private static bool IsTap(Sighting seen) => seen.Stack.Any(function => function.Contains("packet_rcv", StringComparison.Ordinal));

    /// <summary>An echo reply is for raw sockets, which got copies, when the kernel's ping sockets know nothing of it.</summary>
    private static bool IsCopy(Sighting seen) =>
        seen.Point == HopPoint.Drop && seen.Facts is { EchoSequence: not null, IsEchoRequest: false } && seen.Stack.Any(function => function == "ping_rcv");

    /// <summary>A packet that lost its device is everybody's on a kernel that is several nodes: it is where it was before.</summary>
    private bool IsOthers(Hop? last, Sighting seen) => seen is { Program: null, Namespace: null, Device: null }
        && last is not null && last.Seen.Node != seen.Node && _clocks.IsOneClock(last.Seen.Node, seen.Node);

    private static string? LastNamespace(Hop? last, HopKind kind) => kind is HopKind.Kernel or HopKind.Socket or HopKind.KernelDrop
        ? last?.Seen.Program?.Receiver ?? last?.Namespace
        : null;

    /// <summary>The function of the kernel that had the packet, past those that only free it or call tracepoints; null: no stack was asked for.</summary>
    public static string? CallerOf(Sighting seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return seen.Stack.FirstOrDefault(function => !s_plumbing.Any(prefix => function.StartsWith(prefix, StringComparison.Ordinal)));
    }

    private static string? FunctionOf(List<Hop> hops, Sighting seen, HopKind kind) => kind switch
    {
        HopKind.Program or HopKind.ProgramDrop => ProgramOf(hops, seen),
        HopKind.KernelDrop or HopKind.Kernel => CallerOf(seen),
        HopKind.Socket => seen.Process,
        _ => null,
    };

    /// <summary>An event says where a packet passed; which program that is follows from it, or from the device that it came from.</summary>
    private static string? ProgramOf(List<Hop> hops, Sighting seen)
    {
        Hop? before = hops.FindLast(hop => hop.Seen.Node == seen.Node && hop.Kind is HopKind.Program or HopKind.Receive or HopKind.Send);
        bool leaves = before is { Kind: HopKind.Program, Seen.Program.Point: TracePoint.ToOverlay };
        return seen.Program?.Point switch
        {
            TracePoint.FromEndpoint => "weft_from_pod",
            TracePoint.FromHost => "weft_from_host",
            TracePoint.FromOverlay => "weft_from_overlay",
            TracePoint.FromNetwork => "weft_from_netdev",
            TracePoint.ToOverlay when leaves => "weft_to_overlay",
            TracePoint.ToNetwork when seen.Facts.Vni is not null || before is null or { Kind: HopKind.Send } or { Seen.Program.Point: TracePoint.ToNetwork } => "weft_to_netdev",
            _ => before?.Kind == HopKind.Program ? before.Function : DeviceProgram(before?.Seen.Device),
        };
    }

    private static string? DeviceProgram(string? device) => device switch
    {
        null => null,
        "weft_vxlan" => "weft_from_overlay",
        "weft_net" => "weft_from_host",
        _ when device.StartsWith("lxc", StringComparison.Ordinal) => "weft_from_pod",
        _ => "weft_from_netdev",
    };
}
