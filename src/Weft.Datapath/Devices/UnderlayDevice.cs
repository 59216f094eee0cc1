using System.Net;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;

namespace Weft.Datapath.Devices;

/// <summary>The device that this node reaches the others by.</summary>
public sealed record UnderlayDevice(string Name, IfIndex Index, int Mtu)
{
    /// <summary>IPv4's smallest MTU, 576 (RFC 791), and the overlay's own bytes.</summary>
    private const int MinMtu = 576 + OverlayDevice.Overhead;

    /// <exception cref="DatapathException">It is not there, or not as the overlay needs it.</exception>
    public static UnderlayDevice Find(RtNetlink netlink, string name, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        ArgumentNullException.ThrowIfNull(address);
        Link link = (LinkName.IsValid(name) ? netlink.Links.Find(name) : null) ?? throw new DatapathException(
            $"use underlay device '{name}': there is no such device (there are "
                + $"{string.Join(", ", netlink.Links.List().Select(l => l.Name))}; choose one with --device)");
        if (!link.IsUp)
        {
            throw new DatapathException($"use underlay device {name}: it is down (set it up: 'ip link set {name} up')");
        }

        if (link.Mtu < MinMtu)
        {
            throw new DatapathException(
                $"use underlay device {name}: its MTU of {link.Mtu} bytes leaves too little inside the overlay (at least {MinMtu} are "
                    + "needed)");
        }

        IPAddress[] addresses = [.. netlink.Addresses.List(link.Index).Select(entry => entry.Address)];
        if (!addresses.Contains(address))
        {
            throw new DatapathException(
                $"use underlay device {name}: it does not have the node's address {address} (it has "
                    + $"{(addresses.Length == 0 ? "none" : string.Join<IPAddress>(", ", addresses))}; give one of the device's with "
                    + $"--node-ip, or add it: 'ip addr add {address}/… dev {name}')");
        }

        return new UnderlayDevice(name, link.Index, link.Mtu);
    }
}
