using System.Collections.Immutable;

namespace Weft.Policy.Documents;

/// <summary>The rules of one `spec`, or of one entry of `specs`, and for whom they hold.</summary>
public sealed record PolicySpec
{
    /// <summary>Path of the section: `spec`, `specs[1]`.</summary>
    public required string Path { get; init; }

    public required int Line { get; init; }

    /// <summary>Selects nodes (`nodeSelector`) instead of endpoints: rules of the host firewall.</summary>
    public bool IsForNodes { get; init; }

    public required LabelSelector Subjects { get; init; }

    /// <summary>Whether what no rule allows is denied, at the ingress of the subjects.</summary>
    public required bool DeniesIngressByDefault { get; init; }

    public required bool DeniesEgressByDefault { get; init; }

    public string Description { get; init; } = "";

    /// <summary>In the order of the document.</summary>
    public required ImmutableArray<PolicyRule> Rules { get; init; }

    public bool DeniesByDefault(TrafficDirection direction) =>
        direction == TrafficDirection.Ingress ? DeniesIngressByDefault : DeniesEgressByDefault;
}
