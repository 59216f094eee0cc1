using System.Net;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Routes;

/// <summary>Writes a route as a request.</summary>
internal static class RouteWriter
{
    private const uint HighestTableOfHeader = 255;

    public static void Put(ref NetlinkWriter writer, Route route)
    {
        IPNetwork destination = route.Destination;
        RtMsg header = new()
        {
            Family = IpFamily.Of(destination.BaseAddress),
            DestinationLength = (byte)destination.PrefixLength,
            Table = route.Table.Value <= HighestTableOfHeader ? (byte)route.Table.Value : (byte)0,
            Protocol = (byte)route.Protocol,
            Scope = (byte)(route.Scope ?? DefaultScope(route)),
            Type = (byte)route.Type,
            Flags = route.OnLink ? RtNetlinkH.RTNH_F_ONLINK : 0u,
        };
        writer.PutFixed(header);
        writer.PutUInt32(RtNetlinkH.RTA_TABLE, route.Table.Value);
        if (destination.PrefixLength > 0)
        {
            writer.PutIPAddress(RtNetlinkH.RTA_DST, destination.BaseAddress);
        }

        PutWay(ref writer, route);
        PutMetrics(ref writer, route);
        PutEncapsulation(ref writer, route.Encapsulation);
    }

    private static RouteScope DefaultScope(Route route)
    {
        bool is6 = IpFamily.Is6(route.Destination.BaseAddress);
        return route.Type switch
        {
            RouteType.Local => RouteScope.Host,
            RouteType.Unicast when route.Gateway is null && !is6 => RouteScope.Link,
            _ => RouteScope.Universe,
        };
    }

    private static void PutWay(ref NetlinkWriter writer, Route route)
    {
        if (!route.Device.IsNone)
        {
            writer.PutIfIndex(RtNetlinkH.RTA_OIF, route.Device);
        }

        if (route.Gateway is { } gateway)
        {
            PutGateway(ref writer, route, gateway);
        }

        if (route.PreferredSource is { } source)
        {
            writer.PutIPAddress(RtNetlinkH.RTA_PREFSRC, source);
        }

        if (route.Priority is { } priority)
        {
            writer.PutUInt32(RtNetlinkH.RTA_PRIORITY, priority);
        }
    }

    /// <summary>A gateway of the other family (IPv4 over an IPv6 next hop) goes into RTA_VIA, with its family before it.</summary>
    private static void PutGateway(ref NetlinkWriter writer, Route route, IPAddress gateway)
    {
        if (IpFamily.Of(gateway) == IpFamily.Of(route.Destination.BaseAddress))
        {
            writer.PutIPAddress(RtNetlinkH.RTA_GATEWAY, gateway);
            return;
        }

        Span<byte> via = stackalloc byte[sizeof(ushort) + 16];
        via[0] = IpFamily.Of(gateway);
        via[1] = 0;
        gateway.TryWriteBytes(via[sizeof(ushort)..], out int written);
        writer.PutBytes(RtNetlinkH.RTA_VIA, via[..(sizeof(ushort) + written)]);
    }

    private static void PutMetrics(ref NetlinkWriter writer, Route route)
    {
        if (route.Mtu is null && route.AdvertisedMss is null && route.HopLimit is null)
        {
            return;
        }

        int metrics = writer.BeginNested(RtNetlinkH.RTA_METRICS);
        PutNumber(ref writer, RtNetlinkH.RTAX_MTU, route.Mtu);
        PutNumber(ref writer, RtNetlinkH.RTAX_ADVMSS, route.AdvertisedMss);
        PutNumber(ref writer, RtNetlinkH.RTAX_HOPLIMIT, route.HopLimit);
        writer.EndNested(metrics);
    }

    private static void PutEncapsulation(ref NetlinkWriter writer, RouteEncapsulation? encapsulation)
    {
        switch (encapsulation)
        {
            case RouteEncapsulation.Ip ip:
                writer.PutUInt16(RtNetlinkH.RTA_ENCAP_TYPE, LwTunnel.LWTUNNEL_ENCAP_IP);
                PutIpTunnel(ref writer, ip);
                break;
            case RouteEncapsulation.BpfTransmit bpf:
                writer.PutUInt16(RtNetlinkH.RTA_ENCAP_TYPE, LwTunnel.LWTUNNEL_ENCAP_BPF);
                PutBpf(ref writer, bpf);
                break;
            default:
                break;
        }
    }

    private static void PutIpTunnel(ref NetlinkWriter writer, RouteEncapsulation.Ip ip)
    {
        int encap = writer.BeginNested(RtNetlinkH.RTA_ENCAP);
        writer.PutUInt64BigEndian(LwTunnel.LWTUNNEL_IP_ID, ip.Id);
        writer.PutIPAddress(LwTunnel.LWTUNNEL_IP_DST, ip.Destination);
        if (ip.Source is { } source)
        {
            writer.PutIPAddress(LwTunnel.LWTUNNEL_IP_SRC, source);
        }

        if (ip.Ttl is { } ttl)
        {
            writer.PutByte(LwTunnel.LWTUNNEL_IP_TTL, ttl);
        }

        if (ip.TypeOfService is { } tos)
        {
            writer.PutByte(LwTunnel.LWTUNNEL_IP_TOS, tos);
        }

        writer.EndNested(encap);
    }

    private static void PutBpf(ref NetlinkWriter writer, RouteEncapsulation.BpfTransmit bpf)
    {
        if (bpf.Program is not { } program)
        {
            throw new ArgumentException($"route with BPF encapsulation '{bpf.Name}': no program (what is read from the kernel has none)");
        }

        int encap = writer.BeginNested(RtNetlinkH.RTA_ENCAP);
        int transmit = writer.BeginNested(LwTunnel.LWT_BPF_XMIT);
        writer.PutInt32(LwTunnel.LWT_BPF_PROG_FD, program.Number);
        writer.PutText(LwTunnel.LWT_BPF_PROG_NAME, bpf.Name);
        writer.EndNested(transmit);
        PutNumber(ref writer, LwTunnel.LWT_BPF_XMIT_HEADROOM, bpf.Headroom == 0 ? null : bpf.Headroom);
        writer.EndNested(encap);
    }

    private static void PutNumber(ref NetlinkWriter writer, ushort type, uint? value)
    {
        if (value is { } number)
        {
            writer.PutUInt32(type, number);
        }
    }
}
