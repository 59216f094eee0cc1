using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Api;
using Weft.Api.Identities;
using Weft.Control.Node;
using Weft.Model.Identities;

namespace Weft.Agent.Http;

/// <summary>Identities of the cluster, as far as this node has heard.</summary>
internal sealed class IdentityRoutes(NodeAgent agent)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Identity, context =>
        {
            IReadOnlyList<IdentityResource> all = [.. agent.Identities.Cache.List().Select(Show)];
            return ApiWriter.WriteAsync(context, all, ApiJson.Default.IdentityList);
        });
        routes.Handle(HttpMethods.Get, ApiPaths.Identity + "/{id}", GetAsync);
    }

    private Task GetAsync(HttpContext context)
    {
        string text = context.PathValue("id");
        if (!Identity.TryParse(text, out Identity id))
        {
            throw new ApiRequestException($"find identity '{text}': neither a number nor the name of a reserved identity");
        }

        return agent.Identities.Cache.Find(id) is { } found
            ? ApiWriter.WriteAsync(context, Show(found), ApiJson.Default.IdentityResource)
            : ApiWriter.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, "identity-not-found",
                $"find identity {id.Value}: no label set of the cluster has it (see 'weft identity list')");
    }

    private static IdentityResource Show(IdentityRecord record) =>
        new() { Id = record.Id.Value, Labels = [.. record.Labels.Select(label => label.ToString())] };
}
