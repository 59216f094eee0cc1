using System.Diagnostics;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Conntrack;
using Weft.Datapath.Loading;
using Weft.Datapath.Maps;
using Weft.Datapath.Tests.Harness;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests;

/// <summary>Connection tracking entries and translations of a flow go together.</summary>
public sealed class FlowCollectionTests : IDisposable
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private static readonly WeftAddress s_pod = WeftAddress.Parse("10.0.1.1");
    private static readonly WeftAddress s_node = WeftAddress.Parse("192.168.2.61");
    private static readonly WeftAddress s_router = WeftAddress.Parse("10.0.1.254");
    private static readonly WeftAddress s_world = WeftAddress.Parse("198.51.100.7");
    private static readonly WeftAddress s_remotePod = WeftAddress.Parse("10.0.0.9");
    private readonly uint _now = (uint)(Stopwatch.GetTimestamp() / Stopwatch.Frequency);
    private readonly BpfDirectory _bpf = new();
    private readonly LoadedDatapath _datapath;

    public FlowCollectionTests() => _datapath = _bpf.Load();

    private DatapathMaps Maps => _datapath.Maps;

    private ConntrackTables Tables => new(Maps, TimeProvider.System);

    public void Dispose()
    {
        _datapath.Dispose();
        _bpf.Dispose();
    }

    [KernelFact]
    public void The_translation_of_a_pods_flow_expires_with_the_flow_and_others_stay()
    {
        Masquerade(port: 1000, natPort: 40000, flowExpires: _now - 5);
        Masquerade(port: 2000, natPort: 40001, flowExpires: _now + 500);

        Assert.Equal(new ConntrackSweep(Seen: 4, Deleted: 2), Tables.CollectExpired());

        Assert.Equal(40001, Assert.Single(Maps.Nat.Keys()).Port);
    }

    [KernelFact]
    public void A_port_that_another_flow_has_by_now_is_left_to_it()
    {
        Masquerade(port: 1000, natPort: 40000, flowExpires: _now - 5);
        Masquerade(port: 2000, natPort: 40000, flowExpires: _now + 500);

        Assert.Equal(1, Tables.CollectExpired().Deleted);

        Assert.Equal(2000, Assert.Single(Maps.Nat.Entries()).Value.OrigPort);
    }

    [KernelTheory]
    [InlineData(NatFlags.Client)]
    [InlineData(NatFlags.Hairpin)]
    public void The_translation_of_a_services_client_expires_with_the_services_entry(NatFlags kind)
    {
        ServiceFlow(kind, Tcp, backend: 3, expires: _now - 5);

        Assert.Equal(new ConntrackSweep(Seen: 2, Deleted: 2), Tables.CollectExpired());
    }

    [KernelFact]
    public void A_translation_past_its_time_goes_unless_its_flow_lives()
    {
        Masquerade(port: 1000, natPort: 40000, flowExpires: _now + 500, natExpires: _now - 5);
        Masquerade(port: 2000, natPort: 40001, flowExpires: null, natExpires: _now - 5);
        Maps.Nat.Update(Nat(s_node, 50000, Udp), new NatValue { OrigAddr = s_node, OrigPort = 50000, Flags = NatFlags.Host, Expires = _now - 1 });
        Maps.Nat.Update(Nat(s_node, 50001, Udp), new NatValue { OrigAddr = s_node, OrigPort = 50001, Flags = NatFlags.Host, Expires = _now + 500 });

        Assert.Equal(2, Tables.CollectExpired().Deleted);

        Assert.Equal([40000, 50001], Maps.Nat.Keys().Select(key => (int)key.Port).Order());
    }

    [KernelFact]
    public void A_port_that_the_node_itself_had_to_take_goes_with_its_flow()
    {
        ConntrackKey flow = new() { Local = s_node, Remote = s_world, LocalPort = 50000, RemotePort = 53, Proto = Udp };
        Maps.ConntrackAny.Update(flow, new ConntrackValue { NatPort = 50007, Expires = _now - 5 });
        Maps.Nat.Update(
            Nat(s_node, 50007, Udp), new NatValue { OrigAddr = s_node, OrigPort = 50000, Flags = NatFlags.Host, Expires = _now + 500 });

        Assert.Equal(2, Tables.CollectExpired().Deleted);
    }

    [KernelFact]
    public void An_address_that_is_forgotten_takes_the_translations_of_its_flows_along()
    {
        Masquerade(port: 1000, natPort: 40000, flowExpires: _now + 500);
        ServiceFlow(NatFlags.Hairpin, Udp, backend: 3, expires: _now + 500);
        ServiceFlow(NatFlags.Client, Udp, backend: 3, expires: _now + 500);

        Assert.Equal(4, Tables.Forget(new HashSet<WeftAddress> { s_pod }));

        Assert.Equal(NatFlags.Client, Assert.Single(Maps.Nat.Entries()).Value.Flags);
        Assert.Equal(ConntrackScope.Service, Assert.Single(Maps.ConntrackAny.Keys()).Scope);
    }

    [KernelFact]
    public void A_backend_that_is_forgotten_sets_udp_clients_free_and_leaves_tcp_to_be_reset()
    {
        ServiceFlow(NatFlags.Client, Udp, backend: 3, expires: _now + 500);
        ServiceFlow(NatFlags.Hairpin, Udp, backend: 4, expires: _now + 500);
        ServiceFlow(NatFlags.Client, Tcp, backend: 3, expires: _now + 500);

        Assert.Equal(2, Tables.ForgetBackends(new HashSet<uint> { 3 }));

        Assert.Equal(4u, Assert.Single(Maps.ConntrackAny.Entries()).Value.BackendId);
        Assert.Equal(3u, Assert.Single(Maps.ConntrackTcp.Entries()).Value.BackendId);
        Assert.Equal(2, Maps.Nat.Keys().Count());
    }

    private void Masquerade(ushort port, ushort natPort, uint? flowExpires, uint? natExpires = null)
    {
        if (flowExpires is { } expires)
        {
            ConntrackKey flow = new() { Local = s_pod, Remote = s_world, LocalPort = port, RemotePort = 80, Proto = Tcp };
            Maps.ConntrackTcp.Update(flow, new ConntrackValue
            {
                Expires = expires,
                NatPort = natPort,
                Flags = ConntrackFlags.LocalBegan | ConntrackFlags.Masqueraded,
            });
        }

        Maps.Nat.Update(
            new NatKey { Remote = s_world, Addr = s_node, RemotePort = 80, Port = natPort, Proto = Tcp },
            new NatValue { OrigAddr = s_pod, OrigPort = port, Flags = NatFlags.Pod, Expires = natExpires ?? flowExpires ?? _now });
    }

    private void ServiceFlow(NatFlags kind, byte protocol, uint backend, uint expires)
    {
        bool hairpin = kind == NatFlags.Hairpin;
        WeftAddress front = hairpin ? WeftAddress.Parse("10.96.0.10") : s_node;
        WeftAddress client = hairpin ? s_pod : s_world;
        ushort natPort = (ushort)(41000 + backend);
        BpfMap<ConntrackKey, ConntrackValue> table = protocol == Tcp ? Maps.ConntrackTcp : Maps.ConntrackAny;
        ConntrackKey flow = hairpin
            ? new() { Local = client, LocalPort = 999, Remote = front, RemotePort = 53, Proto = protocol, Scope = ConntrackScope.Service }
            : new() { Local = front, LocalPort = 53, Remote = client, RemotePort = 999, Proto = protocol, Scope = ConntrackScope.Service };
        table.Update(flow, new ConntrackValue { Expires = expires, NatPort = natPort, BackendId = backend });
        NatKey key = new() { Remote = hairpin ? s_pod : s_remotePod, Addr = s_router, RemotePort = 8053, Port = natPort, Proto = protocol };
        Maps.Nat.Update(
            key,
            new NatValue { OrigAddr = client, OrigPort = 999, FrontAddr = front, FrontPort = 53, Flags = kind, Expires = expires });
    }

    private static NatKey Nat(WeftAddress address, ushort port, byte protocol) =>
        new() { Remote = s_world, Addr = address, RemotePort = 53, Port = port, Proto = protocol };
}
