using System.Net;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Routes;

/// <summary>Reads RTA_ENCAP, which means nothing without RTA_ENCAP_TYPE.</summary>
internal static class RouteEncapsulationParser
{
    /// <returns>Null for no tunnel and for kinds that this library does not know.</returns>
    public static RouteEncapsulation? Parse(ushort type, NetlinkReader attributes) => type switch
    {
        LwTunnel.LWTUNNEL_ENCAP_IP => ParseIp(attributes),
        LwTunnel.LWTUNNEL_ENCAP_BPF => ParseBpf(attributes),
        _ => null,
    };

    private static RouteEncapsulation.Ip ParseIp(NetlinkReader attributes)
    {
        RouteEncapsulation.Ip ip = new(0, IPAddress.Any);
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            ip = attribute.Type switch
            {
                LwTunnel.LWTUNNEL_IP_ID => ip with { Id = attribute.AsUInt64BigEndian() },
                LwTunnel.LWTUNNEL_IP_DST => ip with { Destination = attribute.AsIPAddress() ?? ip.Destination },
                LwTunnel.LWTUNNEL_IP_SRC => ip with { Source = Specified(attribute.AsIPAddress()) },
                LwTunnel.LWTUNNEL_IP_TTL => ip with { Ttl = NonZero(attribute.AsByte()) },
                LwTunnel.LWTUNNEL_IP_TOS => ip with { TypeOfService = NonZero(attribute.AsByte()) },
                _ => ip,
            };
        }

        return ip;
    }

    /// <returns>Null for programs at other places than transmission.</returns>
    private static RouteEncapsulation.BpfTransmit? ParseBpf(NetlinkReader attributes)
    {
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == LwTunnel.LWT_BPF_XMIT)
            {
                return new RouteEncapsulation.BpfTransmit(ParseProgramName(attribute.Nested), Program: null);
            }
        }

        return null;
    }

    private static string ParseProgramName(NetlinkReader attributes)
    {
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == LwTunnel.LWT_BPF_PROG_NAME)
            {
                return attribute.AsText();
            }
        }

        return "";
    }

    // The kernel reports zeros for what was not set.
    private static IPAddress? Specified(IPAddress? address) => IPAddress.Any.Equals(address) ? null : address;

    private static byte? NonZero(byte value) => value == 0 ? null : value;
}
