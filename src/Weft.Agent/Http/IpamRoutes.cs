using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Api.Ipam;
using Weft.Control.Endpoints;
using Weft.Control.Node;

namespace Weft.Agent.Http;

/// <summary>Addresses that a client takes before it makes an endpoint of them.</summary>
internal sealed class IpamRoutes(NodeAgent agent, ClusterPresenter cluster)
{
    /// <summary>A client that died in between must not keep the address for ever.</summary>
    private static readonly TimeSpan s_reservation = TimeSpan.FromMinutes(10);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Post, ApiPaths.Ipam, ReserveAsync);
        routes.Handle(HttpMethods.Delete, ApiPaths.Ipam + "/{ip}", ReleaseAsync);
    }

    private Task ReserveAsync(HttpContext context)
    {
        string? family = context.Request.Query["family"];
        if (family is not (null or "" or "ipv4"))
        {
            throw new ApiRequestException($"allocate an address of family '{family}': this agent has IPv4 addresses only (family=ipv4)");
        }

        string owner = context.Request.Query["owner"].FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "api";
        string ip = agent.Pool.Allocate(owner, s_reservation).ToString();
        IpamResponse response = new()
        {
            Address = new AddressPair { Ipv4 = ip },
            HostAddressing = cluster.LocalAddressing(),
            Ipv4 = new IpamAddressResponse { Ip = ip, Gateway = agent.Pool.Router.ToString(), Cidrs = [agent.Pool.Cidr.ToString()] },
        };
        return ApiWriter.WriteAsync(context, response, ApiJson.Default.IpamResponse, StatusCodes.Status201Created);
    }

    private Task ReleaseAsync(HttpContext context)
    {
        string text = context.PathValue("ip");
        if (!IPAddress.TryParse(text, out IPAddress? address))
        {
            throw new ApiRequestException($"release address '{text}': not an IP address");
        }

        if (agent.Endpoints.Table.All.FirstOrDefault(endpoint => address.Equals(endpoint.Record.IPv4)) is { } holder)
        {
            throw new EndpointException(
                EndpointError.Conflict, $"release address {address}: endpoint {holder.Id} has it (delete the endpoint)");
        }

        if (!agent.Pool.Release(address))
        {
            return ApiWriter.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, "address-not-found",
                $"release address {address}: it is not allocated on this node");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
