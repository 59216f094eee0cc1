using System.Buffers.Binary;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Events;

/// <content>
/// <c>summary</c>: a line for every layer by its name, and who to whom on each level. What an application says is <c>l7</c>. The frame inside a tunnel (or what follows
/// any header that occurs again) is an object of the same form in <c>inner</c>, the packet that an ICMP error is about one in <c>quoted</c>.
/// </content>
public sealed partial class EventJsonFormatter
{
    private void WritePacket(in EventRecord record)
    {
        LayerReader layers = record.Layers(_names.TunnelPort);
        uint? vni = null;
        int depth = 1;
        int seen = 0;
        bool quoted = false;
        _json.WriteStartObject("summary"u8);
        for (; layers.Next(); seen |= NameBit(layers.Kind))
        {
            bool quoteBegins = layers.IsQuoted && !quoted;
            if (quoteBegins || (seen & NameBit(layers.Kind)) != 0)
            {
                _json.WriteStartObject(quoteBegins ? "quoted"u8 : "inner"u8);
                quoted |= quoteBegins;
                seen = 0;
                depth++;
            }

            WriteLayer(layers);
            if (layers.Kind is LayerKind.Vxlan or LayerKind.Geneve or LayerKind.Gre)
            {
                vni ??= VxlanHeader.TryParse(layers.Data, out VxlanHeader vxlan) && layers.Kind == LayerKind.Vxlan ? vxlan.Vni : null;
                seen = ~0;
            }
        }

        while (depth-- > 0)
        {
            _json.WriteEndObject();
        }

        if (vni is uint identifier)
        {
            _json.WriteNumber("vni"u8, identifier);
        }
    }

    /// <summary>A bit for every kind that shares names with no other: both IP versions write <c>l3</c>, all transports <c>l4</c>.</summary>
    private static int NameBit(LayerKind kind) => 1 << (int)(kind switch
    {
        LayerKind.IPv6 => LayerKind.IPv4,
        LayerKind.Udp or LayerKind.Sctp => LayerKind.Tcp,
        _ => kind,
    });

    private void WriteLayer(in LayerReader layers)
    {
        LayerText.Write(layers, Scratch);
        WriteScratch(NameOf(layers));
        switch (layers.Kind)
        {
            case LayerKind.Ethernet when EthernetHeader.TryParse(layers.Data, out EthernetHeader ethernet):
                WriteEnds("l2"u8, ethernet.Source, ethernet.Destination);
                break;
            case LayerKind.IPv4 when IPv4Header.TryParse(layers.Data, out IPv4Header ipv4):
                WriteEnds("l3"u8, ipv4.Source, ipv4.Destination);
                break;
            case LayerKind.IPv6 when IPv6Header.TryParse(layers.Data, out IPv6Header ipv6):
                WriteEnds("l3"u8, ipv6.Source, ipv6.Destination);
                break;
            case LayerKind.Tcp or LayerKind.Udp or LayerKind.Sctp:
                WriteEnds("l4"u8, BinaryPrimitives.ReadUInt16BigEndian(layers.Data), BinaryPrimitives.ReadUInt16BigEndian(layers.Data[2..]));
                break;
            case LayerKind application when ApplicationText.IsApplication(application):
                _json.WriteStartObject("l7"u8);
                _json.WriteString("type"u8, ApplicationText.NameOf(application));
                ApplicationText.Write(application, layers.Data, layers.IsTruncated || layers.IsQuoted, Scratch);
                WriteScratch("summary"u8);
                _json.WriteEndObject();
                break;
        }
    }

    private void WriteEnds<T>(ReadOnlySpan<byte> level, T source, T destination)
        where T : IUtf8SpanFormattable
    {
        _json.WriteStartObject(level);
        Scratch.Write(source, default);
        WriteScratch("src"u8);
        Scratch.Write(destination, default);
        WriteScratch("dst"u8);
        _json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> NameOf(in LayerReader layers) => layers.Kind switch
    {
        LayerKind.Ethernet => "ethernet"u8,
        LayerKind.Vlan => "dot1q"u8,
        LayerKind.Arp => "arp"u8,
        LayerKind.IPv4 => "ipv4"u8,
        LayerKind.IPv6 => "ipv6"u8,
        LayerKind.IPv6Extension => "ipv6extension"u8,
        LayerKind.Icmpv4 => "icmpv4"u8,
        LayerKind.Icmpv6 => "icmpv6"u8,
        LayerKind.Tcp => "tcp"u8,
        LayerKind.Udp => "udp"u8,
        LayerKind.Sctp => "sctp"u8,
        LayerKind.Vxlan => "vxlan"u8,
        LayerKind.Geneve => "geneve"u8,
        LayerKind.Gre => "gre"u8,
        LayerKind.Igmp => "igmp"u8,
        LayerKind.Esp => "esp"u8,
        _ => ApplicationText.NameOf(layers.Kind),
    };
}
