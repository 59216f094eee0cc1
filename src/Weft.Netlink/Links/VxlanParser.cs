using System.Buffers.Binary;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Links;

/// <summary>Reads IFLA_INFO_DATA of a VXLAN device.</summary>
internal static class VxlanParser
{
    public static VxlanSettings Parse(NetlinkReader data)
    {
        VxlanSettings vxlan = new();
        while (data.TryRead(out NetlinkAttribute attribute))
        {
            vxlan = Apply(vxlan, attribute);
        }

        // External devices report VNI 0, which means nothing there.
        return vxlan.CollectMetadata ? vxlan with { Vni = null } : vxlan;
    }

    private static VxlanSettings Apply(VxlanSettings vxlan, NetlinkAttribute attribute) => attribute.Type switch
    {
        IfLink.IFLA_VXLAN_ID => vxlan with { Vni = attribute.AsUInt32() },
        IfLink.IFLA_VXLAN_COLLECT_METADATA => vxlan with { CollectMetadata = attribute.AsBool() },
        IfLink.IFLA_VXLAN_PORT => vxlan with { Port = attribute.AsUInt16BigEndian() },
        IfLink.IFLA_VXLAN_PORT_RANGE => vxlan with { SourcePorts = PortRange(attribute.Payload) },
        IfLink.IFLA_VXLAN_LEARNING => vxlan with { Learning = attribute.AsBool() },
        IfLink.IFLA_VXLAN_LOCAL or IfLink.IFLA_VXLAN_LOCAL6 => vxlan with { Local = attribute.AsIPAddress() },
        IfLink.IFLA_VXLAN_GROUP or IfLink.IFLA_VXLAN_GROUP6 => vxlan with { Remote = attribute.AsIPAddress() },
        IfLink.IFLA_VXLAN_LINK => vxlan with { LowerDevice = attribute.AsIfIndex() },
        IfLink.IFLA_VXLAN_TTL => vxlan with { Ttl = attribute.AsByte() },
        IfLink.IFLA_VXLAN_UDP_CSUM => vxlan with { UdpChecksum = attribute.AsBool() },
        IfLink.IFLA_VXLAN_UDP_ZERO_CSUM6_TX => vxlan with { UdpZeroChecksum6Send = attribute.AsBool() },
        IfLink.IFLA_VXLAN_UDP_ZERO_CSUM6_RX => vxlan with { UdpZeroChecksum6Receive = attribute.AsBool() },
        IfLink.IFLA_VXLAN_GBP => vxlan with { GroupPolicy = true },
        IfLink.IFLA_VXLAN_AGEING => vxlan with { Ageing = attribute.AsUInt32() },
        _ => vxlan,
    };

    /// <summary>Zeros stand for the namespace's own range.</summary>
    private static (ushort First, ushort Last)? PortRange(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 * sizeof(ushort))
        {
            return null;
        }

        ushort first = BinaryPrimitives.ReadUInt16BigEndian(payload);
        ushort last = BinaryPrimitives.ReadUInt16BigEndian(payload[sizeof(ushort)..]);
        return first == 0 && last == 0 ? null : (first, last);
    }
}
