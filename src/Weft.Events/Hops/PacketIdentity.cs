using Weft.Packets;

namespace Weft.Events.Hops;

/// <summary>What routers, tunnels and translation leave alone in a packet, so that it is known again elsewhere.</summary>
/// <param name="Number">TCP: sequence numbers; ICMP echo: the sequence; UDP: a hash of the first bytes behind its header.</param>
/// <param name="Kind">TCP: the flags; ICMP: the type; an error about a packet is not the packet.</param>
public sealed record PacketIdentity(IPProtocol Protocol, ulong Number, string Kind)
{
    /// <summary>Bytes of a datagram that make its hash.</summary>
    private const int HashedBytes = 16;

    /// <summary>Null: the packet's bytes do not say enough.</summary>
    public static PacketIdentity? Of(Sighting seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        PacketFacts facts = seen.Facts;
        if (facts.Quoted is { } quoted)
        {
            return Of(quoted, seen) is { } about ? about with { Kind = $"{facts.Icmp} about {about.Kind}" } : null;
        }

        return Of(facts, seen);
    }

    private static PacketIdentity? Of(PacketFacts facts, Sighting seen) => facts.Protocol switch
    {
        IPProtocol.Tcp when facts.TcpSequence is { } sequence =>
            new(IPProtocol.Tcp, ((ulong)sequence << 32) | (facts.TcpAcknowledgment ?? 0), facts.TcpFlagsText),
        IPProtocol.Icmpv4 or IPProtocol.Icmpv6 when facts.EchoSequence is { } sequence =>
            new(facts.Protocol.Value, (ulong)sequence, facts.IsEchoRequest ? "request" : "reply"),
        IPProtocol.Udp when facts.SourcePort is not null => new(IPProtocol.Udp, HashOf(seen), ""),
        _ => null,
    };

    /// <summary>FNV-1a of what follows the innermost UDP header.</summary>
    private static ulong HashOf(Sighting seen)
    {
        LayerReader layers = new(seen.Bytes.Span, seen.HasEthernet ? LayerKind.Ethernet : seen.Bytes.Span is [>= 0x60 and < 0x70, ..] ? LayerKind.IPv6 : LayerKind.IPv4);
        ReadOnlySpan<byte> payload = default;
        while (layers.Next())
        {
            if (layers.Kind == LayerKind.Udp && UdpHeader.TryParse(layers.Data, out UdpHeader udp))
            {
                payload = udp.Payload;
            }
        }

        ulong hash = 0xcbf29ce484222325;
        foreach (byte value in payload[..Math.Min(payload.Length, HashedBytes)])
        {
            hash = (hash ^ value) * 0x100000001b3;
        }

        return hash;
    }
}
