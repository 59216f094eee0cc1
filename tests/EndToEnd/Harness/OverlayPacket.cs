using Weft.Packets;

namespace EndToEnd.Harness;

/// <summary>A packet of the overlay as it was on the wire.</summary>
internal sealed record OverlayPacket(
    string OuterSource, string OuterDestination, ushort OuterPort, uint Vni, string InnerSource, string InnerDestination, IPProtocol Protocol, byte TimeToLive)
{
    /// <returns>Null for frames that are not of the overlay.</returns>
    public static OverlayPacket? Parse(ReadOnlySpan<byte> frame)
    {
        if (!EthernetHeader.TryParse(frame, out EthernetHeader ethernet) || ethernet.EtherType != EtherType.IPv4
            || !IPv4Header.TryParse(ethernet.Payload, out IPv4Header outer) || outer.Protocol != IPProtocol.Udp
            || !UdpHeader.TryParse(outer.Payload, out UdpHeader udp) || udp.DestinationPort != VxlanHeader.LinuxPort
            || !VxlanHeader.TryParse(udp.Payload, out VxlanHeader vxlan)
            || !EthernetHeader.TryParse(vxlan.Payload, out EthernetHeader innerEthernet)
            || !IPv4Header.TryParse(innerEthernet.Payload, out IPv4Header inner))
        {
            return null;
        }

        return new OverlayPacket(
            outer.Source.ToString(), outer.Destination.ToString(), udp.SourcePort, vxlan.Vni,
            inner.Source.ToString(), inner.Destination.ToString(), inner.Protocol, inner.TimeToLive);
    }
}
