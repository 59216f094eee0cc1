using System.Net;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Neighbours;

/// <summary>Reads RTM_NEWNEIGH and RTM_DELNEIGH: neighbours of IP families, forwarding entries of AF_BRIDGE.</summary>
internal static class NeighbourParser
{
    public static bool TryParse(NetlinkMessage message, out Neighbour neighbour)
    {
        neighbour = null!;
        if (!TryRead(message, out NdMsg header, out Parts parts)
            || header.Family is not (SocketH.AF_INET or SocketH.AF_INET6)
            || parts.Destination is not { } address)
        {
            return false;
        }

        neighbour = new Neighbour
        {
            Device = new IfIndex(header.Index),
            Address = address,
            HardwareAddress = parts.HardwareAddress,
            State = (NeighbourStates)header.State,
            IsProxy = (header.Flags & NeighbourH.NTF_PROXY) != 0,
        };
        return true;
    }

    public static bool TryParse(NetlinkMessage message, out ForwardingEntry entry)
    {
        entry = null!;
        if (!TryRead(message, out NdMsg header, out Parts parts)
            || header.Family != SocketH.AF_BRIDGE
            || parts.HardwareAddress is not { } address)
        {
            return false;
        }

        entry = new ForwardingEntry
        {
            Device = new IfIndex(header.Index),
            Address = address,
            Destination = parts.Destination,
            Port = parts.Port,
            Vni = parts.Vni,
            Master = parts.Master,
            IsSelf = (header.Flags & NeighbourH.NTF_SELF) != 0,
            State = (NeighbourStates)header.State,
        };
        return true;
    }

    private static bool TryRead(NetlinkMessage message, out NdMsg header, out Parts parts)
    {
        parts = default;
        header = default;
        if (message.Type is not (RtNetlinkH.RTM_NEWNEIGH or RtNetlinkH.RTM_DELNEIGH)
            || !message.TryReadFixed(out header, out NetlinkReader attributes))
        {
            return false;
        }

        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            parts = attribute.Type switch
            {
                NeighbourH.NDA_DST => parts with { Destination = attribute.AsIPAddress() },
                NeighbourH.NDA_LLADDR => parts with { HardwareAddress = attribute.AsHardwareAddress() },
                NeighbourH.NDA_PORT => parts with { Port = attribute.AsUInt16BigEndian() },
                NeighbourH.NDA_VNI => parts with { Vni = attribute.AsUInt32() },
                NeighbourH.NDA_MASTER => parts with { Master = attribute.AsIfIndex() },
                _ => parts,
            };
        }

        return true;
    }

    private readonly record struct Parts(IPAddress? Destination, HardwareAddress? HardwareAddress, ushort? Port, uint? Vni, IfIndex Master);
}
