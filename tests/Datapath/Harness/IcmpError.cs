using System.Buffers.Binary;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;

namespace Datapath.Harness;

/// <summary>An ICMP error of either family, built by other code than the datapath's.</summary>
/// <param name="Rest">The last half of the header: an MTU where there is one.</param>
internal sealed record IcmpError(byte Type, byte Code, ushort Rest = 0)
{
    /// <summary>What the datapath quotes at most.</summary>
    public const int Quote = 128;

    /// <summary>Who says so; by default the destination of the packet.</summary>
    private WeftAddress Sender { get; init; }

    public static IcmpError TimeExceeded(Family family) => family == Family.IPv4
        ? new((byte)IcmpType.TimeExceeded, 0)
        : new((byte)Icmpv6Type.TimeExceeded, 0);

    public static IcmpError TooBig(Family family, ushort mtu) => family == Family.IPv4
        ? new((byte)IcmpType.DestinationUnreachable, 4, mtu)
        : new((byte)Icmpv6Type.PacketTooBig, 0, mtu);

    public static IcmpError PortUnreachable(Family family) => family == Family.IPv4
        ? new((byte)IcmpType.DestinationUnreachable, 3)
        : new((byte)Icmpv6Type.DestinationUnreachable, 4);

    public static IcmpError NoRoute(Family family) => family == Family.IPv4
        ? new((byte)IcmpType.DestinationUnreachable, 0)
        : new((byte)Icmpv6Type.DestinationUnreachable, 0);

    public IcmpError From(WeftAddress sender) => this with { Sender = sender };

    /// <summary>The answer that the sender of a packet gets: back by the way that it came.</summary>
    public byte[] About(Segment packet)
    {
        byte[] whole = packet.ToArray()[EthernetHeader.Size..];
        return Build(Envelope(packet) with { FromMac = packet.ToMac, ToMac = packet.FromMac }, whole[..Math.Min(whole.Length, Quote)], internetControl: true);
    }

    /// <summary>An error on its way, that quotes these bytes.</summary>
    public byte[] Quoting(Segment envelope, byte[] quote) => Build(envelope, quote, internetControl: false);

    private Segment Envelope(Segment packet) =>
        new(Sender.IsNone ? packet.Destination : Sender, 0, packet.Source, 0, Carried.Echo);

    private byte[] Build(Segment envelope, byte[] quote, bool internetControl)
    {
        PacketBuilder builder = new PacketBuilder().Ethernet(envelope.FromMac, envelope.ToMac);
        if (envelope.Source.IsIPv4)
        {
            IPv4Layer ip = new(IPv4Address.Parse(envelope.Source.ToString()), IPv4Address.Parse(envelope.Destination.ToString()))
            {
                TypeOfService = internetControl ? (byte)0xc0 : (byte)0,
                DontFragment = true,
                TimeToLive = envelope.TimeToLive,
            };
            return builder.Add(ip).Icmp((IcmpType)Type, Code, Rest).Payload(quote).ToArray();
        }

        byte[] body = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(2), Rest);
        IPv6Layer ip6 = new(IPv6Address.Parse(envelope.Source.ToString()), IPv6Address.Parse(envelope.Destination.ToString())) { HopLimit = envelope.TimeToLive };
        return builder.Add(ip6).Add(new Icmpv6Layer((Icmpv6Type)Type, Code) { Body = body }).Payload(quote).ToArray();
    }
}
