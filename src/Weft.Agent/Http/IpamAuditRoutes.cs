using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Api;
using Weft.Api.Ipam;
using Weft.Control.Endpoints;
using Weft.Control.Ipam;
using Weft.Control.Node;
using Weft.Datapath;
using Weft.Linux;
using Weft.Model.Endpoints;

namespace Weft.Agent.Http;

/// <summary>The node's addresses, and whether all that they are given to is there.</summary>
internal sealed class IpamAuditRoutes(NodeAgent agent)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.Ipam, context => ApiWriter.WriteAsync(context, List(), ApiJson.Default.IpamListing));
        routes.Handle(HttpMethods.Get, ApiPaths.IpamCheck, context => CheckAsync(context, repair: false));
        routes.Handle(HttpMethods.Post, ApiPaths.IpamCheck, context => CheckAsync(context, repair: true));
    }

    private IpamListing List()
    {
        Dictionary<string, EndpointRecord> owners = agent.Endpoints.Table.All.Select(endpoint => endpoint.Record)
            .SelectMany(record => record.Addresses.Select(address => (Address: address.ToString(), Record: record)))
            .DistinctBy(pair => pair.Address).ToDictionary(pair => pair.Address, pair => pair.Record);
        return new IpamListing
        {
            Pools =
            [
                .. agent.Pools.All.Select(pool => new IpamPool
                {
                    Cidr = pool.Cidr.ToString(),
                    Gateway = pool.Router.ToString(),
                    Used = pool.Used,
                    Capacity = pool.Capacity.ToString(CultureInfo.InvariantCulture),
                }),
            ],
            Allocations = [.. agent.Pools.All.SelectMany(pool => pool.List()).Select(given => Show(given, owners))],
        };
    }

    private static IpamAllocation Show(AddressAllocation given, Dictionary<string, EndpointRecord> owners)
    {
        EndpointRecord? record = owners.GetValueOrDefault(given.Address.ToString());
        return new IpamAllocation
        {
            Address = given.Address.ToString(),
            Owner = given.Owner,
            Endpoint = record?.Id.Value,
            InterfaceName = record?.HostInterface,
            IsReserved = given.IsReservation,
        };
    }

    private async Task CheckAsync(HttpContext context, bool repair)
    {
        AllocationAudit audit = new(agent.Local, agent.Kernel, agent.Pools, agent.Endpoints);
        List<IpamProblem> problems = [];
        foreach (AllocationProblem problem in await audit.LookAsync(context.RequestAborted).ConfigureAwait(false))
        {
            string? failure = repair ? await RepairAsync(problem).ConfigureAwait(false) : null;
            problems.Add(new IpamProblem
            {
                Kind = JsonNamingPolicy.KebabCaseLower.ConvertName(problem.Kind.ToString()),
                Subject = problem.Subject,
                Message = problem.Message,
                IsRepaired = repair && failure is null,
                Failure = failure,
            });
        }

        await ApiWriter.WriteAsync(context, new IpamCheck { Problems = problems }, ApiJson.Default.IpamCheck).ConfigureAwait(false);
    }

    private static async Task<string?> RepairAsync(AllocationProblem problem)
    {
        try
        {
            await problem.RepairAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (error is EndpointException or AddressPoolException or LinuxException or DatapathException)
        {
            return error.Message;
        }
    }
}
