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
            || !EthernetHeader.TryParse(vxlan.Payload, out EthernetHeader inner))
        {
            return null;
        }

        string source = outer.Source.ToString();
        string destination = outer.Destination.ToString();
        if (inner.EtherType == EtherType.IPv4 && IPv4Header.TryParse(inner.Payload, out IPv4Header ip))
        {
            return new OverlayPacket(
                source, destination, udp.SourcePort, vxlan.Vni, ip.Source.ToString(), ip.Destination.ToString(), ip.Protocol, ip.TimeToLive);
        }

        return inner.EtherType == EtherType.IPv6 && IPv6Header.TryParse(inner.Payload, out IPv6Header ip6)
            ? new OverlayPacket(
                source, destination, udp.SourcePort, vxlan.Vni, ip6.Source.ToString(), ip6.Destination.ToString(), ip6.NextHeader, ip6.HopLimit)
            : null;
    }
}
