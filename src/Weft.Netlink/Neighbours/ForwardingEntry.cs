using System.Net;
using Weft.Linux;

namespace Weft.Netlink.Neighbours;

/// <summary>Where frames to a hardware address go: a port of a bridge, or a remote node of a VXLAN device.</summary>
public sealed record ForwardingEntry
{
    /// <summary>The VXLAN device, or the port.</summary>
    public required IfIndex Device { get; init; }

    /// <summary>All zeros, on a VXLAN device, is for every address without an entry.</summary>
    public required HardwareAddress Address { get; init; }

    /// <summary>Remote node, on a VXLAN device.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>UDP port of the remote node, where it differs from the device's.</summary>
    public ushort? Port { get; init; }

    /// <summary>VNI to the remote node, where it differs from the device's.</summary>
    public uint? Vni { get; init; }

    /// <summary>Bridge that the entry belongs to, as reported.</summary>
    public IfIndex Master { get; init; }

    /// <summary>In the device's own table (<c>self</c>), as VXLAN has one; otherwise in its bridge's (<c>master</c>).</summary>
    public bool IsSelf { get; init; } = true;

    public NeighbourStates State { get; init; } = NeighbourStates.NUD_PERMANENT;
}
