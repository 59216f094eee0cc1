namespace Weft.Packets.Text;

/// <summary>A packet in one line: who to whom, and what.</summary>
/// <remarks>
/// <code>
/// 10.0.1.180:4242 -> 10.0.0.23:80 tcp SYN
/// 10.0.1.180 -> 10.0.0.23 icmp EchoRequest
/// 10.0.1.180 -> 10.0.0.23 icmp EchoRequest [tunnel 192.168.2.61:36535 -> 192.168.2.62:8472 vxlan vni 37483]
/// 10.0.1.159 -> 10.0.1.180 icmp TimeExceeded(TTLExceeded) about 10.0.1.180:4242 -> 10.0.0.23:33434 udp
/// arp who-has 10.0.1.159 tell 10.0.1.180
/// </code>
/// Where a header cannot be read, the line says what is known up to it.
/// </remarks>
public static class PacketSummary
{
    /// <summary>Writes the line without its end; the reader must stand before the first header.</summary>
    public static void Write(LayerReader layers, Utf8Output output)
    {
        FlowView tunnel = default;
        FlowView flow = default;
        FlowView quoted = default;
        uint vni = 0;
        while (layers.Next())
        {
            if (layers.Kind == LayerKind.Vxlan)
            {
                _ = VxlanHeader.TryParse(layers.Data, out VxlanHeader vxlan);
                vni = vxlan.Vni;
                tunnel = flow;
                flow = default;
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

        if (!tunnel.IsEmpty)
        {
            output.Write(" [tunnel "u8);
            tunnel.WriteEnds(output);
            output.Write($" vxlan vni {vni}]");
        }
    }
}
