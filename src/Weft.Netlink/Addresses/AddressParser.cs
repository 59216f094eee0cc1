using System.Net;
using Weft.Linux;
using Weft.Netlink.Routes;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Addresses;

/// <summary>Reads RTM_NEWADDR and RTM_DELADDR of IPv4 and IPv6.</summary>
internal static class AddressParser
{
    public static bool TryParse(NetlinkMessage message, out InterfaceAddress address)
    {
        address = null!;
        if (message.Type is not (RtNetlinkH.RTM_NEWADDR or RtNetlinkH.RTM_DELADDR)
            || !message.TryReadFixed(out IfAddrMsg header, out NetlinkReader attributes)
            || header.Family is not (SocketH.AF_INET or SocketH.AF_INET6))
        {
            return false;
        }

        IPAddress? local = null;
        IPAddress? other = null;
        IPAddress? broadcast = null;
        uint flags = header.Flags;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case IfAddr.IFA_LOCAL:
                    local = attribute.AsIPAddress();
                    break;
                case IfAddr.IFA_ADDRESS:
                    other = attribute.AsIPAddress();
                    break;
                case IfAddr.IFA_BROADCAST:
                    broadcast = attribute.AsIPAddress();
                    break;
                case IfAddr.IFA_FLAGS:
                    flags = attribute.AsUInt32();
                    break;
                default:
                    break;
            }
        }

        // IFA_ADDRESS is the other end; without one it repeats IFA_LOCAL (IPv4), which is then missing (IPv6).
        if ((local ?? other) is not { } own)
        {
            return false;
        }

        address = new InterfaceAddress
        {
            Device = new IfIndex(header.Index),
            Address = own,
            PrefixLength = header.PrefixLength,
            Peer = own.Equals(other) ? null : other,
            Broadcast = broadcast,
            Scope = (RouteScope)header.Scope,
            Flags = (AddressFlags)flags,
        };
        return true;
    }
}
