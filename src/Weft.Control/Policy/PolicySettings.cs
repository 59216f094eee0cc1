using Weft.Policy.Resolution;

namespace Weft.Control.Policy;

/// <summary>What an operator decides about policy on a node.</summary>
public sealed record PolicySettings
{
    public EnforcementMode Ingress { get; init; }

    public EnforcementMode Egress { get; init; }

    /// <summary>Nothing is dropped because of policy; what would be is told.</summary>
    public bool IsAudited { get; init; }

    /// <summary>Whether policies for nodes (`nodeSelector`) are enforced for the node itself.</summary>
    public bool HasHostFirewall { get; init; }

    internal PolicyOptions ToOptions() => new() { Ingress = Ingress, Egress = Egress, HasHostFirewall = HasHostFirewall };
}
