using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Api.Services;
using Weft.Control.Node;

namespace Weft.Agent.Http;

/// <summary>Services: what the node balances, and the cluster's manifests that say so.</summary>
internal sealed class ServiceRoutes(NodeAgent agent)
{
    private readonly ServicePresenter _presenter = new(agent.Services);
    private readonly ManifestChanges _manifests = new(agent.Services.Registry);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Service, context =>
            ApiWriter.WriteAsync(context, _presenter.All(), ApiJson.Default.ServiceResources));
        routes.Handle(HttpMethods.Get, ApiPaths.Service + "/{id}", GetAsync);
        routes.Handle(HttpMethods.Put, ApiPaths.Manifests, context => ChangeAsync(context, _manifests.ApplyAsync));
        routes.Handle(HttpMethods.Post, ApiPaths.ManifestDeletion, context => ChangeAsync(context, _manifests.DeleteAsync));
    }

    private Task GetAsync(HttpContext context)
    {
        string text = context.PathValue("id");
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
        {
            throw new ApiRequestException($"find service '{text}': not a number");
        }

        return _presenter.Find(id) is { } found
            ? ApiWriter.WriteAsync(context, found, ApiJson.Default.ServiceResource)
            : ApiWriter.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, "service-not-found",
                $"find service {id}: the node has none with this number (see 'weft service list')");
    }

    private static async Task ChangeAsync(HttpContext context, Func<string, CancellationToken, Task<ManifestReport>> change)
    {
        string text = await ManifestBody.ReadAsync(context).ConfigureAwait(false);
        ManifestReport report = await change(text, context.RequestAborted).ConfigureAwait(false);
        await ApiWriter.WriteAsync(context, report, ApiJson.Default.ManifestReport).ConfigureAwait(false);
    }
}
