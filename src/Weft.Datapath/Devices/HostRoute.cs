using System.Net;

namespace Weft.Datapath.Devices;

/// <summary>A way from this node to the pods of a range.</summary>
/// <param name="Destination">A pod CIDR.</param>
/// <param name="Router">This node's, of the same family; source of what the node sends.</param>
/// <param name="Mtu">What fits through the overlay, in bytes.</param>
public sealed record HostRoute(IPNetwork Destination, IPAddress Router, int Mtu);
