using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Control.Node;

namespace Weft.Agent.Http;

/// <summary>How this node reaches the nodes of the cluster.</summary>
internal sealed class HealthRoutes(NodeAgent agent, HealthPresenter presenter)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.ClusterHealth, WriteAsync);
        routes.Handle(HttpMethods.Put, ApiPaths.ClusterHealthProbe, ProbeAsync);
    }

    private async Task ProbeAsync(HttpContext context)
    {
        if (agent.Health is { } health)
        {
            await health.ProbeAsync(context.RequestAborted).ConfigureAwait(false);
        }

        await WriteAsync(context).ConfigureAwait(false);
    }

    private Task WriteAsync(HttpContext context) => agent.Health is { } health
        ? ApiWriter.WriteAsync(context, presenter.Show(health.Report), ApiJson.Default.HealthStatusResponse)
        : ApiWriter.WriteErrorAsync(
            context, StatusCodes.Status404NotFound, "health-disabled",
            "look how the cluster is reached: this agent probes nothing (start it without --health false)");
}
