using System.Net;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Routes;

/// <summary>Reads RTM_NEWROUTE and RTM_DELROUTE of IPv4 and IPv6.</summary>
internal static class RouteParser
{
    public static bool TryParse(NetlinkMessage message, out Route route)
    {
        route = null!;
        if (message.Type is not (RtNetlinkH.RTM_NEWROUTE or RtNetlinkH.RTM_DELROUTE)
            || !message.TryReadFixed(out RtMsg header, out NetlinkReader attributes)
            || header.Family is not (SocketH.AF_INET or SocketH.AF_INET6))
        {
            return false;
        }

        Route parsed = new()
        {
            Destination = IpFamily.Everything(header.Family),
            Table = new RouteTableId(header.Table),
            Scope = (RouteScope)header.Scope,
            Type = (RouteType)header.Type,
            Protocol = (RouteProtocol)header.Protocol,
            OnLink = (header.Flags & RtNetlinkH.RTNH_F_ONLINK) != 0,
        };
        NetlinkReader encapsulation = default;
        ushort encapsulationType = 0;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case RtNetlinkH.RTA_ENCAP:
                    encapsulation = attribute.Nested;
                    break;
                case RtNetlinkH.RTA_ENCAP_TYPE:
                    encapsulationType = attribute.AsUInt16();
                    break;
                default:
                    parsed = Apply(parsed, header, attribute);
                    break;
            }
        }

        route = parsed with { Encapsulation = RouteEncapsulationParser.Parse(encapsulationType, encapsulation) };
        return true;
    }

    private static Route Apply(Route route, RtMsg header, NetlinkAttribute attribute) => attribute.Type switch
    {
        RtNetlinkH.RTA_DST => route with { Destination = Network(attribute, header) ?? route.Destination },
        RtNetlinkH.RTA_GATEWAY => route with { Gateway = attribute.AsIPAddress() },
        RtNetlinkH.RTA_VIA => route with { Gateway = Via(attribute.Payload) },
        RtNetlinkH.RTA_OIF => route with { Device = attribute.AsIfIndex() },
        RtNetlinkH.RTA_PREFSRC => route with { PreferredSource = attribute.AsIPAddress() },
        RtNetlinkH.RTA_PRIORITY => route with { Priority = attribute.AsUInt32() },
        RtNetlinkH.RTA_TABLE => route with { Table = new RouteTableId(attribute.AsUInt32()) },
        RtNetlinkH.RTA_METRICS => ApplyMetrics(route, attribute.Nested),
        _ => route,
    };

    private static Route ApplyMetrics(Route route, NetlinkReader metrics)
    {
        while (metrics.TryRead(out NetlinkAttribute metric))
        {
            route = metric.Type switch
            {
                RtNetlinkH.RTAX_MTU => route with { Mtu = metric.AsUInt32() },
                RtNetlinkH.RTAX_ADVMSS => route with { AdvertisedMss = metric.AsUInt32() },
                RtNetlinkH.RTAX_HOPLIMIT => route with { HopLimit = metric.AsUInt32() },
                _ => route,
            };
        }

        return route;
    }

    private static IPNetwork? Network(NetlinkAttribute attribute, RtMsg header)
    {
        if (attribute.AsIPAddress() is not { } address || IpFamily.Of(address) != header.Family)
        {
            return null;
        }

        // IPNetwork throws where bits beyond the prefix are set: the kernel sends none, garbage may.
        return IpFamily.TryNetwork(address, header.DestinationLength);
    }

    private static IPAddress? Via(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> address = payload.Length > sizeof(ushort) ? payload[sizeof(ushort)..] : default;
        return address.Length is 4 or 16 ? new IPAddress(address) : null;
    }
}
