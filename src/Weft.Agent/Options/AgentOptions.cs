using System.Net;
using Weft.Control.Node;
using Weft.Control.Policy;

namespace Weft.Agent.Options;

/// <summary>What the command line says, checked: every value is well formed, none has been tried on the system yet.</summary>
internal sealed record AgentOptions
{
    /// <summary>In place of a path of a cgroup: services are not translated at sockets.</summary>
    public const string NoCgroup = "none";

    /// <summary>The programs add the headers of the overlay.</summary>
    public const string EncapsulateInBpf = "bpf";

    /// <summary>The kernel's VXLAN device does.</summary>
    public const string EncapsulateByDevice = "device";

    public required string NodeName { get; init; }

    /// <summary>This node on the underlay; the IPv4 address is the outer source of every packet that it sends through the overlay.</summary>
    public required DualStack<IPAddress> NodeIp { get; init; }

    /// <summary>The underlay's device, as in "ens3".</summary>
    public required string Device { get; init; }

    /// <summary>Where the addresses of this node's pods come from; null: from the cluster's pool.</summary>
    public required DualStack<IPNetwork>? PodCidr { get; init; }

    /// <summary>Whether this agent takes part in what is done once for the whole cluster.</summary>
    public required bool Operator { get; init; }

    /// <summary>What nodes without pod CIDRs of their own get theirs from.</summary>
    public required string ClusterPool { get; init; }

    /// <summary>Prefix length of a node's IPv4 part of it.</summary>
    public required int ClusterPoolMask { get; init; }

    /// <summary>Where the nodes meet, as "sqlite:///absolute/path".</summary>
    public required string Store { get; init; }

    public required PathOptions Paths { get; init; }

    /// <summary>Directory of the cgroup whose sockets have services translated; null: that of all; <see cref="NoCgroup"/>: no one's.</summary>
    public required string? CgroupRoot { get; init; }

    /// <summary>Null: pods have the labels that their CNI plugin gives them.</summary>
    public required string? CriSocket { get; init; }

    public required ushort TunnelPort { get; init; }

    public required string ClusterName { get; init; }

    public required bool Health { get; init; }

    /// <summary>Null: as the size of the cluster asks for.</summary>
    public required TimeSpan? HealthInterval { get; init; }

    public required MasqueradeFamilies Masquerade { get; init; }

    public required IReadOnlyList<IPNetwork> NativeCidrs { get; init; }

    public required PortRange NodePorts { get; init; }

    /// <summary><see cref="EncapsulateInBpf"/> or <see cref="EncapsulateByDevice"/>.</summary>
    public required string ServiceEncapsulation { get; init; }

    public required PolicySettings Policy { get; init; }

    public required bool Verbose { get; init; }
}
