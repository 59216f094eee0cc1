using System.Net;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Netlink.Addresses;

namespace Weft.Datapath.Devices;

/// <summary>Addresses as this datapath gives them to devices.</summary>
internal static class NodeAddresses
{
    /// <summary>
    /// Without a network, as no neighbour is ever asked for; an IPv6 one without duplicate address detection, which would keep it
    /// from being used for a second and which the datapath lets nobody answer.
    /// </summary>
    public static InterfaceAddress Of(IfIndex device, IPAddress address) => new()
    {
        Device = device,
        Address = address,
        PrefixLength = address.AsPrefix().PrefixLength,
        Flags = address.IsIPv6() ? AddressFlags.IFA_F_NODAD : AddressFlags.None,
    };
}
