using System.Net;
using Weft.Datapath.Pinning;
using Weft.Model.Addressing;
using Weft.Model.Nodes;
using Weft.Store;

namespace Weft.Control.Node;

/// <summary>What a person decided for this node.</summary>
public sealed record NodeSettings
{
    public required NodeName Name { get; init; }

    public required ClusterName Cluster { get; init; }

    public required IPAddress Address { get; init; }

    /// <summary>The underlay's.</summary>
    public required string Device { get; init; }

    public required PodCidr PodCidr { get; init; }

    public required ushort TunnelPort { get; init; }

    public required StoreLocation Store { get; init; }

    public required string StateDirectory { get; init; }

    public required BpfRoot BpfRoot { get; init; }

    /// <summary>Whose sockets have services translated; null: none's.</summary>
    public string? CgroupRoot { get; init; }
}
