using System.Net;
using Weft.Abi;
using Weft.Model.Services;
using Weft.Services;

namespace Weft.Control.Tests.Services;

/// <summary>
/// Random changes, restarts and tables that are full now and then. Every write keeps the order that the fake tables check; and once
/// there is room, they say what the view says.
/// </summary>
public sealed class ServiceReconcilerOracleTests
{
    [Fact]
    public async Task The_tables_come_to_say_what_the_view_says()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int run = 0; run < 10; run++)
        {
            Reconciled node = Reconciled.New();
            Dictionary<string, ServiceRecord> services = [];
            Dictionary<string, EndpointSliceRecord> slices = [];
            for (int step = 0; step < 60; step++)
            {
                string where = $"seed {seed}, run {run}, step {step}";
                await ChangeAsync(random, node, services, slices);
                if (random.Next(10) == 0)
                {
                    node = await RestartAsync(node, services.Values, slices.Values);
                }

                Limit(random, node.Maps);
                await Guard(where, node.RunAsync);
                Limit(null, node.Maps);
                // What was left out for want of room is there after two runs: the first may have to remove something first.
                await Guard(where, node.RunAsync);
                string? failure = await Guard(where, node.RunAsync);
                Assert.True(failure is null, $"{where}: {failure}");
                AssertSame(node, where);
            }
        }
    }

    private static void AssertSame(Reconciled node, string where)
    {
        string wanted = string.Join('\n', node.Table.Frontends.Values.Select(Line).Order(StringComparer.Ordinal));
        string actual = string.Join('\n', node.Maps.Frontends.Values.Select(f =>
            $"{f.Key} {f.Flags} {f.AffinitySeconds} [{node.Backends(f.Internal)}] [{node.Backends(f.External)}]").Order(StringComparer.Ordinal));
        Assert.True(wanted == actual, $"{where}\nwanted:\n{wanted}\nwritten:\n{actual}");
        HashSet<Backend> known = [.. node.Table.Frontends.Values.SelectMany(f => f.AllBackends)];
        HashSet<Backend> listed = [.. node.Table.Frontends.Values.SelectMany(f => f.Internal.Concat(f.External))];
        Assert.True(node.Maps.Backends.Values.ToHashSet().IsSubsetOf(known) && listed.IsSubsetOf(node.Maps.Backends.Values), where);
        HashSet<uint> maglev = [.. node.Maps.Frontends.Values.Where(f => f.Flags.HasFlag(ServiceFlags.Maglev)).Select(f => f.Id)];
        Assert.True(maglev.SetEquals(node.Maps.Maglev.Keys), $"{where}: tables of services that are none");
    }

    private static string Line(Frontend frontend)
    {
        ServiceFlags flags = (frontend.Kind == FrontendKind.ClusterIP ? ServiceFlags.ClusterOnly : 0)
            | (frontend.SourceRanges is null ? 0 : ServiceFlags.SourceRanges)
            | (frontend.Algorithm == BackendAlgorithm.Maglev && !frontend.External.IsEmpty ? ServiceFlags.Maglev : 0);
        return $"{frontend.Key} {flags} {frontend.AffinitySeconds ?? 0} [{string.Join(' ', frontend.Internal)}] [{string.Join(' ', frontend.External)}]";
    }

    private static async Task ChangeAsync(
        Random random, Reconciled node, Dictionary<string, ServiceRecord> services, Dictionary<string, EndpointSliceRecord> slices)
    {
        string name = $"shop/s{random.Next(4)}";
        switch (random.Next(5))
        {
            case 0 when services.Remove(name, out ServiceRecord? service):
                await node.RemoveAsync(service);
                break;
            case 1 when slices.Remove(name, out EndpointSliceRecord? slice):
                await node.RemoveAsync(slice);
                break;
            case 0 or 2:
                services[name] = Sample.Service(name, $"10.96.0.{random.Next(1, 4)}", random.Next(2) == 0 ? (ushort)30080 : null) with
                {
                    Type = ServiceType.LoadBalancer,
                    LoadBalancerIPs = random.Next(2) == 0 ? [IPAddress.Parse("203.0.113.2")] : [],
                    SourceRanges = random.Next(2) == 0 ? [IPNetwork.Parse("198.51.100.0/24")] : [],
                    Algorithm = (BackendAlgorithm)random.Next(2),
                    AffinitySeconds = random.Next(2) == 0 ? 60 : null,
                };
                await node.PutAsync(services[name], Age(name));
                break;
            default:
                slices[name] = Sample.Slice(name, name, [.. Enumerable.Range(1, 6).Where(_ => random.Next(2) == 0).Select(i => $"10.0.1.{i}")]);
                await node.PutAsync(slices[name]);
                break;
        }
    }

    private static async Task<Reconciled> RestartAsync(
        Reconciled node, IEnumerable<ServiceRecord> services, IEnumerable<EndpointSliceRecord> slices)
    {
        Reconciled restarted = node.Restarted();
        foreach (ServiceRecord service in services)
        {
            await restarted.PutAsync(service, Age(service.Name.ToString()));
        }

        foreach (EndpointSliceRecord slice in slices)
        {
            await restarted.PutAsync(slice);
        }

        return restarted;
    }

    private static long Age(string name) => name[^1];

    private static void Limit(Random? random, FakeServiceMaps maps)
    {
        maps.RoomForBackends = random?.Next(6) ?? int.MaxValue;
        maps.RoomForFrontends = random?.Next(6) ?? int.MaxValue;
        maps.RoomForMaglev = random?.Next(3) ?? int.MaxValue;
        maps.RoomForRanges = random?.Next(2) ?? int.MaxValue;
        maps.AreSlotsFull = () => random?.Next(3) == 0;
    }

    private static async Task<string?> Guard(string where, Func<Task<string?>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception error) // whatever it is, the seed must be told
        {
            throw new InvalidOperationException($"{where}: {error.Message}", error);
        }
    }
}
