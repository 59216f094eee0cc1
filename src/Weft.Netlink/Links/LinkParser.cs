using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Links;

/// <summary>Reads RTM_NEWLINK and RTM_DELLINK.</summary>
internal static class LinkParser
{
    public static bool TryParse(NetlinkMessage message, out Link link)
    {
        link = null!;
        if (message.Type is not (RtNetlinkH.RTM_NEWLINK or RtNetlinkH.RTM_DELLINK)
            || !message.TryReadFixed(out IfInfoMsg header, out NetlinkReader attributes))
        {
            return false;
        }

        // A bridge reports changes of its ports with family AF_BRIDGE: they tell of the port, not of the device.
        if (header.Family != SocketH.AF_UNSPEC)
        {
            return false;
        }

        Link parsed = new() { Index = new IfIndex(header.Index), Name = "", Flags = (LinkFlags)header.Flags };
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            parsed = Apply(parsed, attribute);
        }

        link = parsed;
        return parsed.Name.Length > 0;
    }

    private static Link Apply(Link link, NetlinkAttribute attribute) => attribute.Type switch
    {
        IfLink.IFLA_IFNAME => link with { Name = attribute.AsText() },
        IfLink.IFLA_ADDRESS => link with { Address = attribute.AsHardwareAddress() },
        IfLink.IFLA_MTU => link with { Mtu = attribute.AsInt32() },
        IfLink.IFLA_LINK => link with { Parent = attribute.AsIfIndex() },
        IfLink.IFLA_LINK_NETNSID => link with { ParentNamespaceId = attribute.AsInt32() },
        IfLink.IFLA_MASTER => link with { Master = attribute.AsIfIndex() },
        IfLink.IFLA_OPERSTATE => link with { State = (OperState)attribute.AsByte() },
        IfLink.IFLA_GROUP => link with { Group = attribute.AsUInt32() },
        IfLink.IFLA_IFALIAS => link with { Alias = attribute.AsText() },
        IfLink.IFLA_TXQLEN => link with { TransmitQueueLength = attribute.AsUInt32() },
        IfLink.IFLA_NUM_TX_QUEUES => link with { TransmitQueues = attribute.AsUInt32() },
        IfLink.IFLA_NUM_RX_QUEUES => link with { ReceiveQueues = attribute.AsUInt32() },
        IfLink.IFLA_GSO_MAX_SIZE => link with { GsoMaxSize = attribute.AsUInt32() },
        IfLink.IFLA_GRO_MAX_SIZE => link with { GroMaxSize = attribute.AsUInt32() },
        IfLink.IFLA_GSO_IPV4_MAX_SIZE => link with { GsoMaxSizeIPv4 = attribute.AsUInt32() },
        IfLink.IFLA_GRO_IPV4_MAX_SIZE => link with { GroMaxSizeIPv4 = attribute.AsUInt32() },
        IfLink.IFLA_STATS64 => link with { Statistics = attribute.AsGrowing<LinkStatistics>() },
        IfLink.IFLA_LINKINFO => ApplyInfo(link, attribute.Nested),
        _ => link,
    };

    private static Link ApplyInfo(Link link, NetlinkReader info)
    {
        NetlinkReader data = default;
        while (info.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == IfLink.IFLA_INFO_KIND)
            {
                link = link with { Kind = attribute.AsText() };
            }
            else if (attribute.Type == IfLink.IFLA_INFO_DATA)
            {
                data = attribute.Nested;
            }
        }

        return link.Kind == LinkKind.Vxlan ? link with { Vxlan = VxlanParser.Parse(data) } : link;
    }
}
