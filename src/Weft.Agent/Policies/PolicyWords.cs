using Weft.Api.Policies;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Agent.Policies;

/// <summary>The words that the API has for what the engine says.</summary>
internal static class PolicyWords
{
    public static string Of(TrafficDirection direction) => direction == TrafficDirection.Ingress ? "ingress" : "egress";

    public static string Of(PolicyVerdict verdict) => verdict switch
    {
        PolicyVerdict.NotEnforced => PolicySide.NotEnforced,
        PolicyVerdict.Allowed => PolicySide.Allowed,
        PolicyVerdict.DeniedByRule => PolicySide.DeniedByRule,
        _ => PolicySide.DeniedByDefault,
    };

    public static RulePlace Of(RuleOrigin origin) => new()
    {
        Kind = origin.Policy.Kind.ToString(),
        Namespace = origin.Policy.Namespace.Length == 0 ? null : origin.Policy.Namespace,
        Name = origin.Policy.Name,
        Path = origin.Path,
        Line = origin.Line,
    };
}
