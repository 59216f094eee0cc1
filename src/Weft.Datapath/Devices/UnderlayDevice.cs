using System.Net;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;

namespace Weft.Datapath.Devices;

/// <summary>The device that this node reaches the others by.</summary>
public sealed record UnderlayDevice(string Name, IfIndex Index, int Mtu)
{
    /// <summary>IPv4's smallest MTU, 576 (RFC 791), and the overlay's own bytes.</summary>
    private const int MinMtu = 576 + OverlayDevice.Overhead;

    /// <summary>IPv6's smallest MTU, 1280 (RFC 8200 section 5): no packet may have to be smaller.</summary>
    private const int MinMtu6 = 1280 + OverlayDevice.Overhead;

    /// <param name="netlink">Of the node's network namespace.</param>
    /// <param name="name">Of the device.</param>
    /// <param name="nodeAddresses">Those of this node, one a family.</param>
    /// <exception cref="DatapathException">It is not there, or not as the overlay needs it.</exception>
    public static UnderlayDevice Find(RtNetlink netlink, string name, IReadOnlyCollection<IPAddress> nodeAddresses)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        ArgumentNullException.ThrowIfNull(nodeAddresses);
        Link link = (LinkName.IsValid(name) ? netlink.Links.Find(name) : null) ?? throw new DatapathException(
            $"use underlay device '{name}': there is no such device (there are "
                + $"{string.Join(", ", netlink.Links.List().Select(l => l.Name))}; choose one with --device)");
        if (!link.IsUp)
        {
            throw new DatapathException($"use underlay device {name}: it is down (set it up: 'ip link set {name} up')");
        }

        int minMtu = nodeAddresses.Any(address => address.IsIPv6()) ? MinMtu6 : MinMtu;
        if (link.Mtu < minMtu)
        {
            throw new DatapathException(
                $"use underlay device {name}: its MTU of {link.Mtu} bytes leaves too little inside the overlay (at least {minMtu} are "
                    + $"needed{(minMtu == MinMtu6 ? " for IPv6" : "")})");
        }

        RequireAddresses(name, netlink.Addresses.List(link.Index), nodeAddresses);
        return new UnderlayDevice(name, link.Index, link.Mtu);
    }

    private static void RequireAddresses(
        string name, IReadOnlyList<InterfaceAddress> there, IReadOnlyCollection<IPAddress> nodeAddresses)
    {
        foreach (IPAddress address in nodeAddresses)
        {
            InterfaceAddress found = there.FirstOrDefault(entry => entry.Address.Equals(address)) ?? throw new DatapathException(
                $"use underlay device {name}: it does not have the node's address {address} (it has "
                    + $"{(there.Count == 0 ? "none" : string.Join(", ", there.Select(entry => entry.Address)))}; give one of the "
                    + $"device's with --node-ip, or add it: 'ip addr add {address}/… dev {name}')");
            if (found.Flags.HasFlag(AddressFlags.IFA_F_DADFAILED))
            {
                throw new DatapathException(
                    $"use the node's address {address} on {name}: another machine on that network has it, so the kernel does not use it "
                        + "(duplicate address detection failed: give one of the two another address)");
            }
        }
    }
}
