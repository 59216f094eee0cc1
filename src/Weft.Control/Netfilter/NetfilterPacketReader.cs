using System.Buffers;
using System.Text;
using Weft.Api.Tracing;
using Weft.Linux;
using Weft.Netlink.Netfilter.Tracing;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Control.Netfilter;

/// <summary>Reads the headers that the kernel gives with a trace step.</summary>
internal static class NetfilterPacketReader
{
    private const int IPv4Version = 4;

    /// <param name="nameOf">Of a device by its index.</param>
    /// <returns>Null: the step has none.</returns>
    public static NetfilterPacket? Read(TraceStep step, ushort tunnelPort, Func<IfIndex, string?> nameOf)
    {
        if (!step.HasHeaders)
        {
            return null;
        }

        NetfilterPacket packet = Describe(Join(step.NetworkHeader.Span, step.TransportHeader.Span), tunnelPort);
        return packet with
        {
            In = step.In is { } from ? nameOf(from) : null,
            InIndex = step.In?.Value,
            Out = step.Out is { } to ? nameOf(to) : null,
            OutIndex = step.Out?.Value,
        };
    }

    /// <summary>The IP header alone, and then what comes after it: the kernel's pieces overlap.</summary>
    private static byte[] Join(ReadOnlySpan<byte> network, ReadOnlySpan<byte> transport)
    {
        if (network.IsEmpty)
        {
            return [];
        }

        int header = network[0] >> 4 == IPv4Version ? (network[0] & 0xf) * sizeof(uint) : IPv6Header.Size;
        return [.. network[..Math.Min(header, network.Length)], .. transport];
    }

    private static NetfilterPacket Describe(byte[] bytes, ushort tunnelPort)
    {
        NetfilterPacket packet = new() { Summary = "" };
        LayerReader layers = new(bytes, FirstLayer(bytes), tunnelPort);
        while (packet.Vni is null && layers.Next())
        {
            packet = With(packet, layers);
        }

        return packet with { Summary = packet.Vni is { } vni ? TunnelSummary(packet, vni) : Summary(bytes) };
    }

    private static NetfilterPacket With(NetfilterPacket packet, LayerReader layer)
    {
        if (layer.IsQuoted)
        {
            return packet;
        }

        switch (layer.Kind)
        {
            case LayerKind.IPv4 when IPv4Header.TryParse(layer.Data, out IPv4Header header):
                return packet with
                {
                    Source = header.Source.ToString(),
                    Destination = header.Destination.ToString(),
                    Protocol = (int)header.Protocol,
                    IpId = header.Id,
                    Ttl = header.TimeToLive,
                    Length = header.TotalLength,
                };
            case LayerKind.IPv6 when IPv6Header.TryParse(layer.Data, out IPv6Header header):
                return packet with
                {
                    Source = header.Source.ToString(),
                    Destination = header.Destination.ToString(),
                    Protocol = (int)header.NextHeader,
                    Ttl = header.HopLimit,
                    Length = header.PayloadLength + IPv6Header.Size,
                };
            case LayerKind.Tcp when TcpHeader.TryParse(layer.Data, out TcpHeader header):
                return packet with { SourcePort = header.SourcePort, DestinationPort = header.DestinationPort };
            case LayerKind.Udp when UdpHeader.TryParse(layer.Data, out UdpHeader header):
                return packet with { SourcePort = header.SourcePort, DestinationPort = header.DestinationPort };
            case LayerKind.Vxlan when VxlanHeader.TryParse(layer.Data, out VxlanHeader header):
                return packet with { Vni = header.Vni };
            default:
                return packet;
        }
    }

    // The kernel gives no more than the VXLAN header.
    private static string TunnelSummary(NetfilterPacket packet, uint vni) =>
        $"{packet.Source}:{packet.SourcePort} -> {packet.Destination}:{packet.DestinationPort} udp vxlan vni {vni}";

    private static string Summary(byte[] bytes)
    {
        ArrayBufferWriter<byte> text = new();
        PacketSummary.Write(new LayerReader(bytes, FirstLayer(bytes)), new Utf8Output(text));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static LayerKind FirstLayer(byte[] bytes) =>
        bytes.Length > 0 && bytes[0] >> 4 == IPv4Version ? LayerKind.IPv4 : LayerKind.IPv6;
}
