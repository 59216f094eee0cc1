using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Explaining;

/// <summary>Why a flow is allowed or denied.</summary>
public sealed record FlowExplanation
{
    public required PolicyFlow Flow { get; init; }

    public bool IsAllowed => Egress.Decision.IsAllowed && Ingress.Decision.IsAllowed;

    /// <summary>At the source.</summary>
    public required SideExplanation Egress { get; init; }

    /// <summary>At the destination.</summary>
    public required SideExplanation Ingress { get; init; }

    /// <summary>Of a denied flow.</summary>
    public PolicySuggestion? Suggestion { get; init; }

    /// <summary>The whole in plain words, several lines.</summary>
    /// <param name="source">What people call the source.</param>
    public string Describe(string source, string destination)
    {
        List<string> lines =
        [
            $"{(IsAllowed ? "allowed" : "denied")}: {source} -> {destination} {Flow.PortText}",
            $"  egress of {source}: {Egress}",
            $"  ingress of {destination}: {Ingress}",
        ];
        foreach (SideExplanation side in (SideExplanation[])[Egress, Ingress])
        {
            if (side is { Decision.Verdict: PolicyVerdict.DeniedByDefault, Nearest: { } nearest })
            {
                lines.Add($"  nearest {(side.Direction == TrafficDirection.Egress ? "egress" : "ingress")} rule: {nearest.Rule}");
                lines.AddRange(nearest.Differences.Select(difference => $"    {difference}"));
            }
        }

        if (Suggestion is { Yaml: { } yaml })
        {
            lines.Add("  to allow exactly this, apply:");
            lines.AddRange(yaml.TrimEnd().Split('\n').Select(line => $"    {line}"));
        }
        else if (Suggestion is { } suggestion)
        {
            lines.Add($"  {suggestion.Reason}");
        }

        return string.Join('\n', lines);
    }
}
