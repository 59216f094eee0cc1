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

    /// <summary>Connects a pod: its device is up, has its address and its routes.</summary>
    /// <returns>Index of the node's side.</returns>
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
            IfIndex index = node.Links.Get(wiring.HostInterface).Index;
            node.Links.SetUp(index);
            return index;
        }
        catch
        {
            node.Links.Delete(wiring.HostInterface);
            throw;
        }
    }

    /// <summary>Removes the pair.</summary>
    /// <returns>False if it was gone: it dies with the pod's namespace.</returns>
    public bool Remove(string hostInterface) => node.Links.Delete(hostInterface);

    /// <summary>Index of the node's side, or null if the pair is gone.</summary>
    public IfIndex? Find(string hostInterface) => node.Links.Find(hostInterface) is { Kind: "veth" } link ? link.Index : null;

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
