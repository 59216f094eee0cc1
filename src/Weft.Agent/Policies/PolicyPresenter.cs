using Weft.Api.Policies;
using Weft.Control.Node;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Agent.Policies;

/// <summary>Policies as the API shows them.</summary>
internal sealed class PolicyPresenter(NodeAgent agent)
{
    public Task<PolicyListing> ListAsync(CancellationToken cancellationToken)
    {
        (EndpointId Id, Identity Identity)[] endpoints =
            [.. agent.Endpoints.Table.All.Select(endpoint => (endpoint.Id, endpoint.Record.Identity)), (agent.Local.HostEndpoint, Identity.Host)];
        return agent.Policy.AskAsync(engine => List(engine, endpoints), cancellationToken);
    }

    private PolicyListing List(PolicyEngine engine, (EndpointId Id, Identity Identity)[] endpoints)
    {
        Dictionary<RuleOrigin, uint> numbers = engine.RulesByNumber().ToDictionary(rule => rule.Value.Origin, rule => rule.Key);
        ILookup<PolicyName, long> selected = endpoints
            .SelectMany(endpoint => engine.PoliciesOf(endpoint.Identity).Select(policy => (Policy: policy, endpoint.Id)))
            .ToLookup(pair => pair.Policy, pair => (long)pair.Id.Value);
        return new PolicyListing
        {
            Revision = agent.Policy.Revision,
            Policies = [.. engine.Policies.Select(policy => Show(policy, numbers, [.. selected[policy.Name].Order()]))],
        };
    }

    private static PolicyResource Show(PolicyDocument policy, Dictionary<RuleOrigin, uint> numbers, IReadOnlyList<long> endpoints) => new()
    {
        Kind = policy.Name.Kind.ToString(),
        Namespace = policy.Name.Namespace.Length == 0 ? null : policy.Name.Namespace,
        Name = policy.Name.Name,
        Sections = [.. policy.Specs.Select(spec => Show(spec, numbers))],
        Endpoints = endpoints,
        FirstLine = policy.FirstLine,
        Text = policy.Text,
    };

    private static PolicySection Show(PolicySpec spec, Dictionary<RuleOrigin, uint> numbers) => new()
    {
        Path = spec.Path,
        Line = spec.Line,
        Description = spec.Description.Length == 0 ? null : spec.Description,
        Subjects = spec.Subjects.ToString(),
        IsForNodes = spec.IsForNodes,
        DefaultDeny =
        [
            .. ((TrafficDirection[])[TrafficDirection.Ingress, TrafficDirection.Egress]).Where(spec.DeniesByDefault).Select(PolicyWords.Of),
        ],
        Rules = [.. spec.Rules.Select(rule => Show(rule, numbers.GetValueOrDefault(rule.Origin)))],
    };

    private static PolicyRuleResource Show(PolicyRule rule, uint number) => new()
    {
        Number = number,
        Path = rule.Origin.Path,
        Line = rule.Origin.Line,
        Direction = PolicyWords.Of(rule.Direction),
        Action = rule.IsDeny ? "deny" : "allow",
        Peers = rule.Peers is { } peers ? [.. peers.Select(peer => peer.ToString())] : null,
        Ports = rule.Ports is { } ports ? [.. ports.Select(port => port.ToString())] : null,
    };
}
