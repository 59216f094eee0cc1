using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Agent.Policies;
using Weft.Api;
using Weft.Api.Policies;
using Weft.Api.Services;
using Weft.Control.Node;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;

namespace Weft.Agent.Http;

/// <summary>Policies: what the agent enforces, and the cluster's documents that say so.</summary>
internal sealed class PolicyRoutes(NodeAgent agent)
{
    /// <summary>How documents are called in messages where the client gives them no name.</summary>
    private const string Source = "policies";

    private const int DryRunLimit = 1000;

    private readonly PolicyPresenter _presenter = new(agent);
    private readonly DenialPresenter _denials = new(agent, TimeProvider.System);
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
        routes.Handle(HttpMethods.Post, ApiPaths.PolicyDryRun, DryRunAsync);
        routes.Handle(HttpMethods.Get, ApiPaths.PolicyWhy, WhyAsync);
        routes.Handle(HttpMethods.Get, ApiPaths.PolicyLastDrop + "/{id}", LastDropAsync);
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

    private async Task DryRunAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        string text = query["limit"].ToString();
        int limit = text.Length == 0 ? DryRunLimit
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given
            : throw new ApiRequestException($"compare policies, limit '{Printable.Excerpt(text)}': not a number");
        bool isDeletion = query["delete"] == "true";
        PolicyDocuments documents = await ReadAsync(context).ConfigureAwait(false);
        PolicyDryRunReport report = await new PolicyComparison(agent, TimeProvider.System).CompareAsync(
            documents, isDeletion, limit, context.RequestAborted).ConfigureAwait(false);
        await ApiWriter.WriteAsync(context, report, ApiJson.Default.PolicyDryRunReport).ConfigureAwait(false);
    }

    private async Task WhyAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        PolicyWhyRequest request = new()
        {
            Source = Needed(query, "src"),
            Destination = Needed(query, "dst"),
            Protocol = query["protocol"].ToString() is { Length: > 0 } protocol ? protocol : PolicyWhyRequest.Tcp,
            Port = query["port"].ToString() is not { Length: > 0 } text ? null
                : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port
                : throw new ApiRequestException($"explain a flow to port '{Printable.Excerpt(text)}': not a number from 0 to 65535"),
        };
        PolicyWhyAnswer answer = await agent.Policy.AskAsync(
            engine => new PolicyQuestions(agent, engine).Why(request), context.RequestAborted).ConfigureAwait(false);
        await ApiWriter.WriteAsync(context, answer, ApiJson.Default.PolicyWhyAnswer).ConfigureAwait(false);
    }

    private async Task LastDropAsync(HttpContext context)
    {
        string text = context.PathValue("id");
        EndpointRecord? record = text == agent.Local.HostEndpoint.ToString() ? null : agent.Endpoints.Table.Find(text).Record;
        PolicyLastDenial last = await _denials.ShowAsync(
            record?.Id ?? agent.Local.HostEndpoint, record?.DisplayName ?? Identity.Host.ToString(), context.RequestAborted).ConfigureAwait(false);
        await ApiWriter.WriteAsync(context, last, ApiJson.Default.PolicyLastDenial).ConfigureAwait(false);
    }

    private static string Needed(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text
        ? text
        : throw new ApiRequestException($"explain a flow: '{name}' is not given (for example ?src=shop/front&dst=shop/db&protocol=tcp&port=5432)");

    private static async Task<PolicyDocuments> ReadAsync(HttpContext context)
    {
        string source = context.Request.Query["source"].ToString();
        return PolicyChanges.Read(
            await ManifestBody.ReadAsync(context).ConfigureAwait(false), source.Length == 0 ? Source : Printable.Excerpt(source));
    }

    private static Task WriteAsync(HttpContext context, ManifestReport report) =>
        ApiWriter.WriteAsync(context, report, ApiJson.Default.ManifestReport);
}
