using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Api;
using Weft.Api.Identities;
using Weft.Control.Node;
using Weft.Model.Identities;

namespace Weft.Agent.Http;

/// <summary>Identities of the cluster, as far as this node has heard, and its own of prefixes that policies name.</summary>
internal sealed class IdentityRoutes(NodeAgent agent)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Identity, ListAsync);
        routes.Handle(HttpMethods.Get, ApiPaths.Identity + "/{id}", GetAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        IdentityRecord[] ofPrefixes = await PrefixesAsync(context).ConfigureAwait(false);
        IReadOnlyList<IdentityResource> all = [.. agent.Identities.Cache.List().Concat(ofPrefixes).Select(Show)];
        await ApiWriter.WriteAsync(context, all, ApiJson.Default.IdentityList).ConfigureAwait(false);
    }

    private async Task GetAsync(HttpContext context)
    {
        string text = context.PathValue("id");
        if (!Identity.TryParse(text, out Identity id))
        {
            throw new ApiRequestException($"find identity '{text}': neither a number nor the name of a reserved identity");
        }

        IdentityRecord? found = agent.Identities.Cache.Find(id)
            ?? (await PrefixesAsync(context).ConfigureAwait(false)).FirstOrDefault(prefix => prefix.Id == id);
        await (found is not null
            ? ApiWriter.WriteAsync(context, Show(found), ApiJson.Default.IdentityResource)
            : ApiWriter.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, "identity-not-found",
                $"find identity {id.Value}: no label set of the cluster has it (see 'weft identity list')")).ConfigureAwait(false);
    }

    /// <summary>Of addresses outside that policies tell from others; they are of this node only.</summary>
    private Task<IdentityRecord[]> PrefixesAsync(HttpContext context) => agent.Policy.AskAsync(
        engine => engine.Prefixes.Select(prefix => new IdentityRecord(prefix.Identity, prefix.Labels)).OrderBy(prefix => prefix.Id).ToArray(),
        context.RequestAborted);

    private static IdentityResource Show(IdentityRecord record) =>
        new() { Id = record.Id.Value, Labels = [.. record.Labels.Select(label => label.ToString())] };
}
