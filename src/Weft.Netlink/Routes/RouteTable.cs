using System.Net;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Routes;

/// <summary>The routes of a network namespace, of all its tables.</summary>
public sealed class RouteTable
{
    private readonly NetlinkSocket _socket;

    internal RouteTable(NetlinkSocket socket) => _socket = socket;

    /// <summary>IPv4 routes, then IPv6 ones. The kernel's cache of exceptions is left out.</summary>
    public IReadOnlyList<Route> List(RouteFilter? filter = null)
    {
        IEnumerable<Route> routes = List(SocketH.AF_INET).Concat(List(SocketH.AF_INET6));
        return [.. filter is null ? routes : routes.Where(filter.Matches)];
    }

    /// <summary>Adds a route; one with the same destination, table and priority is an error.</summary>
    public void Add(Route route) => Write(route, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_EXCL, "add");

    /// <summary>Adds a route, or puts it in the place of the first one with the same destination, table and priority.</summary>
    public void Replace(Route route) => Write(route, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_REPLACE, "replace");

    /// <summary>Removes the first route that fits all that is given.</summary>
    /// <returns>False if there is none.</returns>
    public bool Delete(Route route)
    {
        // To the kernel "nowhere" and no protocol stand for any.
        Route pattern = route with { Scope = route.Scope ?? RouteScope.Nowhere, Protocol = RouteProtocol.Unspecified };
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_DELROUTE, 0);
        RouteWriter.Put(ref writer, pattern);
        try
        {
            _socket.Execute(writer.Finish(), new NetlinkRequest($"delete route {route}"));
            return true;
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.ESRCH or Errno.ENODEV)
        {
            return false;
        }
    }

    /// <summary>Asks the kernel which way a packet to an address would take.</summary>
    public Route Resolve(IPAddress destination)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETROUTE, 0);
        bool is6 = IpFamily.Is6(destination);
        writer.PutFixed(new RtMsg { Family = IpFamily.Of(destination), DestinationLength = (byte)(is6 ? 128 : 32) });
        writer.PutIPAddress(RtNetlinkH.RTA_DST, destination);
        NetlinkRequest request = new($"look up the route to {destination}");
        return _socket.TryGet(writer.Finish(), request, RouteParser.TryParse, out Route route)
            ? route
            : throw new NetlinkException(request.Attempt, Errno.ENOENT);
    }

    private List<Route> List(byte family)
    {
        Span<byte> buffer = stackalloc byte[128];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETROUTE, 0);
        writer.PutFixed(new RtMsg { Family = family });
        return _socket.Dump<Route>(writer.Finish(), new NetlinkRequest("list routes"), RouteParser.TryParse);
    }

    private void Write(Route route, int flags, string verb)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_NEWROUTE, (ushort)flags);
        RouteWriter.Put(ref writer, route);
        _socket.Execute(writer.Finish(), new NetlinkRequest($"{verb} route {route}", Advise));
    }

    private static string? Advise(Errno errno) => errno switch
    {
        Errno.EEXIST => "there is a route to that destination with the same priority: replace it",
        Errno.ENETUNREACH => "the gateway is not on a network of the device: add a route to it first, or use onlink",
        Errno.ENETDOWN => "the device is down: set it up first",
        Errno.ENODEV => "the device is gone",
        _ => null,
    };
}
