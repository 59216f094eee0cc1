using System.Collections.Immutable;
using System.Net;
using Weft.Abi;
using Weft.Datapath.Conntrack;
using Weft.Datapath.Events;
using Weft.Datapath.Loading;
using Weft.Datapath.Maps;
using Weft.Datapath.Metrics;
using Weft.Datapath.Tests.Harness;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests;

public sealed class DatapathTablesTests : IDisposable
{
    private readonly BpfDirectory _bpf = new();
    private readonly LoadedDatapath _datapath;

    public DatapathTablesTests() => _datapath = _bpf.Load();

    private DatapathMaps Maps => _datapath.Maps;

    public void Dispose()
    {
        _datapath.Dispose();
        _bpf.Dispose();
    }

    [KernelFact]
    public void Only_expired_connections_are_collected()
    {
        uint now = (uint)(TimeProvider.System.GetTimestamp() / TimeProvider.System.TimestampFrequency);
        Maps.ConntrackTcp.Update(Flow("10.0.1.1", 1), new ConntrackValue { Expires = now - 5 });
        Maps.ConntrackTcp.Update(Flow("10.0.1.1", 2), new ConntrackValue { Expires = now + 500 });
        Maps.ConntrackAny.Update(Flow("10.0.1.1", 3), new ConntrackValue { Expires = 1 });

        ConntrackSweep sweep = new ConntrackTables(Maps, TimeProvider.System).CollectExpired();

        Assert.Equal(new ConntrackSweep(Seen: 3, Deleted: 2), sweep);
        Assert.Equal(Flow("10.0.1.1", 2), Assert.Single(Maps.ConntrackTcp.Keys()));
    }

    [KernelFact]
    public void An_address_that_is_forgotten_takes_all_its_flows_and_no_others()
    {
        Maps.ConntrackTcp.Update(Flow("10.0.1.1", 1), default);
        Maps.ConntrackAny.Update(Flow("10.0.1.1", 1), default);
        Maps.ConntrackTcp.Update(Flow("10.0.1.2", 1), default);

        int forgotten = new ConntrackTables(Maps, TimeProvider.System).Forget(new HashSet<WeftAddress> { WeftAddress.Parse("10.0.1.1") });

        Assert.Equal(2, forgotten);
        Assert.Equal(Flow("10.0.1.2", 1), Assert.Single(Maps.ConntrackTcp.Keys()));
    }

    [KernelFact]
    public void An_endpoint_is_known_by_address_and_by_device_until_it_is_removed()
    {
        using EventSwitch events = new(Maps);
        EndpointEntries entries = new(Maps, events);

        entries.Put(Endpoint(7, "10.0.1.7", device: 70));
        EndpointValue byAddress = Maps.Endpoints[WeftAddress.Parse("10.0.1.7")];
        Assert.Equal(byAddress, Maps.Devices[70]);
        Assert.Equal(7, byAddress.Id);
        Assert.Equal("0a:00:00:00:00:07", byAddress.Mac.ToString());

        entries.Remove(Endpoint(7, "10.0.1.7", device: 70));
        Assert.Empty(Maps.Endpoints.Keys());
        Assert.Empty(Maps.Devices.Keys());
    }

    [KernelFact]
    public void An_endpoint_of_both_families_is_known_by_both_addresses()
    {
        using EventSwitch events = new(Maps);
        EndpointEntries entries = new(Maps, events);
        EndpointRecord endpoint = Endpoint(7, "10.0.1.7", device: 70) with { IPv6 = IPAddress.Parse("fd00:10:0:1::7") };

        entries.Put(endpoint);
        Assert.Equal(Maps.Devices[70], Maps.Endpoints[WeftAddress.Parse("fd00:10:0:1::7")]);
        Assert.Equal(Maps.Devices[70], Maps.Endpoints[WeftAddress.Parse("10.0.1.7")]);
        Assert.Equal(WeftAddress.Parse("fd00:10:0:1::7"), Maps.Devices[70].Ipv6);
        Assert.Equal(0, entries.RemoveStale([]));

        entries.Remove(endpoint);
        Assert.Empty(Maps.Endpoints.Keys());
    }

    [KernelFact]
    public void Removing_an_endpoint_leaves_the_one_that_has_its_address_by_now()
    {
        using EventSwitch events = new(Maps);
        EndpointEntries entries = new(Maps, events);
        entries.Put(Endpoint(7, "10.0.1.7", device: 70));
        entries.Put(Endpoint(8, "10.0.1.7", device: 80));

        entries.Remove(Endpoint(7, "10.0.1.7", device: 70));

        Assert.Equal(8, Maps.Endpoints[WeftAddress.Parse("10.0.1.7")].Id);
    }

    [KernelFact]
    public void A_demand_reaches_the_switch_and_the_endpoints_that_it_names_now_and_later()
    {
        using EventSwitch events = new(Maps);
        EndpointEntries entries = new(Maps, events);
        entries.Put(Endpoint(7, "10.0.1.7", device: 70));

        entries.SetDemand(new EventDemand(
            EventMask.Drop, ImmutableDictionary<ushort, EventMask>.Empty.Add(7, EventMask.Trace).Add(8, EventMask.Debug), EventMask.Debug));
        entries.Put(Endpoint(8, "10.0.1.8", device: 80));

        Assert.Equal(EventMask.Drop, events.Current.Events);
        Assert.Equal(1u, events.Current.EndpointsFlagged);
        Assert.Equal(EventMask.Debug, events.Current.Watch);
        Assert.Equal(EventMask.Trace, Maps.Devices[70].Events);
        Assert.Equal(EventMask.Debug, Maps.Devices[80].Events);

        entries.SetDemand(EventDemand.Of(EventMask.Drop, []));
        Assert.Equal(0u, events.Current.EndpointsFlagged);
        Assert.Equal(EventMask.None, Maps.Devices[70].Events);
    }

