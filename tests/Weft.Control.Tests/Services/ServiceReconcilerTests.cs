using System.Net;
using Weft.Abi;
using Weft.Model.Services;
using Weft.Services;

namespace Weft.Control.Tests.Services;

public sealed class ServiceReconcilerTests
{
    private readonly Reconciled _node = Reconciled.New();

    [Fact]
    public async Task Services_are_written_with_their_backends_and_told()
    {
        await _node.PutAsync(Sample.Service(nodePort: 30080));
        await _node.PutAsync(Sample.Slice("shop/web-1", "shop/web", "10.0.1.7", "10.0.1.8"));

        Assert.Null(await _node.RunAsync());

        Assert.Equal("0.0.0.0:30080/TCP [10.0.1.7:8080/TCP 10.0.1.8:8080/TCP]", Line(0));
        Assert.Equal("10.96.0.10:80/TCP []", Line(1));
        Assert.Equal(["10.96.0.10"], _node.Addresses);
        Assert.Equal(_node.Maps.Frontends.ToDictionary(f => f.Key, f => f.Value.Id), _node.Reconciler.Ids);

        string Line(int index)
        {
            var entry = _node.Maps.Frontends.Values.OrderBy(f => f.Key.ToString(), StringComparer.Ordinal).ElementAt(index);
            Assert.Equal("10.0.1.7:8080/TCP 10.0.1.8:8080/TCP", _node.Backends(entry.Internal));
            return $"{entry.Key} [{_node.Backends(entry.External)}]";
        }
    }

    [Fact]
    public async Task Nothing_is_done_before_the_store_was_read()
    {
        await _node.PutAsync(Sample.Service());
        await _node.RunAsync();
        Reconciled restarted = _node.Restarted();

        await restarted.Reconciler.ReconcileAsync(CancellationToken.None);

        Assert.Single(_node.Maps.Frontends);
    }

    [Fact]
    public async Task A_second_run_writes_nothing()
    {
        await _node.PutAsync(Sample.Service());
        await _node.PutAsync(Sample.Slice("shop/web-1", "shop/web", "10.0.1.7"));
        await _node.RunAsync();
        int writes = _node.Maps.Writes;

        await _node.RunAsync();

        Assert.Equal(writes, _node.Maps.Writes);
    }

    [Fact]
    public async Task A_restarted_agent_keeps_numbers_and_writes_only_what_differs()
    {
        await _node.PutAsync(Sample.Service());
        await _node.PutAsync(Sample.Service("shop/old", "10.96.0.11"));
        await _node.PutAsync(Sample.Slice("shop/web-1", "shop/web", "10.0.1.7", "10.0.1.8"));
        await _node.RunAsync();
        string before = _node.Written().Split('\n')[0];
        Reconciled restarted = _node.Restarted();
        await restarted.PutAsync(Sample.Service());
        await restarted.PutAsync(Sample.Slice("shop/web-1", "shop/web", "10.0.1.7", "10.0.1.8"));
        int writes = _node.Maps.Writes;

        Assert.Null(await restarted.RunAsync());

        Assert.Equal(before, restarted.Written());
        Assert.Equal(writes + 1, _node.Maps.Writes);
        Assert.Equal(["10.96.0.10"], restarted.Addresses);
    }

    [Fact]
    public async Task No_number_is_given_twice_also_after_a_restart()
    {
        HashSet<uint> frontends = [];
        HashSet<uint> backends = [];
        Reconciled node = _node;
        for (int i = 1; i < 6; i++)
        {
            ServiceRecord service = Sample.Service();
            EndpointSliceRecord slice = Sample.Slice("shop/web-1", "shop/web", $"10.0.1.{i}");
            await node.PutAsync(service);
            await node.PutAsync(slice);
            await node.RunAsync();
            Assert.True(frontends.Add(node.Maps.Frontends.Values.Single().Id));
            Assert.True(backends.Add(node.Maps.Backends.Keys.Single()));
            await node.RemoveAsync(service);
            await node.RemoveAsync(slice);
            await node.RunAsync();
            Assert.Empty(node.Maps.Backends);
            node = node.Restarted();
        }
    }

    [Fact]
    public async Task A_backend_that_is_gone_is_told_and_one_that_terminates_stays_for_its_flows()
    {
        EndpointSliceRecord slice = Sample.Slice("shop/web-1", "shop/web", "10.0.1.7", "10.0.1.8");
        await _node.PutAsync(Sample.Service());
        await _node.PutAsync(slice);
        await _node.RunAsync();

        await _node.PutAsync(slice with { Endpoints = [Sample.Ready("10.0.1.7"), Sample.Ready("10.0.1.8") with { IsReady = false, IsTerminating = true }] });
        await _node.RunAsync();
        Assert.Equal("10.96.0.10:80/TCP #1 [10.0.1.7:8080/TCP] []", _node.Written());
        Assert.Equal(2, _node.Maps.Backends.Count);
        Assert.Empty(_node.Gone);

        await _node.PutAsync(slice with { Endpoints = [Sample.Ready("10.0.1.7")] });
        await _node.RunAsync();
        Assert.Equal(["10.0.1.8:8080/TCP"], _node.Gone);
        Assert.Single(_node.Maps.Backends);
    }

