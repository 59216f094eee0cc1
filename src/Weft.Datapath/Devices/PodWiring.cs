using System.Collections.Immutable;
using Weft.Linux;
using Weft.Model.Addressing;

namespace Weft.Datapath.Devices;

/// <summary>How a pod is to be connected to its node.</summary>
public sealed record PodWiring
{
    /// <summary>The node's side of the veth pair.</summary>
    public required string HostInterface { get; init; }

    public required HardwareAddress HostMac { get; init; }

    /// <summary>The pod's side.</summary>
    public required string ContainerInterface { get; init; }

    public required HardwareAddress Mac { get; init; }

    /// <summary>One a family. Without an IPv6 one the pod has no IPv6 at all.</summary>
    public required ImmutableArray<PodAddress> Addresses { get; init; }

    public required MtuPlan Mtu { get; init; }

    internal bool HasIPv6 => Addresses.Any(address => address.Address.IsIPv6());
}
