using System.Net;

namespace Weft.Lab.Topology;

/// <summary>A node as the topology states it.</summary>
/// <param name="Address">On the underlay.</param>
/// <param name="Address6">The same for IPv6; null: it has none.</param>
/// <param name="PodCidr">Where its pods' addresses come from.</param>
/// <param name="PodCidr6">The same for IPv6; null exactly if it has no IPv6 address: its pods have none either.</param>
/// <param name="Runtime">The container runtime that it has.</param>
public sealed record NodeSpec(
    string Name, IPAddress Address, IPAddress? Address6, IPNetwork PodCidr, IPNetwork? PodCidr6, RuntimeKind Runtime = RuntimeKind.None)
{
    public bool HasIPv6 => Address6 is not null;
}
