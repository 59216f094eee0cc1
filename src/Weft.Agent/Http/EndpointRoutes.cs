using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Abi;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Control.Endpoints;
using Weft.Control.Node;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Endpoint = Weft.Control.Endpoints.Endpoint;

namespace Weft.Agent.Http;

/// <summary>Endpoints: made, shown, changed, removed.</summary>
internal sealed class EndpointRoutes(NodeAgent agent, EndpointPresenter presenter)
{
    private const string One = ApiPaths.Endpoint + "/{id}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Endpoint, async context => await ApiWriter.WriteAsync(
            context, await presenter.ListAsync(context.RequestAborted).ConfigureAwait(false), ApiJson.Default.EndpointList).ConfigureAwait(false));
        routes.Handle(HttpMethods.Get, One, GetAsync);
        routes.Handle(HttpMethods.Put, One, CreateAsync);
        routes.Handle(HttpMethods.Patch, One, PatchAsync);
        routes.Handle(HttpMethods.Delete, One, DeleteAsync);
        routes.Handle(HttpMethods.Get, One + "/config", context => WriteConfigAsync(context, Find(context)));
        routes.Handle(HttpMethods.Patch, One + "/config", PatchConfigAsync);
        routes.Handle(HttpMethods.Get, One + "/labels", context => ApiWriter.WriteAsync(
            context, EndpointPresenter.ShowLabels(Find(context)), ApiJson.Default.LabelConfiguration));
        routes.Handle(HttpMethods.Patch, One + "/labels", PatchLabelsAsync);
        routes.Handle(HttpMethods.Get, One + "/log", context => ApiWriter.WriteAsync(
            context, EndpointPresenter.Log(Find(context)), ApiJson.Default.EndpointLog));
        routes.Handle(HttpMethods.Get, One + "/healthz", async context => await ApiWriter.WriteAsync(
            context, await presenter.ProbeAsync(Find(context), context.RequestAborted).ConfigureAwait(false), ApiJson.Default.EndpointHealth)
            .ConfigureAwait(false));
    }

    private async Task GetAsync(HttpContext context)
    {
        bool isHost = context.PathValue("id") == agent.Local.HostEndpoint.ToString();
        EndpointResource shown = await (isHost
            ? presenter.ShowHostAsync(context.RequestAborted)
            : presenter.ShowProbedAsync(Find(context), context.RequestAborted)).ConfigureAwait(false);
        await ApiWriter.WriteAsync(context, shown, ApiJson.Default.EndpointResource).ConfigureAwait(false);
    }

    private async Task CreateAsync(HttpContext context)
    {
        if (context.PathValue("id") != "0")
        {
            throw new ApiRequestException(
                $"create endpoint {context.PathValue("id")}: the agent chooses the id (PUT {ApiPaths.Endpoint}/0)");
        }

        OpenRequest request = new(context);
        EndpointRequest wanted = EndpointRequestReader.Read(
            await request.ReadAsync(ApiJson.Default.EndpointChangeRequest).ConfigureAwait(false));
        await agent.DeferredDeletions.SettleAsync(wanted.ContainerId, wanted.ContainerInterface, context.RequestAborted).ConfigureAwait(false);
        Endpoint endpoint = await agent.Endpoints.CreateAsync(wanted, context.RequestAborted).ConfigureAwait(false);
        bool isTaken = false;
        try
        {
            EndpointResource shown = await presenter.ShowAsync(endpoint, context.RequestAborted).ConfigureAwait(false);
            await ApiWriter.WriteAsync(context, shown, ApiJson.Default.EndpointResource, StatusCodes.Status201Created).ConfigureAwait(false);
            isTaken = await request.EndsAsync().ConfigureAwait(false);
        }
        finally
        {
            await (isTaken ? KeepAsync(endpoint) : agent.Endpoints.AbandonAsync(endpoint)).ConfigureAwait(false);
        }
    }

    private static Task KeepAsync(Endpoint endpoint)
    {
        endpoint.Keep();
        return Task.CompletedTask;
    }

    /// <summary>Of a live endpoint only the labels can change; devices and addresses are what they are.</summary>
    private async Task PatchAsync(HttpContext context)
    {
        Endpoint endpoint = Find(context);
        EndpointChangeRequest body = await ApiWriter.ReadAsync(context, ApiJson.Default.EndpointChangeRequest).ConfigureAwait(false);
        LabelSet labels = EndpointRequestReader.ReadLabels(body.Labels ?? throw new ApiRequestException(
            $"change endpoint {endpoint.Id}: only 'labels' can be changed, and they are not given"));
        await agent.Endpoints.ChangeLabelsAsync(endpoint, labels, context.RequestAborted).ConfigureAwait(false);
        EndpointResource shown = await presenter.ShowAsync(endpoint, context.RequestAborted).ConfigureAwait(false);
        await ApiWriter.WriteAsync(context, shown, ApiJson.Default.EndpointResource).ConfigureAwait(false);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        Endpoint endpoint = Find(context);
        if (endpoint.Record.Identity == Identity.Health)
        {
            throw new EndpointException(
                EndpointError.Invalid,
                $"delete endpoint {endpoint.Id}: it is the node's health endpoint (start weft-agent with --health false to be without)");
        }

        await agent.Endpoints.DeleteAsync(endpoint, CancellationToken.None).ConfigureAwait(false);
        agent.EventPolicy.SetEndpoint(endpoint.Id, EventMask.None);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task PatchConfigAsync(HttpContext context)
    {
        Endpoint endpoint = Find(context);
        EndpointConfigurationSpec change = await ApiWriter.ReadAsync(
            context, ApiJson.Default.EndpointConfigurationSpec).ConfigureAwait(false);
        if (change.Options is { } changes)
        {
            Dictionary<string, string> options = new(changes, StringComparer.OrdinalIgnoreCase);
            bool? isAudited = DatapathOptions.TakeAudit(options);
            EventMask events = DatapathOptions.Apply(agent.EventPolicy.OfEndpoint(endpoint.Id), options);
            if (isAudited is { } audit)
            {
                await agent.Endpoints.ChangePolicyAuditAsync(endpoint, audit, context.RequestAborted).ConfigureAwait(false);
            }

            agent.EventPolicy.SetEndpoint(endpoint.Id, events);
        }

        await WriteConfigAsync(context, endpoint).ConfigureAwait(false);
    }

    private async Task PatchLabelsAsync(HttpContext context)
    {
        Endpoint endpoint = Find(context);
        LabelConfigurationSpec body = await ApiWriter.ReadAsync(context, ApiJson.Default.LabelConfigurationSpec).ConfigureAwait(false);
        await agent.Endpoints.ChangeLabelsAsync(
            endpoint, EndpointRequestReader.ReadLabels(body.User ?? []), context.RequestAborted).ConfigureAwait(false);
        await ApiWriter.WriteAsync(
            context, EndpointPresenter.ShowLabels(endpoint), ApiJson.Default.LabelConfiguration).ConfigureAwait(false);
    }

    private Task WriteConfigAsync(HttpContext context, Endpoint endpoint)
    {
        EndpointConfigurationSpec realized = new()
        {
            LabelConfiguration = new LabelConfigurationSpec(),
            Options = presenter.Options(endpoint),
        };
        return ApiWriter.WriteAsync(
            context, new EndpointConfigurationStatus { Realized = realized }, ApiJson.Default.EndpointConfigurationStatus);
    }

    private Endpoint Find(HttpContext context)
    {
        string name = context.PathValue("id");
        return name == agent.Local.HostEndpoint.ToString()
            ? throw new EndpointException(
                EndpointError.Invalid, $"change endpoint {name}: it is the node itself (choose a pod's, see 'weft endpoint list')")
            : agent.Endpoints.Table.Find(name);
    }
}
