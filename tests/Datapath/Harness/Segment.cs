using System.Buffers.Binary;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;

namespace Datapath.Harness;

/// <summary>A packet of either family, named by its flow: what comes out of the datapath is the same record with what was changed.</summary>
/// <remarks>Lengths and checksums are computed anew from the fields, so a comparison proves those of the datapath.</remarks>
internal sealed record Segment(WeftAddress Source, ushort SourcePort, WeftAddress Destination, ushort DestinationPort, Carried Carried)
{
    public MacAddress FromMac { get; init; } = MacAddress.Parse("02:00:00:00:00:01");

    public MacAddress ToMac { get; init; } = MacAddress.Parse("02:00:00:00:00:02");

    public byte TimeToLive { get; init; } = 64;

    public bool DontFragment { get; init; } = true;

    public TcpFlags Flags { get; init; } = TcpFlags.Syn;

    public uint Sequence { get; init; } = 0x01020304;

    public uint Acknowledgment { get; init; }

    public ushort Window { get; init; } = 64240;

    /// <summary>Identification in the header of IPv4.</summary>
    public ushort Id { get; init; } = 0x1234;

    public int Payload { get; init; } = 24;

    private bool IsIPv4 => Source.IsIPv4;

    private bool Asks => SourcePort != 0;

    /// <summary>As a pod's eth0 sends it.</summary>
    public static Segment FromPod(Pod sender, Family family, ushort sourcePort, WeftAddress destination, ushort destinationPort, Carried carried) =>
        new(sender.On(family), sourcePort, destination, carried == Carried.Echo ? (ushort)0 : destinationPort, carried)
        {
            FromMac = sender.EthernetAddress,
            ToMac = sender.GatewayAddress,
        };

    /// <summary>From elsewhere: over the underlay, the overlay, or from the node itself.</summary>
    public static Segment Between(WeftAddress source, ushort sourcePort, WeftAddress destination, ushort destinationPort, Carried carried) =>
        new(source, sourcePort, destination, destinationPort, carried);

    /// <summary>The same flow the other way, as its other end sends it.</summary>
    public Segment Answer() => this with
    {
        Source = Destination,
        SourcePort = DestinationPort,
        Destination = Source,
        DestinationPort = SourcePort,
        FromMac = MacAddress.Parse("02:00:00:00:00:01"),
        ToMac = MacAddress.Parse("02:00:00:00:00:02"),
        Flags = TcpFlags.Syn | TcpFlags.Ack,
        TimeToLive = 64,
    };

    /// <summary>As a pod answers it.</summary>
    public Segment AnswerOf(Pod pod) => Answer() with { FromMac = pod.EthernetAddress, ToMac = pod.GatewayAddress };

    public Segment Routed() => this with { TimeToLive = (byte)(TimeToLive - 1) };

    /// <summary>As the receiving pod gets it: from its gateway's MAC to its own.</summary>
    public Segment Delivered(Pod receiver) => this with { FromMac = receiver.GatewayAddress, ToMac = receiver.EthernetAddress };

    /// <summary>The conntrack key seen from the sender, or from the receiver.</summary>
    public ConntrackKey Key(bool fromReceiver = false, ConntrackScope scope = ConntrackScope.Endpoint) => new()
    {
        Local = fromReceiver ? Destination : Source,
        Remote = fromReceiver ? Source : Destination,
        LocalPort = fromReceiver ? DestinationPort : SourcePort,
        RemotePort = fromReceiver ? SourcePort : DestinationPort,
        Proto = (byte)Protocol,
        Scope = scope,
    };

    public IPProtocol Protocol => Carried switch
    {
        Carried.Tcp => IPProtocol.Tcp,
        Carried.Echo => IsIPv4 ? IPProtocol.Icmpv4 : IPProtocol.Icmpv6,
        _ => IPProtocol.Udp,
    };

    public byte[] ToArray() => AddTo(Headers()).ToArray();

    /// <summary>From the IP header on, as an ICMP error quotes it.</summary>
    public byte[] Quoted(int length) => ToArray()[EthernetHeader.Size..(EthernetHeader.Size + length)];

    /// <summary>Cut in two after so many bytes of what the IP packet carries (a multiple of eight).</summary>
    public (byte[] First, byte[] Later) Fragments(int cut, uint id = 0x4711)
    {
        byte[] whole = ToArray();
        int headers = EthernetHeader.Size + (IsIPv4 ? IPv4Header.MinSize : IPv6Header.Size);
        return (Fragment(whole.AsMemory(headers, cut), 0, more: true, id), Fragment(whole.AsMemory(headers + cut), cut, more: false, id));
    }

    /// <summary>An IP packet of the same ends around anything else.</summary>
    public PacketBuilder Headers(IPProtocol? protocol = null)
    {
        PacketBuilder builder = new PacketBuilder().Ethernet(FromMac, ToMac);
        return IsIPv4
            ? builder.Add(IPv4() with { ProtocolOverride = protocol })
            : builder.Add(IPv6() with { NextHeader = protocol });
    }

    private IPv4Layer IPv4() =>
        new(IPv4Address.Parse(Source.ToString()), IPv4Address.Parse(Destination.ToString())) { DontFragment = DontFragment, Id = Id, TimeToLive = TimeToLive };

    private IPv6Layer IPv6() =>
        new(IPv6Address.Parse(Source.ToString()), IPv6Address.Parse(Destination.ToString())) { HopLimit = TimeToLive };

    private PacketBuilder AddTo(PacketBuilder builder) => (Carried switch
    {
        Carried.Tcp => builder.Add(new TcpLayer(SourcePort, DestinationPort, Flags) { Sequence = Sequence, Acknowledgment = Acknowledgment, Window = Window }),
        Carried.Udp => builder.Udp(SourcePort, DestinationPort),
        Carried.UdpUnchecked => builder.Add(new UdpLayer(SourcePort, DestinationPort) { Checksum = 0 }),
        _ when IsIPv4 => Asks ? builder.EchoRequest(SourcePort, 1) : builder.EchoReply(DestinationPort, 1),
        _ => builder.Add(Echo6()),
    }).Payload(Payload);

    /// <summary>The checksum of ICMPv6 covers the payload, which follows as a layer of its own; the builder takes care of that.</summary>
    private Icmpv6Layer Echo6()
    {
        byte[] body = [0, 0, 0, 1];
        BinaryPrimitives.WriteUInt16BigEndian(body, Asks ? SourcePort : DestinationPort);
        return new Icmpv6Layer(Asks ? Icmpv6Type.EchoRequest : Icmpv6Type.EchoReply, 0) { Body = body };
    }

    private byte[] Fragment(ReadOnlyMemory<byte> bytes, int offset, bool more, uint id)
    {
        PacketBuilder builder = new PacketBuilder().Ethernet(FromMac, ToMac);
        if (IsIPv4)
        {
            return builder.Add(IPv4() with
            {
                DontFragment = false,
                MoreFragments = more,
                FragmentOffset = (ushort)(offset / 8),
                Id = (ushort)id,
                ProtocolOverride = Protocol,
            }).Payload(bytes).ToArray();
        }

        byte[] header = [(byte)Protocol, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(offset | (more ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), id);
        return builder.Add(IPv6() with { NextHeader = IPProtocol.Fragment }).Payload(header).Payload(bytes).ToArray();
    }
}
