using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Agent.Presenting;
using Weft.Api;

namespace Weft.Agent.Http;

/// <summary>How the agent and the cluster are.</summary>
internal sealed class StatusRoutes(StatusPresenter status, ClusterPresenter cluster)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Health, context => ApiWriter.WriteAsync(
            context, status.Show(), ApiJson.Default.StatusResponse));
        routes.Handle(HttpMethods.Get, ApiPaths.ClusterNodes, context => ApiWriter.WriteAsync(
            context, cluster.Show(), ApiJson.Default.ClusterNodeStatus));
    }
}
