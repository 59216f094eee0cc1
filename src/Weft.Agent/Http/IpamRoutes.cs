using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Api.Ipam;
using Weft.Control.Endpoints;
using Weft.Control.Ipam;
using Weft.Control.Node;
using Weft.Model.Labels;

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
        string family = context.Request.Query["family"].FirstOrDefault() ?? "";
        if (family is not ("" or "ipv4" or "ipv6"))
        {
            throw new ApiRequestException(
                $"allocate an address of family '{Printable.Excerpt(family)}': there are ipv4 and ipv6 (none: all that this node has)");
        }

        AddressPools pools = agent.Pools;
        if (family == "ipv6" && pools.IPv6 is null)
        {
            throw new ApiRequestException(AddressPools.NoIPv6("allocate an address of family 'ipv6'").Message);
        }

        string owner = context.Request.Query["owner"].FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "api";
        IpamAddressResponse? ipv4 = family == "ipv6" ? null : Reserve(pools.IPv4, owner);
        IpamAddressResponse? ipv6;
        try
        {
            ipv6 = family == "ipv4" || pools.IPv6 is null ? null : Reserve(pools.IPv6, owner);
        }
        catch when (ipv4 is not null)
        {
            pools.Release(IPAddress.Parse(ipv4.Ip!));
            throw;
        }

        IpamResponse response = new()
        {
            Address = new AddressPair { Ipv4 = ipv4?.Ip, Ipv6 = ipv6?.Ip },
            HostAddressing = cluster.LocalAddressing(),
            Ipv4 = ipv4,
            Ipv6 = ipv6,
        };
        return ApiWriter.WriteAsync(context, response, ApiJson.Default.IpamResponse, StatusCodes.Status201Created);
    }

    private static IpamAddressResponse Reserve(AddressPool pool, string owner) => new()
    {
        Ip = pool.Allocate(owner, s_reservation).ToString(),
        Gateway = pool.Router.ToString(),
        Cidrs = [pool.Cidr.ToString()],
    };

    private Task ReleaseAsync(HttpContext context)
    {
        string text = context.PathValue("ip");
        if (!IPAddress.TryParse(text, out IPAddress? address))
        {
            throw new ApiRequestException($"release address '{text}': not an IP address");
        }

        if (agent.Endpoints.Table.All.FirstOrDefault(endpoint => endpoint.Record.Addresses.Contains(address)) is { } holder)
        {
            throw new EndpointException(
                EndpointError.Conflict, $"release address {address}: endpoint {holder.Id} has it (delete the endpoint)");
        }

        if (!agent.Pools.Release(address))
        {
            return ApiWriter.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, "address-not-found",
                $"release address {address}: it is not allocated on this node");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
