using System.Net;
using Weft.Agent.Http;
using Weft.Api.Policies;
using Weft.Control.Node;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Explaining;
using Weft.Policy.Resolution;

namespace Weft.Agent.Policies;

/// <summary>Answers why flows are allowed or denied. Made for one question to the engine.</summary>
internal sealed class PolicyQuestions(NodeAgent agent, PolicyEngine engine)
{
    private const byte EchoRequest = 8;
    private const byte EchoRequest6 = 128;

    private readonly PolicyEnds _ends = new(agent, engine);
    private readonly PolicyExplainer _explainer = new(engine);

    public PolicyEnds Ends => _ends;

    /// <exception cref="ApiRequestException">It is not clear who is meant, or on which port.</exception>
    public PolicyWhyAnswer Why(PolicyWhyRequest request)
    {
        if (ServiceBackends.IsService(request.Source))
        {
            throw new ApiRequestException($"explain flows of {Printable.Excerpt(request.Source)}: a service begins none (give one of its pods)");
        }

        PolicyEnd source = _ends.Find(request.Source);
        (byte protocol, IReadOnlyList<PolicyTarget> targets) = Targets(request, source);
        return new PolicyWhyAnswer { Flows = [.. targets.Select(target => Explain(source, target, protocol))] };
    }

    public PolicyFlowVerdict Explain(PolicyEnd source, PolicyTarget target, byte protocol)
    {
        // On other nodes this one is a node like others, whatever it is to itself.
        PolicyFlow own = new(source.Identity, target.End.Identity, protocol, target.Port);
        PolicyFlow seen = own with { Source = AsSeenBy(target.End, source), Destination = AsSeenBy(source, target.End) };
        FlowExplanation why = _explainer.Why(own);
        FlowExplanation there = seen == own ? why : _explainer.Why(seen);
        SideExplanation egress = seen.Source == own.Source ? there.Egress : why.Egress;
        SideExplanation ingress = seen.Destination == own.Destination ? there.Ingress : why.Ingress;
        bool isAllowed = egress.Decision.IsAllowed && ingress.Decision.IsAllowed;
        PolicySuggestion? suggestion = isAllowed ? null : there.Suggestion ?? why.Suggestion;
        return new PolicyFlowVerdict
        {
            Source = Show(source),
            Destination = Show(target.End),
            Service = target.Service,
            Protocol = Protocols.NameOf(protocol),
            Port = target.Port,
            IsAllowed = isAllowed,
            Egress = Show(egress, source),
            Ingress = Show(ingress, target.End),
            Suggestion = suggestion?.Yaml,
            NoSuggestion = suggestion?.Reason,
        };
    }

    private (byte Protocol, IReadOnlyList<PolicyTarget> Targets) Targets(PolicyWhyRequest request, PolicyEnd source)
    {
        if (request.Protocol is PolicyWhyRequest.Icmp or PolicyWhyRequest.Icmpv6)
        {
            PolicyEnd end = ServiceBackends.IsService(request.Destination)
                ? throw new ApiRequestException($"explain ICMP to {Printable.Excerpt(request.Destination)}: services have none (give a pod)")
                : _ends.Find(request.Destination);
            bool is6 = request.Protocol == PolicyWhyRequest.Icmpv6 || source.Address?.IsIPv6() == true || end.Address?.IsIPv6() == true;
            return (is6 ? Protocols.Icmpv6 : Protocols.Icmp, [new PolicyTarget(end, request.Port ?? (is6 ? EchoRequest6 : EchoRequest))]);
        }

        byte protocol = request.Protocol switch
        {
            PolicyWhyRequest.Tcp => Protocols.Tcp,
            PolicyWhyRequest.Udp => Protocols.Udp,
            PolicyWhyRequest.Sctp => Protocols.Sctp,
            _ => throw new ApiRequestException($"explain protocol '{Printable.Excerpt(request.Protocol)}': it is one of tcp, udp, sctp, icmp, icmpv6"),
        };
        ServiceBackends services = new(agent.Services.View.Table, _ends);
        if (ServiceBackends.IsService(request.Destination))
        {
            return (protocol, services.Find(request.Destination, protocol, request.Port));
        }

        if (request.Port is not { } port)
        {
            throw new ApiRequestException(
                $"explain {Protocols.NameOf(protocol)} to {Printable.Excerpt(request.Destination)}: which port? (write DESTINATION:PORT, or DESTINATION/icmp for a ping)");
        }

        bool isAddress = AddressText.TryParse(request.Destination.Trim('[', ']'), out IPAddress? address);
        return isAddress && services.Find(address!, protocol, port) is { Count: > 0 } behind
            ? (protocol, behind)
            : (protocol, [new PolicyTarget(_ends.Find(request.Destination), port)]);
    }

    private Identity AsSeenBy(PolicyEnd observer, PolicyEnd end) =>
        end.Identity == Identity.Host && observer.Node is { } node && node != agent.Local.Name.Value ? Identity.RemoteNode : end.Identity;

    private PolicyFlowEnd Show(PolicyEnd end) => new()
    {
        Name = end.Name,
        Identity = end.Identity.Value,
        Labels = _ends.LabelsOf(end.Identity),
        Address = end.Address?.ToString(),
        Endpoint = end.Endpoint?.Value,
        Node = end.Node,
    };

    private PolicySide Show(SideExplanation side, PolicyEnd end) => new()
    {
        Verdict = PolicyWords.Of(side.Decision.Verdict),
        Reason = side.ToString(),
        IsAudited = !side.Decision.IsAllowed && IsAudited(end),
        Rule = side.Rule is { } rule ? PolicyWords.Of(rule.Origin) : null,
        DefaultDenyBy = [.. side.DefaultDenyBy.Select(PolicyWords.Of)],
        Nearest = side.Nearest is not { } nearest ? null : new PolicyNearMiss
        {
            Rule = PolicyWords.Of(nearest.Rule),
            Differences =
            [
                .. nearest.Differences.Select(difference => new PolicyDifference
                {
                    Field = difference.Field,
                    Place = PolicyWords.Of(difference.Place),
                    Written = difference.Written,
                    Actual = difference.Actual,
                }),
            ],
        },
    };

    /// <summary>Of endpoints elsewhere that is not known here.</summary>
    private bool IsAudited(PolicyEnd end) => end.Endpoint is { } id
        && (agent.Policy.Settings.IsAudited || agent.Endpoints.Table.TryFind(id)?.Record.IsPolicyAudited == true);
}
