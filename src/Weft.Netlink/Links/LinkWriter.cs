using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Links;

/// <summary>Writes the settings of devices as attributes.</summary>
internal static class LinkWriter
{
    public static IfInfoMsg Header(IfIndex index, LinkSettings? settings)
    {
        LinkFlags flags = LinkFlags.None;
        LinkFlags change = LinkFlags.None;
        if (settings?.Up is { } up)
        {
            change |= LinkFlags.IFF_UP;
            flags |= up ? LinkFlags.IFF_UP : LinkFlags.None;
        }

        if (settings?.Arp is { } arp)
        {
            change |= LinkFlags.IFF_NOARP;
            flags |= arp ? LinkFlags.None : LinkFlags.IFF_NOARP;
        }

        return new IfInfoMsg { Family = SocketH.AF_UNSPEC, Index = index.Value, Flags = (uint)flags, Change = (uint)change };
    }

    public static void PutSettings(ref NetlinkWriter writer, LinkSettings settings)
    {
        if (settings.Address is { } address)
        {
            writer.PutHardwareAddress(IfLink.IFLA_ADDRESS, address);
        }

        if (settings.Master is { } master)
        {
            writer.PutIfIndex(IfLink.IFLA_MASTER, master);
        }

        if (settings.Alias is { } alias)
        {
            writer.PutText(IfLink.IFLA_IFALIAS, alias);
        }

        if (settings.Namespace is { } networkNamespace)
        {
            writer.PutInt32(IfLink.IFLA_NET_NS_FD, networkNamespace.Handle.Number);
        }

        PutNumber(ref writer, IfLink.IFLA_MTU, (uint?)settings.Mtu);
        PutNumber(ref writer, IfLink.IFLA_GROUP, settings.Group);
        PutNumber(ref writer, IfLink.IFLA_TXQLEN, settings.TransmitQueueLength);
        PutNumber(ref writer, IfLink.IFLA_NUM_TX_QUEUES, settings.TransmitQueues);
        PutNumber(ref writer, IfLink.IFLA_NUM_RX_QUEUES, settings.ReceiveQueues);
        PutNumber(ref writer, IfLink.IFLA_GSO_MAX_SIZE, settings.GsoMaxSize);
        PutNumber(ref writer, IfLink.IFLA_GRO_MAX_SIZE, settings.GroMaxSize);
        PutNumber(ref writer, IfLink.IFLA_GSO_IPV4_MAX_SIZE, settings.GsoMaxSizeIPv4);
        PutNumber(ref writer, IfLink.IFLA_GRO_IPV4_MAX_SIZE, settings.GroMaxSizeIPv4);
        if (settings.GenerateIPv6Address is { } generate)
        {
            PutAddressGeneration(ref writer, generate);
        }
    }

    public static void PutVxlan(ref NetlinkWriter writer, VxlanSettings vxlan)
    {
        PutNumber(ref writer, IfLink.IFLA_VXLAN_ID, vxlan.Vni);
        PutNumber(ref writer, IfLink.IFLA_VXLAN_AGEING, vxlan.Ageing);
        PutSwitch(ref writer, IfLink.IFLA_VXLAN_LEARNING, vxlan.Learning);
        PutSwitch(ref writer, IfLink.IFLA_VXLAN_UDP_CSUM, vxlan.UdpChecksum);
        PutSwitch(ref writer, IfLink.IFLA_VXLAN_UDP_ZERO_CSUM6_TX, vxlan.UdpZeroChecksum6Send);
        PutSwitch(ref writer, IfLink.IFLA_VXLAN_UDP_ZERO_CSUM6_RX, vxlan.UdpZeroChecksum6Receive);
        PutVxlanEnds(ref writer, vxlan);
        if (vxlan.CollectMetadata)
        {
            writer.PutBool(IfLink.IFLA_VXLAN_COLLECT_METADATA, true);
        }

        if (vxlan.GroupPolicy)
        {
            writer.PutFlag(IfLink.IFLA_VXLAN_GBP);
        }

        if (vxlan.Port is { } port)
        {
            writer.PutUInt16BigEndian(IfLink.IFLA_VXLAN_PORT, port);
        }

        if (vxlan.SourcePorts is (ushort first, ushort last))
        {
            writer.PutBytes(IfLink.IFLA_VXLAN_PORT_RANGE, [(byte)(first >> 8), (byte)first, (byte)(last >> 8), (byte)last]);
        }

        if (vxlan.Ttl is { } ttl)
        {
            writer.PutByte(IfLink.IFLA_VXLAN_TTL, ttl);
        }
    }

    public static void PutBridge(ref NetlinkWriter writer, BridgeSettings bridge)
    {
        PutNumber(ref writer, IfLink.IFLA_BR_FORWARD_DELAY, bridge.ForwardDelay);
        PutNumber(ref writer, IfLink.IFLA_BR_AGEING_TIME, bridge.Ageing);
        PutNumber(ref writer, IfLink.IFLA_BR_STP_STATE, bridge.SpanningTree is { } on ? (on ? 1u : 0u) : null);
        PutSwitch(ref writer, IfLink.IFLA_BR_MCAST_SNOOPING, bridge.MulticastSnooping);
    }

    private static void PutVxlanEnds(ref NetlinkWriter writer, VxlanSettings vxlan)
    {
        if (vxlan.LowerDevice is { } device)
        {
            writer.PutIfIndex(IfLink.IFLA_VXLAN_LINK, device);
        }

        if (vxlan.Local is { } local)
        {
            writer.PutIPAddress(IpFamily.Is6(local) ? IfLink.IFLA_VXLAN_LOCAL6 : IfLink.IFLA_VXLAN_LOCAL, local);
        }

        if (vxlan.Remote is { } remote)
        {
            writer.PutIPAddress(IpFamily.Is6(remote) ? IfLink.IFLA_VXLAN_GROUP6 : IfLink.IFLA_VXLAN_GROUP, remote);
        }
    }

    private static void PutAddressGeneration(ref NetlinkWriter writer, bool generate)
    {
        const byte IN6_ADDR_GEN_MODE_EUI64 = 0;
        int families = writer.BeginNested(IfLink.IFLA_AF_SPEC);
        int inet6 = writer.BeginNested(SocketH.AF_INET6);
        writer.PutByte(IfLink.IFLA_INET6_ADDR_GEN_MODE, generate ? IN6_ADDR_GEN_MODE_EUI64 : IfLink.IN6_ADDR_GEN_MODE_NONE);
        writer.EndNested(inet6);
        writer.EndNested(families);
    }

    private static void PutNumber(ref NetlinkWriter writer, ushort type, uint? value)
    {
        if (value is { } number)
        {
            writer.PutUInt32(type, number);
        }
    }

    private static void PutSwitch(ref NetlinkWriter writer, ushort type, bool? value)
    {
        if (value is { } on)
        {
            writer.PutBool(type, on);
        }
    }
}
