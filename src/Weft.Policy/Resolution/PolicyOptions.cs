namespace Weft.Policy.Resolution;

/// <summary>What an operator decides about policy as a whole.</summary>
public sealed record PolicyOptions
{
    public EnforcementMode Ingress { get; init; }

    public EnforcementMode Egress { get; init; }

    /// <summary>The node may reach its pods unless a rule denies it: the kubelet probes them.</summary>
    public bool HostReachesPods { get; init; } = true;

    /// <summary>Whether policies for nodes (`nodeSelector`) are enforced.</summary>
    public bool HasHostFirewall { get; init; }

    public CidrMatchMode CidrMatch { get; init; }
}
