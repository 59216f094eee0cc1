using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;

namespace Weft.Datapath.Devices;

/// <summary>The VXLAN device that the datapath sends through: <c>external</c>, so each packet brings its own VNI and remote node.</summary>
public static class OverlayDevice
{
    public const string Name = "weft_vxlan";

    /// <summary>Bytes that VXLAN over IPv4 adds to an IP packet: Ethernet 14, IPv4 20, UDP 8, VXLAN 8.</summary>
    public const int Overhead = 50;

    private const string VxlanKind = "vxlan";

    /// <summary>Makes the device, or keeps the one that is there if it is as wanted; repairs MTU and state of that.</summary>
    /// <remarks>
    /// The MTU is the underlay's: pods on one node may use it whole, and routes through the overlay carry the smaller one.
    /// </remarks>
    /// <param name="netlink">Of the calling thread's network namespace.</param>
    /// <param name="mtu">In bytes.</param>
    /// <param name="port">UDP, of all nodes.</param>
    /// <param name="hasIPv6">Whether this node's own IPv6 address is reached through the overlay, by the stack on this device.</param>
    /// <exception cref="DatapathException">The name or the port is taken by something that is not ours.</exception>
    /// <returns>Its index, and whether it was made now.</returns>
    public static (IfIndex Index, bool Made) Ensure(RtNetlink netlink, int mtu, ushort port, bool hasIPv6)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        Link? found = netlink.Links.Find(Name);
        if (found is not null && !IsOurs(found))
        {
            throw new DatapathException(
                $"make device {Name}: a device of that name exists and is not ours ({Describe(found)}): delete it ('ip link del {Name}') "
                    + "or rename it");
        }

        if (found is not null && found.Vxlan?.Port != port)
        {
            netlink.Links.Delete(found.Index);
            found = null;
        }

        if (found is null)
        {
            return (Create(netlink, mtu, port, hasIPv6), true);
        }

        Configure(hasIPv6);

        if (found.Mtu != mtu || !found.IsUp)
        {
            netlink.Links.Change(found.Index, new LinkSettings { Mtu = mtu, Up = true });
        }

        return (found.Index, false);
    }

    /// <returns>False if there was none.</returns>
    public static bool Remove(RtNetlink netlink)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        return netlink.Links.Find(Name) is { } found && IsOurs(found) && netlink.Links.Delete(found.Index);
    }

    private static void Configure(bool hasIPv6)
    {
        NetworkSettings.Quieten(Name, hasIPv6);
        NetworkSettings.AcceptAnySource(Name);
    }

    private static IfIndex Create(RtNetlink netlink, int mtu, ushort port, bool hasIPv6)
    {
        LinkSettings settings = new() { Mtu = mtu, GenerateIPv6Address = false };
        try
        {
            netlink.Links.CreateVxlan(Name, new VxlanSettings { CollectMetadata = true, Port = port, Learning = false }, settings);
            IfIndex index = netlink.Links.Get(Name).Index;
            Configure(hasIPv6);
            // The socket is opened here, not at creation.
            netlink.Links.SetUp(index);
            return index;
        }
        catch (NetlinkException error) when (error.Errno is Errno.EADDRINUSE or Errno.EEXIST)
        {
            netlink.Links.Delete(Name);
            throw new DatapathException(
                $"open UDP port {port} for device {Name}: {error.Errno.Describe()}: a process or another VXLAN device has it ('ss -ulnp', "
                    + "'ip -d link show type vxlan'): free it, or give all nodes another --tunnel-port", error);
        }
        catch
        {
            netlink.Links.Delete(Name);
            throw;
        }
    }

    private static bool IsOurs(Link link) => link.Kind == VxlanKind && link.Vxlan is { CollectMetadata: true };

    private static string Describe(Link link) =>
        link.Kind == VxlanKind ? $"kind vxlan, VNI {link.Vxlan?.Vni}" : $"kind {link.Kind ?? "none"}";
}