    [KernelFact]
    public void The_ipcache_finds_the_longest_prefix_and_forgets_what_a_condition_names()
    {
        IpcacheEntries ipcache = new(Maps);
        ipcache.Put(IPNetwork.Parse("0.0.0.0/0"), Identity.World, null);
        ipcache.Put(IPNetwork.Parse("10.0.0.23/32"), new Identity(4000), IPAddress.Parse("192.168.2.62"));

        Assert.Equal(4000u, Lookup("10.0.0.23").Identity);
        Assert.Equal(0xc0a8023eu, (uint)Lookup("10.0.0.23").TunnelEndpoint);
        Assert.Equal(2u, Lookup("10.0.0.24").Identity);

        Assert.Equal(1, ipcache.RemoveWhere(prefix => prefix.Equals(IPNetwork.Parse("10.0.0.23/32"))));
        Assert.Equal(2u, Lookup("10.0.0.23").Identity);
    }

    [KernelFact]
    public void The_two_families_of_the_ipcache_do_not_meet()
    {
        IpcacheEntries ipcache = new(Maps);
        ipcache.Put(IPNetwork.Parse("0.0.0.0/0"), Identity.World, null, IpcacheFlags.Native);
        ipcache.Put(IPNetwork.Parse("::/0"), new Identity(4000), null);
        ipcache.Put(IPNetwork.Parse("fd00::/8"), new Identity(4001), null, IpcacheFlags.Service);

        Assert.Equal((2u, IpcacheFlags.Native), (Lookup("10.0.0.23").Identity, Lookup("10.0.0.23").Flags));
        Assert.Equal(4000u, Lookup("2001:db8::1").Identity);
        Assert.Equal(4000u, Lookup("::1").Identity);
        Assert.Equal(4001u, Lookup("fd00::1").Identity);

        Assert.Equal(1, ipcache.RemoveWhere(prefix => prefix.Equals(IPNetwork.Parse("::/0"))));
        Assert.Equal(2u, Lookup("10.0.0.23").Identity);
    }

    [KernelFact]
    public void Counters_of_all_cpus_are_summed_and_zeros_left_out()
    {
        uint index = MetricValue.IndexOf(DropReason.InvalidSourceIP, MetricDirection.Egress);
        MetricValue[] perCpu = [.. Enumerable.Range(1, Weft.Bpf.PossibleCpus.Count).Select(cpu => new MetricValue { Packets = (ulong)cpu, Bytes = 10 })];
        Maps.Metrics.Update(index, perCpu);

        MetricRow row = Assert.Single(MetricsReader.Read(Maps.Metrics));

        Assert.Equal(DropReason.InvalidSourceIP, row.Reason);
        Assert.Equal(MetricDirection.Egress, row.Direction);
        Assert.Equal((ulong)perCpu.Sum(cpu => (long)cpu.Packets), row.Packets);
        Assert.Equal(10UL * (ulong)perCpu.Length, row.Bytes);
    }

    [KernelFact]
    public void Single_addresses_are_in_the_fast_map_too_as_long_as_they_are_in_the_trie()
    {
        IpcacheEntries ipcache = new(Maps);
        ipcache.Put(IPNetwork.Parse("10.0.0.0/24"), new Identity(4001), null);
        ipcache.Put(IPNetwork.Parse("10.0.0.23/32"), new Identity(4002), null);
        ipcache.Put(IPNetwork.Parse("10.0.0.24/32"), new Identity(4003), null);
        ipcache.Put(IPNetwork.Parse("fd00::23/128"), new Identity(4004), null);
        Assert.Equal(3, Maps.IpcacheSingle.Keys().Count());
        Assert.Equal(Lookup("10.0.0.23"), Maps.IpcacheSingle[WeftAddress.Parse("10.0.0.23")]);
        Assert.Equal(Lookup("fd00::23"), Maps.IpcacheSingle[WeftAddress.Parse("fd00::23")]);

        Assert.True(ipcache.Remove(IPNetwork.Parse("10.0.0.23/32")));
        Assert.Equal(1, ipcache.RemoveWhere(prefix => prefix == IPNetwork.Parse("fd00::23/128")));
        Assert.Equal(WeftAddress.Parse("10.0.0.24"), Assert.Single(Maps.IpcacheSingle.Keys()));
    }

    private IpcacheValue Lookup(string address) =>
        Maps.Ipcache[new IpcacheKey { PrefixLen = 128, Addr = WeftAddress.Parse(address) }];

    private static ConntrackKey Flow(string local, ushort port) =>
        new() { Local = WeftAddress.Parse(local), Remote = WeftAddress.Parse("10.0.0.9"), LocalPort = port, RemotePort = 80, Proto = 6 };

    private static EndpointRecord Endpoint(ushort id, string address, int device) => new()
    {
        Id = new EndpointId(id),
        ContainerId = $"container{id}",
        ContainerInterface = "eth0",
        NetnsPath = "/run/netns/none",
        HostInterface = $"lxc{id}",
        HostIfindex = device,
        Mac = new MacAddress(0x0a_00_00_00_00_00 + (ulong)id),
        HostMac = new MacAddress(0x0e_00_00_00_00_00 + (ulong)id),
        IPv4 = IPAddress.Parse(address),
        Labels = LabelSet.Parse(["k8s:app=cni"]),
        Identity = new Identity(4000),
    };
}
