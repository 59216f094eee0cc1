using System.Net;
using Weft.Cni.Protocol;
using Weft.Cni.Results;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;

namespace Weft.Cni.Verbs;

/// <summary>Looks into the container's network namespace for what ADD made there.</summary>
internal static class PodProbe
{
    /// <returns>What is missing, for a message.</returns>
    public static IEnumerable<string> Problems(CniAttachment attachment, IReadOnlyList<PodAddress> addresses)
    {
        using RtNetlink netlink = Open(attachment.Netns);
        if (netlink.Links.Find(attachment.Interface) is not { } device)
        {
            return [$"the container has no {attachment.Interface}"];
        }

        return Problems(netlink, device, addresses);
    }

    private static List<string> Problems(RtNetlink netlink, Link device, IReadOnlyList<PodAddress> addresses)
    {
        List<string> problems = [];
        if (!device.IsUp)
        {
            problems.Add($"{device.Name} is down in the container");
        }

        HashSet<IPAddress> there = [.. netlink.Addresses.List(device.Index).Select(entry => entry.Address)];
        IReadOnlyList<Route> routes = netlink.Routes.List(new RouteFilter { Device = device.Index });
        foreach (PodAddress wanted in addresses)
        {
            if (!IPAddress.TryParse(wanted.Address, out IPAddress? address) || !there.Contains(address))
            {
                problems.Add($"{device.Name} has lost the address {wanted.Address} in the container");
            }

            if (!routes.Any(route => route.Destination.PrefixLength == 0 && route.Gateway?.ToString() == wanted.Gateway))
            {
                problems.Add($"the container has no default route via {wanted.Gateway} on {device.Name}");
            }

            if (!routes.Any(route => route.Destination.BaseAddress.ToString() == wanted.Gateway))
            {
                problems.Add($"the container has no route to {wanted.Gateway} on {device.Name}");
            }
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
