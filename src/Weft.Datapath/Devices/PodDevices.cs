using System.Net;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;

namespace Weft.Datapath.Devices;

/// <summary>Makes and removes the devices that connect pods to this node.</summary>
/// <remarks>Thread-safe. <paramref name="node"/> speaks to the namespace of the node.</remarks>
public sealed class PodDevices(RtNetlink node)
{
    /// <summary>Begins the names of all devices that this class makes on the node.</summary>
    public const string HostPrefix = "lxc";

    /// <summary>Makes a pod's device with its address and its routes. No packet passes before <see cref="SetUp"/>.</summary>
    /// <returns>Index of the node's side, which is down.</returns>
    /// <remarks>On failure no device is left.</remarks>
    public IfIndex Create(NetworkNamespace pod, PodWiring wiring)
    {
        ArgumentNullException.ThrowIfNull(pod);
        ArgumentNullException.ThrowIfNull(wiring);
        LinkSettings host = new() { Address = wiring.HostMac, Mtu = wiring.Mtu.Device, GenerateIPv6Address = false };
        LinkSettings peer = new() { Address = wiring.Mac, Mtu = wiring.Mtu.Device, GenerateIPv6Address = false, Namespace = pod };
        node.Links.CreateVeth(wiring.HostInterface, host, wiring.ContainerInterface, peer);
        try
        {
            NetworkSettings.Quieten(wiring.HostInterface, wiring.HasIPv6);
            NetworkSettings.AcceptAnySource(wiring.HostInterface);
            pod.Run(() => ConfigurePodSide(wiring));
            return node.Links.Get(wiring.HostInterface).Index;
        }
        catch
        {
            node.Links.Delete(wiring.HostInterface);
            throw;
        }
    }

    /// <summary>Lets packets pass, in both directions.</summary>
    /// <param name="hostSide">What <see cref="Create"/> returned.</param>
    public void SetUp(IfIndex hostSide) => node.Links.SetUp(hostSide);

    /// <summary>Removes the pair.</summary>
    /// <returns>False if it was gone: it dies with the pod's namespace.</returns>
    /// <remarks>
    /// Returns when the kernel has freed it, tens of milliseconds after it was gone for everybody. Meanwhile a socket answers nothing
    /// else, so this takes one of its own. Call in the namespace of the node.
    /// </remarks>
    public static bool Remove(string hostInterface)
    {
        using RtNetlink own = RtNetlink.Open();
        return own.Links.Delete(hostInterface);
    }

    /// <summary>Looks into the pod for what <see cref="Create"/> made there.</summary>
    /// <param name="hostSide">Index of the node's side.</param>
    /// <returns>The first thing that is missing, for a message; null: nothing is.</returns>
    public static string? MissingIn(NetworkNamespace pod, PodWiring wiring, IfIndex hostSide)
    {
        ArgumentNullException.ThrowIfNull(wiring);
        using RtNetlink netlink = RtNetlink.Open(pod);
        if (netlink.Links.Find(wiring.ContainerInterface) is not { Kind: "veth" } device
            || device.Parent != hostSide || device.Address != wiring.Mac)
        {
            return $"the pod's {wiring.ContainerInterface} is not its other end";
        }

        HashSet<IPAddress> there = [.. netlink.Addresses.List(device.Index).Select(entry => entry.Address)];
        IReadOnlyList<Route> routes = netlink.Routes.List(new RouteFilter { Device = device.Index });
        return !device.IsUp ? $"the pod's {device.Name} is down"
            : wiring.Addresses.FirstOrDefault(address => !there.Contains(address.Address)) is { } lost
                ? $"the pod has lost the address {lost.Address}"
            : wiring.Addresses.FirstOrDefault(address => !HasWayOut(routes, address)) is { } stuck
                ? $"the pod has lost its route via {stuck.Gateway}"
            : null;
    }

    /// <summary>Index of the node's side, or null if the pair is gone.</summary>
    public IfIndex? Find(string hostInterface) => node.Links.Find(hostInterface) is { Kind: "veth" } link ? link.Index : null;

    /// <summary>Names of all pairs whose name begins as ours do.</summary>
    public IEnumerable<string> List() => node.Links.List()
        .Where(link => link.Kind == "veth" && link.Name.StartsWith(HostPrefix, StringComparison.Ordinal)).Select(link => link.Name);

    /// <summary>Removes all pairs whose name begins as ours do and is none of these.</summary>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<string> RemoveAllBut(IReadOnlySet<string> hostInterfaces)
    {
        ArgumentNullException.ThrowIfNull(hostInterfaces);
        List<string> removed = [];
        foreach (Link link in node.Links.List())
        {
            if (link.Kind == "veth" && link.Name.StartsWith(HostPrefix, StringComparison.Ordinal)
                && !hostInterfaces.Contains(link.Name) && node.Links.Delete(link.Index))
            {
                removed.Add(link.Name);
            }
        }

        return removed;
    }

    private static bool HasWayOut(IReadOnlyList<Route> routes, PodAddress address) =>
        routes.Any(route => route.Destination.PrefixLength == 0 && Equals(route.Gateway, address.Gateway))
        && routes.Any(route => route.Destination == address.Gateway.AsPrefix());

    // Runs in the pod's namespace.
    private static void ConfigurePodSide(PodWiring wiring)
    {
        NetworkSettings.Quieten(wiring.ContainerInterface, wiring.HasIPv6);
        using RtNetlink pod = RtNetlink.Open();
        IfIndex device = pod.Links.Get(wiring.ContainerInterface).Index;
        pod.Links.SetUp(device);
        uint mtu = (uint)wiring.Mtu.Route;
        foreach ((IPAddress address, IPAddress gateway) in wiring.Addresses)
        {
            IPNetwork everywhere = new(address.IsIPv6() ? IPAddress.IPv6Any : IPAddress.Any, 0);
            pod.Addresses.Add(NodeAddresses.Of(device, address));
            pod.Routes.Add(new Route { Destination = gateway.AsPrefix(), Device = device, Mtu = mtu });
            pod.Routes.Add(new Route { Destination = everywhere, Gateway = gateway, Device = device, Mtu = mtu });
        }
    }
}
