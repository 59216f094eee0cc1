using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Abi;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Api.Config;
using Weft.Control.Node;

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
        SortedDictionary<string, string> options = DatapathOptions.Describe(agent.EventPolicy.Baseline);
        options[DatapathOption.MonitorAggregationLevel] = agent.EventPolicy.Aggregation.ToString();
        DaemonConfigurationSpec spec = new() { Options = options, PolicyEnforcement = "never" };
        return new DaemonConfiguration
        {
            Spec = spec,
            Status = new DaemonConfigurationStatus
            {
                Addressing = cluster.LocalAddressing(),
                DaemonConfigurationMap = startOptions,
                DatapathMode = "veth",
                DeviceMtu = agent.Local.Mtu.Device,
                Immutable = new Dictionary<string, string> { ["PolicyEnforcement"] = "never" },
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
        if (change.PolicyEnforcement is not (null or "never"))
        {
            throw new ApiRequestException(
                $"change policy enforcement to '{change.PolicyEnforcement}': this agent enforces no policy yet (only 'never' is possible)");
        }

        Dictionary<string, string> options = new(change.Options ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        Aggregation? aggregation = options.Remove(DatapathOption.MonitorAggregationLevel, out string? level)
            ? DatapathOptions.ParseAggregation(level)
            : null;
        agent.EventPolicy.Baseline = DatapathOptions.Apply(agent.EventPolicy.Baseline, options);
        agent.EventPolicy.Aggregation = aggregation ?? agent.EventPolicy.Aggregation;
        await ApiWriter.WriteAsync(context, Show(), ApiJson.Default.DaemonConfiguration).ConfigureAwait(false);
    }
}