    [Fact]
    public async Task Clients_forget_a_backend_that_gets_no_new_connections()
    {
        EndpointSliceRecord slice = Sample.Slice("shop/web-1", "shop/web", "10.0.1.7", "10.0.1.8");
        await _node.PutAsync(Sample.Service() with { AffinitySeconds = 600 });
        await _node.PutAsync(slice);
        await _node.RunAsync();
        _node.Maps.Affinities[(1, "a")] = 1;
        _node.Maps.Affinities[(1, "b")] = 2;
        _node.Maps.Affinities[(9, "b")] = 2;

        await _node.PutAsync(slice with { Endpoints = [Sample.Ready("10.0.1.7"), Sample.Ready("10.0.1.8") with { IsReady = false }] });
        await _node.RunAsync();

        Assert.Equal([(1u, "a"), (9u, "b")], _node.Maps.Affinities.Keys.Order());
        Assert.Equal(2, _node.Maps.Backends.Count);
    }

    [Fact]
    public async Task A_backend_of_two_services_goes_with_the_second()
    {
        EndpointSliceRecord web = Sample.Slice("shop/web-1", "shop/web", "10.0.1.7");
        EndpointSliceRecord api = Sample.Slice("shop/api-1", "shop/api", "10.0.1.7");
        await _node.PutAsync(Sample.Service());
        await _node.PutAsync(Sample.Service("shop/api", "10.96.0.11"));
        await _node.PutAsync(web);
        await _node.PutAsync(api);
        await _node.RunAsync();
        Assert.Single(_node.Maps.Backends);

        await _node.RemoveAsync(web);
        await _node.RunAsync();
        Assert.Empty(_node.Gone);

        await _node.RemoveAsync(api);
        await _node.RunAsync();
        Assert.Equal(["10.0.1.7:8080/TCP"], _node.Gone);
    }

    [Fact]
    public async Task A_frontend_that_changes_hands_gets_another_number()
    {
        await _node.PutAsync(Sample.Service("shop/old"), created: 1);
        await _node.PutAsync(Sample.Service("shop/web"), created: 2);
        await _node.RunAsync();
        Assert.Contains("belongs to service shop/old", Assert.Single(_node.Reconciler.Problems).Message);

        await _node.RemoveAsync(Sample.Service("shop/old"));
        await _node.RunAsync();

        Assert.Equal("10.96.0.10:80/TCP #2 [] []", _node.Written());
        Assert.Empty(_node.Reconciler.Problems);
    }

    [Fact]
    public async Task Maglev_dsr_affinity_and_source_ranges_reach_the_tables_and_leave_them()
    {
        ServiceRecord service = Sample.Service() with
        {
            Type = ServiceType.LoadBalancer,
            ClusterIPs = [],
            LoadBalancerIPs = [IPAddress.Parse("203.0.113.2")],
            SourceRanges = [IPNetwork.Parse("198.51.100.0/24")],
            Algorithm = BackendAlgorithm.Maglev,
            ForwardingMode = ForwardingMode.Dsr,
            AffinitySeconds = 600,
        };
        await _node.PutAsync(service);
        await _node.PutAsync(Sample.Slice("shop/web-1", "shop/web", "10.0.1.7", "10.0.1.8"));
        await _node.RunAsync();

        var entry = _node.Maps.Frontends.Values.Single();
        Assert.Equal((ServiceFlags.SourceRanges | ServiceFlags.Maglev | ServiceFlags.Dsr, 600u), (entry.Flags, entry.AffinitySeconds));
        Assert.Equal(service.SourceRanges, _node.Maps.Ranges[entry.Id]);
        Assert.Equal(2, _node.Maps.Maglev[entry.Id].Distinct().Count());

        await _node.PutAsync(service with { SourceRanges = [], Algorithm = BackendAlgorithm.Random, ForwardingMode = ForwardingMode.Snat });
        await _node.RunAsync();

        Assert.Equal(ServiceFlags.None, _node.Maps.Frontends.Values.Single().Flags);
        Assert.Empty(_node.Maps.Ranges[entry.Id]);
        Assert.Empty(_node.Maps.Maglev);
    }

    [Fact]
    public async Task A_cluster_ip_is_for_the_cluster_only()
    {
        await _node.PutAsync(Sample.Service());
        await _node.RunAsync();

        Assert.Equal(ServiceFlags.ClusterOnly, _node.Maps.Frontends[Key("10.96.0.10", 80)].Flags);
    }

    private static FrontendKey Key(string address, ushort port) => new(IPAddress.Parse(address), port, TransportProtocol.Tcp);
}
