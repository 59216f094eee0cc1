using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Api;
using Weft.Api.Maps;
using Weft.Control.Node;
using Weft.Datapath.Maps;
using Weft.Datapath.Pinning;

namespace Weft.Agent.Http;

/// <summary>The maps of the datapath and where they are pinned; their content is read there, not through the agent.</summary>
internal sealed class MapRoutes(NodeAgent agent)
{
    private BpfRoot Root => agent.Kernel.Root;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Map, context =>
        {
            BpfMapList list = new() { Maps = [.. DatapathMapNames.Pinned.Order(StringComparer.Ordinal).Select(Show)] };
            return ApiWriter.WriteAsync(context, list, ApiJson.Default.BpfMapList);
        });
        routes.Handle(HttpMethods.Get, ApiPaths.Map + "/{name}", context =>
        {
            string name = context.PathValue("name");
            return DatapathMapNames.Pinned.Contains(name)
                ? ApiWriter.WriteAsync(context, Show(name), ApiJson.Default.BpfMap)
                : ApiWriter.WriteErrorAsync(
                    context, StatusCodes.Status404NotFound, "map-not-found", $"find map '{name}': the datapath has none of that name");
        });
    }

    private BpfMap Show(string name) => new() { Path = Root.Map(name) };
}
