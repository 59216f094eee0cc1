using System.Collections.Immutable;
using System.Net;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;

namespace Weft.Datapath.Devices;

/// <summary>
/// The veth pair between this node's own stack and the datapath: what the node sends to pods leaves <see cref="Host"/> and meets a
/// program as it arrives at <see cref="Net"/>.
/// </summary>
/// <remarks>
/// Neither end asks for neighbours (IFF_NOARP): whatever leaves the one arrives at the other. <see cref="Host"/> has the routers'
/// addresses, so that the node's packets to pods have a source that every node knows, and forwards, which bpf_fib_lookup asks of
/// the device that it takes a packet to come from; the node needs no forwarding elsewhere.
/// </remarks>
public static class HostDevices
{
    /// <summary>The stack's end.</summary>
    public const string Host = "weft_host";

    /// <summary>The datapath's end.</summary>
    public const string Net = "weft_net";

    private const string VethKind = "veth";

    private static readonly ImmutableArray<string> s_names = [Host, Net];

    /// <summary>Makes the pair, or keeps the one that is there; repairs what differs of that.</summary>
    /// <param name="netlink">Of the calling thread's network namespace.</param>
    /// <param name="mtu">As of all devices.</param>
    /// <param name="routers">One a family; without an IPv6 one the pair has no IPv6.</param>
    /// <exception cref="DatapathException">One of the names is a device's that is not ours, or a setting cannot be made.</exception>
    /// <returns>Their indexes, and whether they were made now.</returns>
    public static (HostPair Pair, bool Made) Ensure(RtNetlink netlink, int mtu, IReadOnlyCollection<IPAddress> routers)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        ArgumentNullException.ThrowIfNull(routers);
        if (Find(netlink) is { } found)
        {
            Configure(netlink, found, mtu, routers);
            return (found, false);
        }

        LinkSettings settings = new() { Mtu = mtu, Arp = false, GenerateIPv6Address = false };
        netlink.Links.CreateVeth(Host, settings, Net, settings);
        try
        {
            HostPair made = new(netlink.Links.Get(Host).Index, netlink.Links.Get(Net).Index);
            Configure(netlink, made, mtu, routers);
            return (made, true);
        }
        catch
        {
            netlink.Links.Delete(Host);
            throw;
        }
    }

    /// <summary>The pair, or null if there is none.</summary>
    /// <exception cref="DatapathException">One of the names is a device's that is not ours.</exception>
    public static HostPair? Find(RtNetlink netlink)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        Link?[] ends = [.. s_names.Select(netlink.Links.Find)];
        if (ends is [null, null])
        {
            return null;
        }

        return ends is [{ } host, { } net] && IsPair(host, net)
            ? new HostPair(host.Index, net.Index)
            : throw new DatapathException(
                $"make devices {Host} and {Net}: {string.Join(" and ", ends.OfType<Link>().Select(Describe))} and not ours (delete it: "
                    + $"'ip link del {ends.OfType<Link>().First().Name}', or rename it)");
    }

    /// <summary>Removes the pair, and with it its addresses and routes.</summary>
    /// <returns>False if there was none of ours.</returns>
    public static bool Remove(RtNetlink netlink)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        return netlink.Links.Find(Host) is { } host && netlink.Links.Find(Net) is { } net && IsPair(host, net)
            && netlink.Links.Delete(host.Index);
    }

    private static void Configure(RtNetlink netlink, HostPair pair, int mtu, IReadOnlyCollection<IPAddress> routers)
    {
        bool hasIPv6 = routers.Any(router => router.IsIPv6());
        foreach (string name in s_names)
        {
            NetworkSettings.Quieten(name, hasIPv6);
            NetworkSettings.AcceptAnySource(name);
        }

        NetworkSettings.Forward(Host, hasIPv6);
        foreach (IfIndex index in (IfIndex[])[pair.Host, pair.Net])
        {
            Link link = netlink.Links.Get(index);
            if (link.Mtu != mtu || !link.IsUp || !link.Flags.HasFlag(LinkFlags.IFF_NOARP))
            {
                netlink.Links.Change(index, new LinkSettings { Mtu = mtu, Arp = false, Up = true });
            }
        }

        GiveAddresses(netlink, pair.Host, routers);
    }

    private static void GiveAddresses(RtNetlink netlink, IfIndex host, IReadOnlyCollection<IPAddress> routers)
    {
        IReadOnlyList<InterfaceAddress> there = netlink.Addresses.List(host);
        foreach (InterfaceAddress wanted in routers.Select(router => NodeAddresses.Of(host, router)))
        {
            if (!there.Any(address => address.Address.Equals(wanted.Address) && address.PrefixLength == wanted.PrefixLength))
            {
                netlink.Addresses.Replace(wanted);
            }
        }

        foreach (InterfaceAddress stale in there.Where(address => !routers.Contains(address.Address)))
        {
            netlink.Addresses.Delete(stale);
        }
    }

    private static bool IsPair(Link host, Link net) =>
        host.Kind == VethKind && net.Kind == VethKind && host.Parent == net.Index && host.ParentNamespaceId is null;

    private static string Describe(Link link) =>
        $"{link.Name} exists, kind {link.Kind ?? "none"}{(link.Kind == VethKind ? ", with another end than that," : "")}";
}
