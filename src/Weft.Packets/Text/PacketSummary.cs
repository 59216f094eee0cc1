namespace Weft.Packets.Text;

/// <summary>A packet in one line: who to whom, and what.</summary>
/// <remarks>
/// <code>
/// 10.0.1.180:4242 -> 10.0.0.23:80 tcp SYN
/// 10.0.1.180 -> 10.0.0.23 icmp EchoRequest
/// 10.0.1.180 -> 10.0.0.23 icmp EchoRequest [tunnel 192.168.2.61:36535 -> 192.168.2.62:8472 vxlan vni 37483]
/// 10.0.1.159 -> 10.0.1.180 icmp TimeExceeded(TTLExceeded) about 10.0.1.180:4242 -> 10.0.0.23:33434 udp
/// 10.0.1.180:40000 -> 10.0.0.10:53 udp dns query A example.com
/// arp who-has 10.0.1.159 tell 10.0.1.180
/// </code>
/// Where a header cannot be read, the line says what is known up to it.
/// </remarks>
public static class PacketSummary
{
    /// <summary>Writes the line without its end; the reader must stand before the first header.</summary>
    public static void Write(LayerReader layers, Utf8Output output)
    {
        TunnelView tunnel = default;
        TunnelView innerTunnel = default;
        FlowView flow = default;
        FlowView quoted = default;
        while (layers.Next())
        {
            if (!layers.IsQuoted && TunnelView.TryBegin(layers, flow, out TunnelView begun))
            {
                innerTunnel = tunnel.IsEmpty ? default : begun;
                tunnel = tunnel.IsEmpty ? begun : tunnel;
                flow = default;
                if (!begun.IsHeader)
                {
                    flow.Add(layers);
                }
            }
            else if (layers.Kind is LayerKind.Gre or LayerKind.Geneve)
            {
                // What it carries is not read: the packet that carries it is what can be told.
            }
            else if (layers.IsQuoted)
            {
                quoted.Add(layers);
            }
            else
            {
                flow.Add(layers);
            }
        }

        if (layers.IsQuoted)
        {
            quoted.AddCutTransport(layers);
        }
        else
        {
            flow.AddCutTransport(layers);
        }

        flow.Write(output);
        if (!quoted.IsEmpty)
        {
            output.Write(" about "u8);
            quoted.Write(output);
        }

        innerTunnel.Write(output);
        tunnel.Write(output);
    }
}
