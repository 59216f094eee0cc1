using System.Net;
using Weft.Linux;

namespace Weft.Netlink.Neighbours;

/// <summary>Which hardware address an IP address on a device's link has.</summary>
public sealed record Neighbour
{
    public required IfIndex Device { get; init; }

    public required IPAddress Address { get; init; }

    /// <summary>Null while unknown.</summary>
    public HardwareAddress? HardwareAddress { get; init; }

    public NeighbourStates State { get; init; } = NeighbourStates.NUD_PERMANENT;

    /// <summary>Answer for the address in place of its owner (<c>ip neigh … proxy</c>).</summary>
    public bool IsProxy { get; init; }
}
