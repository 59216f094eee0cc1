using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Api;
using Weft.Api.Cni;
using Weft.Control.Endpoints;
using Weft.Control.Node;
using Weft.Model.Endpoints;
using Endpoint = Weft.Control.Endpoints.Endpoint;

namespace Weft.Agent.Http;

/// <summary>What the CNI plugin asks beyond single endpoints.</summary>
internal sealed class CniRoutes(NodeAgent agent)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.CniStatus, context => ApiWriter.WriteAsync(context, Status(), ApiJson.Default.CniStatus));
        routes.Handle(HttpMethods.Post, ApiPaths.CniCollection, CollectAsync);
    }

    /// <remarks>Failing controllers stop no ADD; without the store there is no identity for a new pod.</remarks>
    private CniStatus Status()
    {
        if (!agent.Kernel.IsNodeAttached)
        {
            return new CniStatus
            {
                IsReady = false,
                IsLimited = true,
                Reason = "the datapath is not on all of the node's devices (see the controllers in 'weft status --verbose')",
            };
        }

        string? reason = agent.Cluster.Failure is { } failure ? $"its store fails: {failure}"
            : agent.Pools.All.FirstOrDefault(pool => (UInt128)pool.Used >= pool.Capacity) is { } full
                ? $"all {full.Capacity} addresses of {full.Cidr} are in use (delete pods, or look for leaks with 'weft ipam check')"
            : null;
        return new CniStatus { IsReady = reason is null, Reason = reason };
    }

    private async Task CollectAsync(HttpContext context)
    {
        CniCollectionRequest request = await ApiWriter.ReadAsync(context, ApiJson.Default.CniCollectionRequest).ConfigureAwait(false);
        HashSet<string> valid = [.. request.ValidAttachments];
        List<string> removed = [];
        List<string> failures = [];
        foreach (Endpoint endpoint in agent.Endpoints.Table.All.Where(
            endpoint => endpoint.Record.CniNetwork == request.Network && !valid.Contains(NameOf(endpoint.Record))))
        {
            try
            {
                await agent.Endpoints.DeleteAsync(endpoint, CancellationToken.None).ConfigureAwait(false);
                removed.Add(NameOf(endpoint.Record));
            }
            catch (EndpointException error) when (error.Error == EndpointError.NotFound)
            {
                // It went by itself.
            }
            catch (EndpointException error)
            {
                failures.Add($"{NameOf(endpoint.Record)}: {error.Message}");
            }
        }

        await ApiWriter.WriteAsync(
            context, new CniCollection { Removed = removed, Failures = failures }, ApiJson.Default.CniCollection).ConfigureAwait(false);
    }

    private static string NameOf(EndpointRecord record) => $"{record.ContainerId}:{record.ContainerInterface}";
}
