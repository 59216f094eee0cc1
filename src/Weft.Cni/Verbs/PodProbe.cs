using System.Net;
using Weft.Cni.Protocol;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;

namespace Weft.Cni.Verbs;

/// <summary>Looks into the container's network namespace for what ADD made there.</summary>
internal static class PodProbe
{
    private static readonly IPNetwork s_everything = new(IPAddress.Any, 0);

    /// <returns>What is missing, for a message.</returns>
    public static IEnumerable<string> Problems(CniAttachment attachment, IPAddress address, IPAddress gateway)
    {
        using RtNetlink netlink = Open(attachment.Netns);
        if (netlink.Links.Find(attachment.Interface) is not { } device)
        {
            return [$"the container has no {attachment.Interface}"];
        }

        return Problems(netlink, device, address, gateway);
    }

    private static List<string> Problems(RtNetlink netlink, Link device, IPAddress address, IPAddress gateway)
    {
        List<string> problems = [];
        if (!device.IsUp)
        {
            problems.Add($"{device.Name} is down in the container");
        }

        if (!netlink.Addresses.List(device.Index).Any(entry => entry.Address.Equals(address)))
        {
            problems.Add($"{device.Name} has lost the address {address} in the container");
        }

        IReadOnlyList<Route> routes = netlink.Routes.List(new RouteFilter { Device = device.Index });
        if (!routes.Any(route => route.Destination.Equals(s_everything) && gateway.Equals(route.Gateway)))
        {
            problems.Add($"the container has no default route via {gateway} on {device.Name}");
        }

        return problems;
    }

    private static RtNetlink Open(string path)
    {
        try
        {
            using NetworkNamespace pod = NetworkNamespace.Open(path);
            return RtNetlink.Open(pod);
        }
        catch (LinuxException e)
        {
            throw new CniException(CniErrorCode.UnknownContainer, e.Message);
        }
    }
}
