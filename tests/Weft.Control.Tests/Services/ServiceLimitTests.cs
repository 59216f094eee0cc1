using System.Net;
using Weft.Abi;
using Weft.Model.Services;

namespace Weft.Control.Tests.Services;

/// <summary>What does not fit, or is somebody else's: a clear message, and the rest works.</summary>
public sealed class ServiceLimitTests : IDisposable
{
    private readonly Reconciled _node = Reconciled.New();
    private readonly DirectoryInfo _proc = Directory.CreateTempSubdirectory("weft-proc-net-");

    public void Dispose() => _proc.Delete(recursive: true);

    [Fact]
    public async Task More_backends_than_the_map_holds_are_left_out_and_told()
    {
        _node.Maps.RoomForBackends = 3;
        await _node.PutAsync(Sample.Service());
        await _node.PutAsync(Sample.Slice("shop/web-1", "shop/web", "10.0.1.1", "10.0.1.2", "10.0.1.3", "10.0.1.4", "10.0.1.5"));

        string? failure = await _node.RunAsync();

        Assert.Equal("10.96.0.10:80/TCP #1 [10.0.1.1:8080/TCP 10.0.1.2:8080/TCP 10.0.1.3:8080/TCP] []", _node.Written());
        Assert.Equal(
            "service shop/web: 10.96.0.10:80/TCP: 2 of 5 backends get no connections, as there are more backends than the map holds "
            + "(put backend 4: no room)",
            Assert.Single(_node.Reconciler.Problems).ToString());
        Assert.StartsWith("1 entries of services could not be written: 10.96.0.10:80/TCP: 2 of 5", failure);
    }

    [Fact]
    public async Task With_room_again_the_rest_is_written()
    {
        _node.Maps.RoomForBackends = 1;
        await _node.PutAsync(Sample.Service());
        await _node.PutAsync(Sample.Slice("shop/web-1", "shop/web", "10.0.1.1", "10.0.1.2"));
        await _node.RunAsync();

        _node.Maps.RoomForBackends = 2;

        Assert.Null(await _node.RunAsync());
        Assert.Equal("10.96.0.10:80/TCP #1 [10.0.1.1:8080/TCP 10.0.1.2:8080/TCP] []", _node.Written());
        Assert.Empty(_node.Reconciler.Problems);
    }

    [Fact]
    public async Task A_full_table_of_services_costs_no_other_service_anything()
    {
        _node.Maps.RoomForFrontends = 1;
        await _node.PutAsync(Sample.Service());
        await _node.RunAsync();
        await _node.PutAsync(Sample.Service("shop/api", "10.96.0.11"));

        Assert.NotNull(await _node.RunAsync());

        Assert.Equal("service shop/api: put service 10.96.0.11:80/TCP: no room", Assert.Single(_node.Reconciler.Problems).ToString());
        await _node.RemoveAsync(Sample.Service());
        Assert.NotNull(await _node.RunAsync());
        Assert.Null(await _node.RunAsync());
        Assert.StartsWith("10.96.0.11:80/TCP", _node.Written());
    }

    [Fact]
    public async Task Without_room_for_a_table_backends_are_chosen_at_random()
    {
        _node.Maps.RoomForMaglev = 0;
        await _node.PutAsync(Sample.Service() with { ExternalIPs = [IPAddress.Parse("203.0.113.1")], Algorithm = BackendAlgorithm.Maglev });
        await _node.PutAsync(Sample.Slice("shop/web-1", "shop/web", "10.0.1.1"));

        Assert.Contains("chosen at random instead of by Maglev", await _node.RunAsync());

        Assert.Equal(2, _node.Maps.Frontends.Count);
        Assert.All(_node.Maps.Frontends.Values, entry => Assert.False(entry.Flags.HasFlag(ServiceFlags.Maglev)));
    }

    [Fact]
    public async Task Without_room_for_its_source_ranges_a_service_is_not_opened_to_all()
    {
        _node.Maps.RoomForRanges = 0;
        await _node.PutAsync(Sample.Service() with
        {
            Type = ServiceType.LoadBalancer,
            LoadBalancerIPs = [IPAddress.Parse("203.0.113.2")],
            SourceRanges = [IPNetwork.Parse("198.51.100.0/24")],
        });

        Assert.Contains("set source ranges", await _node.RunAsync());

        Assert.Equal("10.96.0.10:80/TCP #1 [] []", _node.Written());
    }

    [Fact]
    public async Task A_node_port_that_a_process_has_stays_its_own()
    {
        _node.ProcNet = _proc.FullName;
        Listen("0A");
        await _node.PutAsync(Sample.Service(nodePort: 30080));

        Assert.Null(await _node.RunAsync());

        Assert.Equal("10.96.0.10:80/TCP #1 [] []", _node.Written());
        Assert.Equal(
            "service shop/web: 0.0.0.0:30080/TCP: a process of this node has the port, so the service does not get it here (end the process, or choose another nodePort)",
            Assert.Single(_node.Reconciler.Problems).ToString());

        Listen("06");
        await _node.RunAsync();
        Assert.Equal(2, _node.Maps.Frontends.Count);
        Assert.Empty(_node.Reconciler.Problems);

        // Who binds it afterwards takes nothing away from the service.
        Listen("0A");
        await _node.PutAsync(Sample.Service(nodePort: 30080) with { AffinitySeconds = 60 });
        await _node.RunAsync();
        Assert.Equal(60u, _node.Maps.Frontends.Values.First(f => f.Key.Port == 30080).AffinitySeconds);
    }

    private void Listen(string state) => File.WriteAllText(
        Path.Combine(_proc.FullName, "tcp"),
        $"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: 00000000:7580 00000000:0000 {state} 00000000:00000000 00:00000000 00000000     0        0 1234 1\n");
}
