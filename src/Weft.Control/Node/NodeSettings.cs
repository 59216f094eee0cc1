using System.Collections.Immutable;
using System.Net;
using Weft.Control.Operating;
using Weft.Control.Policy;
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

    /// <summary>On the underlay, IPv4.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>On the underlay; where the ranges are given, there if and only if <see cref="PodCidr6"/> is.</summary>
    public IPAddress? Address6 { get; init; }

    /// <summary>The underlay's.</summary>
    public required string Device { get; init; }

    /// <summary>Null: the node asks the operator for its ranges, and keeps them.</summary>
    public required PodCidr? PodCidr { get; init; }

    public PodCidr? PodCidr6 { get; init; }

    public required ushort TunnelPort { get; init; }

    public required StoreLocation Store { get; init; }

    /// <summary>What this node takes part in for the cluster; null: nothing.</summary>
    public OperatorSettings? Operator { get; init; }

    public required string StateDirectory { get; init; }

    public required BpfRoot BpfRoot { get; init; }

    /// <summary>Where the CNI plugin leaves deletions that no agent was there for.</summary>
    public required string DeferredDeletions { get; init; }

    /// <summary>Whether the node has a health endpoint and probes the cluster.</summary>
    public bool Health { get; init; } = true;

    /// <summary>Between two rounds of probes; null: as the size of the cluster asks for.</summary>
    public TimeSpan? HealthInterval { get; init; }

    /// <summary>Packets of pods to the world leave with the node's address.</summary>
    public bool MasqueradeIPv4 { get; init; } = true;

    /// <summary>The same for IPv6, where the node has it.</summary>
    public bool MasqueradeIPv6 { get; init; } = true;

    /// <summary>Ranges of the world that pods reach with their own addresses.</summary>
    public ImmutableArray<IPNetwork> NativeCidrs { get; init; } = [];

    /// <summary>Who is under policy, and how.</summary>
    public PolicySettings Policy { get; init; } = new();

    /// <summary>Ports on addresses of nodes that are looked up as services.</summary>
    public PortRange NodePorts { get; init; } = PortRange.NodePorts;

    /// <summary>What is forwarded to a service's backend on another node gets the overlay's headers in BPF, past the node's stack.</summary>
    public bool ServicesPastStack { get; init; } = true;

    /// <summary>Whose sockets have services translated; null: none's.</summary>
    public string? CgroupRoot { get; init; }

    /// <summary>Of the container runtime whose pods get their labels from it; null: there is none.</summary>
    public string? CriSocket { get; init; }
}
