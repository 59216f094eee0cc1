using System.Collections.Immutable;

namespace Weft.Policy.Documents;

/// <summary>One entry of an `ingress`, `ingressDeny`, `egress` or `egressDeny` list, its defaults filled in.</summary>
public sealed record PolicyRule
{
    public required RuleOrigin Origin { get; init; }

    public required TrafficDirection Direction { get; init; }

    public bool IsDeny { get; init; }

    /// <summary>Null: everybody. Empty: nobody, as Cilium means a rule without peers and ports.</summary>
    public ImmutableArray<PolicyPeer>? Peers { get; init; }

    /// <summary>Null: every protocol and port.</summary>
    public ImmutableArray<PortMatch>? Ports { get; init; }

    public override string ToString() => Origin.ToString();
}
