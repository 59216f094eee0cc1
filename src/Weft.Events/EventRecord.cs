using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Packets;

namespace Weft.Events;

/// <summary>One record of the ring buffer <c>weft_events</c>, in place: nothing is copied.</summary>
/// <remarks>
/// Of <see cref="Drop"/>, <see cref="Debug"/>, <see cref="Trace"/>, <see cref="Capture"/> and <see cref="Policy"/> the one that
/// <see cref="Type"/> names is there; the others throw.
/// </remarks>
public readonly ref struct EventRecord
{
    private readonly ReadOnlySpan<byte> _bytes;

    private EventRecord(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> packet)
    {
        _bytes = bytes;
        Packet = packet;
        Header = MemoryMarshal.Read<EventHeader>(bytes);
    }

    public EventHeader Header { get; }

    public EventType Type => Header.Type;

    /// <summary>The captured bytes, from the Ethernet header on unless <see cref="TraceFlags.L3Device"/>; empty for debug messages.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    public DropRecord Drop => Read<DropRecord>(EventType.Drop);

    public DebugRecord Debug => Read<DebugRecord>(EventType.Debug);

    public TraceRecord Trace => Read<TraceRecord>(EventType.Trace);

    public CaptureRecord Capture => Read<CaptureRecord>(EventType.Capture);

    public PolicyRecord Policy => Read<PolicyRecord>(EventType.Policy);

    /// <summary>Endpoint that the packet goes to, as far as the event says; 0: unknown.</summary>
    public ushort DestinationId => Type switch
    {
        EventType.Drop => Drop.DstId,
        EventType.Trace => Trace.DstId,
        EventType.Policy when EntersEndpoint => Header.Source,
        _ => 0,
    };

    /// <summary>Endpoint that the packet comes from, as far as the event says; 0: unknown. What an endpoint gets makes events of that one.</summary>
    public ushort SenderId => Header.Source == DestinationId ? (ushort)0 : Header.Source;

    /// <summary>Device that the event is of; 0: none, or of a debug message.</summary>
    public uint IfIndex => Type switch
    {
        EventType.Drop => Drop.IfIndex,
        EventType.Trace => Trace.IfIndex,
        EventType.Capture => Capture.Arg1,
        EventType.Policy => Policy.IfIndex,
        _ => 0,
    };

    /// <summary>Identities of both ends, as far as the event says; 0: unknown.</summary>
    public (uint Source, uint Destination) Identities => Type switch
    {
        EventType.Drop => (Drop.SrcIdentity, Drop.DstIdentity),
        EventType.Trace => (Trace.SrcIdentity, Trace.DstIdentity),
        EventType.Policy => EntersEndpoint ? (Policy.Peer, 0) : (0, Policy.Peer),
        _ => (0, 0),
    };

    /// <summary>Bytes of the packet, those that were not captured among them; 0 of a debug message.</summary>
    public uint LengthOnWire => Type switch
    {
        EventType.Drop => Drop.LenOrig,
        EventType.Trace => Trace.LenOrig,
        EventType.Capture => Capture.LenOrig,
        EventType.Policy => Policy.LenOrig,
        _ => 0,
    };

    /// <summary>A reader of the captured bytes that begins with the header that they begin with.</summary>
    /// <param name="vxlanPort">UDP destination port of the overlay.</param>
    public LayerReader Layers(ushort vxlanPort = VxlanHeader.LinuxPort) => new(Packet, FirstLayer, vxlanPort);

    /// <summary>The header that the captured bytes begin with.</summary>
    public LayerKind FirstLayer => Type != EventType.Trace || (Trace.Flags & TraceFlags.L3Device) == 0 ? LayerKind.Ethernet
        : (Trace.Flags & TraceFlags.IPv6) != 0 ? LayerKind.IPv6 : LayerKind.IPv4;

    /// <summary>Fails where the bytes are too few for what they say they are. Unknown types succeed, with the header only.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out EventRecord record)
    {
        record = default;
        if (bytes.Length < Unsafe.SizeOf<EventHeader>())
        {
            return false;
        }

        int size = (EventType)bytes[0] switch
        {
            EventType.Drop => Unsafe.SizeOf<DropRecord>(),
            EventType.Debug => Unsafe.SizeOf<DebugRecord>(),
            EventType.Trace => Unsafe.SizeOf<TraceRecord>(),
            EventType.Capture => Unsafe.SizeOf<CaptureRecord>(),
            EventType.Policy => Unsafe.SizeOf<PolicyRecord>(),
            _ => Unsafe.SizeOf<EventHeader>(),
        };
        if (bytes.Length < size)
        {
            return false;
        }

        int captured = (EventType)bytes[0] switch
        {
            EventType.Drop => MemoryMarshal.Read<DropRecord>(bytes).LenCap,
            EventType.Trace => MemoryMarshal.Read<TraceRecord>(bytes).LenCap,
            EventType.Capture => MemoryMarshal.Read<CaptureRecord>(bytes).LenCap,
            EventType.Policy => MemoryMarshal.Read<PolicyRecord>(bytes).LenCap,
            _ => 0,
        };
        if (bytes.Length - size < captured)
        {
            return false;
        }

        record = new EventRecord(bytes, bytes.Slice(size, captured));
        return true;
    }

    /// <summary>Of a policy verdict, which tells the direction of the flow: whether this packet of it goes to the endpoint.</summary>
    private bool EntersEndpoint => (Policy.Direction == MetricDirection.Ingress) != IsAnswer();

    /// <summary>A flow is judged by an answer where the policy changed, or its entry was lost, since it began.</summary>
    private bool IsAnswer()
    {
        ushort port = Policy.Port;
        for (LayerReader layers = Layers(); layers.Next();)
        {
            switch (layers.Kind)
            {
                case LayerKind.Tcp or LayerKind.Udp or LayerKind.Sctp:
                    return BinaryPrimitives.ReadUInt16BigEndian(layers.Data) == port && BinaryPrimitives.ReadUInt16BigEndian(layers.Data[2..]) != port;
                case LayerKind.Icmpv4 or LayerKind.Icmpv6:
                    return layers.Data[0] != port;
            }
        }

        return false;
    }

    private T Read<T>(EventType type)
        where T : struct => Type == type
            ? MemoryMarshal.Read<T>(_bytes)
            : throw new InvalidOperationException($"the event is a {Type}, not a {type}");
}
