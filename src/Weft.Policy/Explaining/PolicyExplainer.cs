using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Explaining;

/// <summary>Says why a flow is allowed or denied, from the tables that the datapath has and the rules that they come from.</summary>
/// <remarks>Reads the engine and changes nothing in it; not to be used while somebody else changes it.</remarks>
public sealed class PolicyExplainer(PolicyEngine engine)
{
    public FlowExplanation Why(PolicyFlow flow)
    {
        SideExplanation egress = Explain(flow, TrafficDirection.Egress);
        SideExplanation ingress = Explain(flow, TrafficDirection.Ingress);
        bool isAllowed = egress.Decision.IsAllowed && ingress.Decision.IsAllowed;
        return new FlowExplanation
        {
            Flow = flow,
            Egress = egress,
            Ingress = ingress,
            Suggestion = isAllowed ? null : Suggest(flow, [egress, ingress]),
        };
    }

    private SideExplanation Explain(PolicyFlow flow, TrafficDirection direction)
    {
        (Identity subject, Identity peer) = direction == TrafficDirection.Egress ? (flow.Source, flow.Destination) : (flow.Destination, flow.Source);
        PolicyDecision decision = engine.TableOf(subject).Lookup(direction, peer, flow.Protocol, flow.Port);
        return new SideExplanation
        {
            Direction = direction,
            Subject = subject,
            Decision = decision,
            DefaultDenyBy =
            [
                .. engine.ProfileOf(subject).Specs.Where(spec => spec.Spec.DeniesByDefault(direction)).Select(spec => spec.Origin),
            ],
            Nearest = decision.Verdict == PolicyVerdict.DeniedByDefault && engine.Find(subject) is { } known
                ? new NearestRule(engine, flow, direction).Find(known, engine.Find(peer))
                : null,
        };
    }

    private PolicySuggestion Suggest(PolicyFlow flow, ImmutableArray<SideExplanation> sides)
    {
        ImmutableArray<RuleOrigin> denying =
            [.. sides.Where(side => side.Decision.Verdict == PolicyVerdict.DeniedByRule).Select(side => side.Rule!.Origin)];
        if (!denying.IsEmpty)
        {
            return new PolicySuggestion(
                null, denying, $"a deny rule beats every rule that allows, so no document can allow this: change {string.Join(" and ", denying)}");
        }

        if (engine.Find(flow.Source) is not { } source || engine.Find(flow.Destination) is not { } destination)
        {
            return new PolicySuggestion(null, [], "an end of the flow has no identity that is known, so no document can mean it");
        }

        List<string> documents = [];
        foreach (SideExplanation side in sides.Where(side => !side.Decision.IsAllowed))
        {
            AllowingDocument document = new(engine, flow, side.Direction, source, destination);
            if (!document.TryWrite(out string? text, out string? fault))
            {
                return new PolicySuggestion(null, [], $"no document allows exactly this: {fault}");
            }

            documents.Add(text);
        }

        return new PolicySuggestion(string.Join("---\n", documents), [], null);
    }
}
