using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Abi;
using Weft.Agent.Options;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Api.Config;
using Weft.Control.Node;
using Weft.Control.Policy;
using Weft.Model.Labels;

namespace Weft.Agent.Http;

/// <summary>What the agent was started with, and what can be changed while packets flow.</summary>
internal sealed class ConfigRoutes(
    NodeAgent agent, StatusPresenter status, ClusterPresenter cluster, IReadOnlyDictionary<string, string> startOptions)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Config, context => ApiWriter.WriteAsync(
            context, Show(), ApiJson.Default.DaemonConfiguration));
        routes.Handle(HttpMethods.Patch, ApiPaths.Config, ChangeAsync);
    }

    private DaemonConfiguration Show()
    {
        PolicySettings policy = agent.Policy.Settings;
        string enforcement = EnforcementText.Of(policy);
        SortedDictionary<string, string> options = DatapathOptions.Describe(agent.EventPolicy.Baseline, policy.IsAudited);
        options[DatapathOption.PolicyEnforcement] = enforcement;
        options[DatapathOption.MonitorAggregationLevel] = agent.EventPolicy.Aggregation.ToString();
        DaemonConfigurationSpec spec = new() { Options = options, PolicyEnforcement = enforcement };
        return new DaemonConfiguration
        {
            Spec = spec,
            Status = new DaemonConfigurationStatus
            {
                Addressing = cluster.LocalAddressing(),
                DaemonConfigurationMap = startOptions,
                DatapathMode = "veth",
                DeviceMtu = agent.Local.Mtu.Device,
                Immutable = new Dictionary<string, string> { ["HostFirewall"] = policy.HasHostFirewall ? DatapathOption.Enabled : DatapathOption.Disabled },
                IpamMode = "cluster-pool",
                KvstoreConfiguration = new KvstoreConfiguration
                {
                    Type = "sqlite",
                    Options = new Dictionary<string, string> { ["location"] = agent.Store.Location },
                },
                Masquerade = false,
                NodeMonitor = status.Monitor(),
                Realized = spec,
                RouteMtu = agent.Local.Mtu.Route,
            },
        };
    }

    private async Task ChangeAsync(HttpContext context)
    {
        DaemonConfigurationSpec change = await ApiWriter.ReadAsync(context, ApiJson.Default.DaemonConfigurationSpec).ConfigureAwait(false);
        Dictionary<string, string> options = new(change.Options ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        Aggregation? aggregation = options.Remove(DatapathOption.MonitorAggregationLevel, out string? level)
            ? DatapathOptions.ParseAggregation(level)
            : null;
        PolicySettings policy = PolicyAfter(options, change.PolicyEnforcement);
        EventMask events = DatapathOptions.Apply(agent.EventPolicy.Baseline, options);
        if (policy != agent.Policy.Settings)
        {
            await agent.Policy.SetAsync(policy, context.RequestAborted).ConfigureAwait(false);
        }

        agent.EventPolicy.Baseline = events;
        agent.EventPolicy.Aggregation = aggregation ?? agent.EventPolicy.Aggregation;
        await ApiWriter.WriteAsync(context, Show(), ApiJson.Default.DaemonConfiguration).ConfigureAwait(false);
    }

    /// <summary>Takes what concerns policy out of the options.</summary>
    private PolicySettings PolicyAfter(Dictionary<string, string> options, string? enforcement)
    {
        PolicySettings policy = agent.Policy.Settings;
        policy = policy with { IsAudited = DatapathOptions.TakeAudit(options) ?? policy.IsAudited };
        enforcement = options.Remove(DatapathOption.PolicyEnforcement, out string? option) ? option : enforcement;
        return enforcement is null || EnforcementText.TryParse(enforcement, policy, out policy)
            ? policy
            : throw new ApiRequestException(
                $"change policy enforcement to '{Printable.Excerpt(enforcement)}': it is one of {EnforcementText.Words}, or ingress=MODE,egress=MODE");
    }
}
