using System.Globalization;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Identities;
using Weft.Api.Policies;
using Weft.Cli.Hosting;
using Weft.Cli.Policies;
using Weft.Model.Identities;

namespace Weft.Cli.Maps.Policy;

/// <summary>What the agent calls the numbers in the maps. Without an agent the lists have the numbers only.</summary>
internal sealed class PolicyMapNames
{
    private readonly Dictionary<uint, IReadOnlyList<string>> _labels = ReservedIdentities.All.ToDictionary(
        reserved => reserved.Id.Value, reserved => (IReadOnlyList<string>)[.. reserved.Labels.Select(label => label.ToString())]);

    private readonly Dictionary<uint, string> _rules = [];
    private readonly Dictionary<long, string> _endpoints = [];

    public static async Task<PolicyMapNames> AskAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        PolicyMapNames names = new();
        try
        {
            using AgentClient agent = invocation.OpenAgent();
            names.Take(await agent.GetPoliciesAsync(cancellationToken));
            foreach (IdentityResource identity in await agent.GetIdentitiesAsync(cancellationToken))
            {
                names._labels[(uint)identity.Id] = identity.Labels;
            }

            foreach (EndpointResource endpoint in await agent.GetEndpointsAsync(cancellationToken))
            {
                if (endpoint.Status?.ExternalIdentifiers?.PodName is { } pod)
                {
                    names._endpoints[endpoint.Id] = pod;
                }
            }
        }
        catch (Exception error) when (error is AgentUnreachableException or AgentApiException)
        {
            await invocation.Error.WriteLineAsync($"weft: names of rules and identities are not known: {error.Message}");
        }

        return names;
    }

    public IReadOnlyList<string>? LabelsOf(uint identity) => _labels.GetValueOrDefault(identity);

    public string? RuleOf(uint number) => _rules.GetValueOrDefault(number);

    public string? EndpointOf(ushort id) => _endpoints.GetValueOrDefault(id);

    private void Take(PolicyListing listing)
    {
        foreach (PolicyResource policy in listing.Policies)
        {
            foreach (PolicyRuleResource rule in policy.Sections.SelectMany(section => section.Rules))
            {
                _rules[(uint)rule.Number] = string.Create(CultureInfo.InvariantCulture, $"{policy.Kind} {PolicyNames.Of(policy)}, {rule.Path} (line {rule.Line})");
            }
        }
    }
}
