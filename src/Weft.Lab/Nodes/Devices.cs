using System.Net;
using System.Net.Sockets;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;

namespace Weft.Lab.Nodes;

/// <summary>What all namespaces of a lab need done to devices.</summary>
internal static class Devices
{
    public static readonly IPNetwork Everywhere = IPNetwork.Parse("0.0.0.0/0");
    public static readonly IPNetwork Everywhere6 = IPNetwork.Parse("::/0");

    /// <summary>Whether the namespace has devices of those names.</summary>
    public static bool Exist(string netns, IEnumerable<string> names)
    {
        if (!NetworkNamespace.Exists(netns))
        {
            return false;
        }

        using NetworkNamespace open = NetworkNamespace.Open(netns);
        using RtNetlink netlink = RtNetlink.Open(open);
        return names.All(name => netlink.Links.Find(name) is not null);
    }

    /// <param name="linkLocal">
    /// With a link-local IPv6 address: the kernel asks for neighbours with it when it forwards, and when it probes one that it knows.
    /// </param>
    public static IfIndex SetUp(RtNetlink netlink, string name, bool linkLocal)
    {
        Link device = netlink.Links.Get(name);
        netlink.Links.Change(device.Index, new LinkSettings { Up = true, GenerateIPv6Address = linkLocal ? true : null });
        return device.Index;
    }

    public static void AddAddress(RtNetlink netlink, IfIndex device, IPAddress address, int prefixLength) =>
        netlink.Addresses.Add(new InterfaceAddress
        {
            Device = device,
            Address = address,
            PrefixLength = prefixLength,
            // Nobody else in a lab has it, and a duplicate search takes a second.
            Flags = address.AddressFamily == AddressFamily.InterNetworkV6 ? AddressFlags.IFA_F_NODAD : AddressFlags.None,
        });

    public static void AddRoute(RtNetlink netlink, IfIndex device, IPNetwork destination, IPAddress gateway) =>
        netlink.Routes.Add(new Route { Destination = destination, Gateway = gateway, Device = device });
}
