using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Api.Services;
using Weft.Control.Node;
using Weft.Model.Labels;
using Weft.Policy.Documents;

namespace Weft.Agent.Http;

/// <summary>Policies: what the agent enforces, and the cluster's documents that say so.</summary>
internal sealed class PolicyRoutes(NodeAgent agent)
{
    /// <summary>How documents are called in messages where the client gives them no name.</summary>
    private const string Source = "policies";

    private readonly PolicyPresenter _presenter = new(agent);
    private readonly PolicyChanges _changes = new(agent.Policies);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Policy, ListAsync);
        routes.Handle(HttpMethods.Put, ApiPaths.Policy, async context => await WriteAsync(
            context, await _changes.ApplyAsync(await ReadAsync(context).ConfigureAwait(false), context.RequestAborted).ConfigureAwait(false))
            .ConfigureAwait(false));
        routes.Handle(HttpMethods.Post, ApiPaths.PolicyDeletion, async context => await WriteAsync(
            context, await _changes.DeleteAsync(await ReadAsync(context).ConfigureAwait(false), context.RequestAborted).ConfigureAwait(false))
            .ConfigureAwait(false));
        routes.Handle(HttpMethods.Delete, ApiPaths.Policy, DeleteAsync);
    }

    private async Task ListAsync(HttpContext context) => await ApiWriter.WriteAsync(
        context, await _presenter.ListAsync(context.RequestAborted).ConfigureAwait(false), ApiJson.Default.PolicyListing).ConfigureAwait(false);

    private async Task DeleteAsync(HttpContext context)
    {
        PolicyReference[] named = [.. context.Request.Query["name"].Select(name => PolicyReference.Parse(name ?? ""))];
        if (named.Length == 0)
        {
            throw new ApiRequestException("delete policies: none is named (for example ?name=NetworkPolicy/default/web)");
        }

        await WriteAsync(context, await _changes.DeleteAsync(named, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task<PolicyDocuments> ReadAsync(HttpContext context)
    {
        string source = context.Request.Query["source"].ToString();
        return PolicyChanges.Read(
            await ManifestBody.ReadAsync(context).ConfigureAwait(false), source.Length == 0 ? Source : Printable.Excerpt(source));
    }

    private static Task WriteAsync(HttpContext context, ManifestReport report) =>
        ApiWriter.WriteAsync(context, report, ApiJson.Default.ManifestReport);
}
