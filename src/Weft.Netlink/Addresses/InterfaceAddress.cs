using System.Net;
using Weft.Linux;
using Weft.Netlink.Routes;

namespace Weft.Netlink.Addresses;

/// <summary>An address of a device, to be added or as the kernel reports it.</summary>
public sealed record InterfaceAddress
{
    public required IfIndex Device { get; init; }

    public required IPAddress Address { get; init; }

    public required int PrefixLength { get; init; }

    /// <summary>The other end of a point-to-point link; null is none.</summary>
    public IPAddress? Peer { get; init; }

    /// <summary>Only IPv4; null is none.</summary>
    public IPAddress? Broadcast { get; init; }

    public RouteScope Scope { get; init; } = RouteScope.Universe;

    /// <summary>IFA_F_*, as reported.</summary>
    public AddressFlags Flags { get; init; }

    public override string ToString() => $"{Address}/{PrefixLength}";
}
