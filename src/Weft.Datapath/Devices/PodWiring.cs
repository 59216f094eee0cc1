using System.Net;
using Weft.Linux;

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

    public required IPAddress Address { get; init; }

    /// <summary>On no device: the datapath answers for it.</summary>
    public required IPAddress Gateway { get; init; }

    public required MtuPlan Mtu { get; init; }
}
