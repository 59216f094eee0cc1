using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Explaining;

/// <summary>What one end of a flow says to it, and why.</summary>
public sealed record SideExplanation
{
    public required TrafficDirection Direction { get; init; }

    /// <summary>Whose policy it is: the source at egress, the destination at ingress.</summary>
    public required Identity Subject { get; init; }

    public required PolicyDecision Decision { get; init; }

    /// <summary>The rule that decided; null: none did.</summary>
    public PolicyRule? Rule => Decision.Entry?.Rule?.Rule;

    /// <summary>The sections that select the subject, so that what no rule allows is denied. Empty: the enforcement mode alone does it.</summary>
    public required ImmutableArray<RuleOrigin> DefaultDenyBy { get; init; }

    /// <summary>Of a denial by default; null: there is no rule that allows anything in this direction.</summary>
    public NearMiss? Nearest { get; init; }

    /// <summary>One sentence without subject: `denied by …`.</summary>
    public override string ToString() => Decision.Verdict switch
    {
        PolicyVerdict.NotEnforced => "allowed: no policy is enforced in this direction",
        PolicyVerdict.Allowed when Rule is { } rule => $"allowed by {rule.Origin}",
        PolicyVerdict.Allowed when Decision.Peer == Identity.Host => "allowed: a node may reach its own pods",
        PolicyVerdict.Allowed => "allowed: no policy denies by default here, and no rule denies it",
        PolicyVerdict.DeniedByRule => $"denied by {Rule?.Origin}",
        _ when DefaultDenyBy.IsEmpty => "denied by default: the enforcement mode is 'always', and no rule allows it",
        _ => $"denied by default, since no rule allows it and it is selected by {string.Join(" and ", DefaultDenyBy)}",
    };
}
