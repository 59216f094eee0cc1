using EndToEnd.Harness;
using Weft.Abi;
using Weft.Datapath.Maps;
using Weft.Datapath.Pinning;
using Weft.Lab.Topology;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>'weft trace' with something broken: it names the culprit, on the right node, for the right packet.</summary>
public sealed class TraceFaultTests : IClassFixture<SharedLab>
{
    private const string Request = "request";
    private const string Reply = "reply";

    private readonly SharedLab _shared;

    public TraceFaultTests(SharedLab shared) => _shared = shared;

    private RealLab Lab => _shared.Lab;

    [KernelTheory]
    [InlineData(Pods.WestNode, "input", Request)]
    [InlineData(Pods.EastNode, "output", Request)]
    [InlineData(Pods.WestNode, "output", Reply)]
    [InlineData(Pods.EastNode, "input", Reply)]
    public void A_firewall_on_the_tunnel_port_is_named_with_its_node_and_direction(string node, string hook, string direction)
    {
        using Fault fault = Firewall(node, hook, "udp dport 8472 drop");

        Blames("tunnel-blocked", node, direction, Pods.East, Pods.West);
    }

    [KernelFact]
    public void A_firewall_in_the_pod_is_named()
    {
        using Fault fault = Firewall(Pods.West, "input", "meta l4proto icmp drop");

        Blames("firewall", Pods.WestNode, Request, Pods.East, Pods.West);
    }

    [KernelFact]
    public void A_firewall_that_the_packets_never_meet_is_not_blamed()
    {
        using Fault fault = Firewall(Pods.WestNode, "forward", "drop");

        Assert.Equal("answered", TraceAnswer.Of(Lab, Pods.East, Pods.West).Outcome);
    }

    [KernelFact]
    public void A_node_that_is_off_the_wire_is_named_by_who_sends_to_it()
    {
        using Fault fault = Run(Pods.WestNode, "ip link set ens3 down", "ip link set ens3 up");

        TraceAnswer answer = Blames("lost-between-nodes", null, Request, Pods.East, Pods.West);
        Assert.Contains(Pods.WestNode, answer.Json.GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_link_that_takes_small_packets_only_is_told_from_one_that_takes_none()
    {
        using Fault fault = Run(Pods.EastNode, "ip link set ens3 mtu 1300", "ip link set ens3 mtu 1500");

        Blames("mtu", null, Reply, Pods.East, Pods.West, "--size", "1390");
    }

    [KernelFact]
    public void A_full_queue_is_named()
    {
        using Fault fault = Run(Pods.EastNode, "tc qdisc add dev ens3 root bfifo limit 1", "tc qdisc del dev ens3 root");

        Blames("queue-full", Pods.EastNode, Request, Pods.East, Pods.West);
    }

    [KernelFact]
    public void A_full_queue_of_the_way_back_is_named_there()
    {
        using Fault fault = Run(Pods.WestNode, "tc qdisc add dev ens3 root bfifo limit 1", "tc qdisc del dev ens3 root");

        Blames("queue-full", Pods.WestNode, Reply, Pods.East, Pods.West);
    }

    [KernelFact]
    public void A_ttl_that_is_too_small_is_named() => Blames("ttl", Pods.EastNode, Request, Pods.East, Pods.West, "--ttl", "1");

    [KernelFact]
    public void A_port_without_a_listener_is_named() => Assert.Equal(
        ("refused", "no-listener", Pods.WestNode), OutcomeOf(TraceAnswer.Of(Lab, Pods.East, $"{Pods.West}:9")));

    [KernelFact]
    public void A_datagram_to_a_port_without_a_listener_is_named_too() => Assert.Equal(
        ("refused", "no-listener", Pods.WestNode), OutcomeOf(TraceAnswer.Of(Lab, Pods.East, $"{Pods.West}:9", "-p", "udp")));

    [KernelFact]
    public void A_network_that_nobody_routes_to_is_named() => Assert.Equal(
        ("unreachable", "no-route", Pods.EastNode), OutcomeOf(TraceAnswer.Of(Lab, Pods.East, "198.51.100.1")));

    [KernelFact]
    public void A_pod_without_a_route_never_sends()
    {
        string route = Lab.Exec(Pods.East, "ip", "route", "show", "default").Trim();
        using Fault fault = Run(Pods.East, "ip route del default", $"ip route add {route}");

        Assert.Equal(("not-sent", "no-route", null), OutcomeOf(TraceAnswer.Of(Lab, Pods.East, Pods.West)));
    }

    [KernelFact]
    public void A_neighbour_that_does_not_answer_is_named() =>
        Blames("neighbour", Pods.EastNode, Request, Pods.East, "192.168.2.99", "--timeout", "5s");

    [KernelFact]
    public void A_source_that_is_not_the_pods_own_is_named()
    {
        string route = Lab.Exec(Pods.East, "ip", "route", "show", "default").Trim();
        using Fault address = Run(Pods.East, "ip address add 10.0.1.99/32 dev eth0", "ip address del 10.0.1.99/32 dev eth0");
        using Fault source = Run(Pods.East, $"ip route replace {route} src 10.0.1.99", $"ip route replace {route}");

        Blames("spoofed-source", Pods.EastNode, Request, Pods.East, Pods.West);
    }

    [KernelFact]
    public void A_pods_device_that_is_down_is_named()
    {
        string route = Lab.Exec(Pods.Web, "ip", "route", "show", "default").Trim();
        using Fault fault = Run(Pods.Web, "ip link set eth0 down", $"ip link set eth0 up && ip route replace {GatewayOf(route)} dev eth0 scope link && ip route replace {route}");

        Blames("device-down", Pods.WestNode, Request, Pods.East, Pods.Web);
    }

    [KernelFact]
    public void A_destination_that_the_ipcache_does_not_know_is_named()
    {
        WeftAddress west = WeftAddress.From(Pods.WestAddress);
        using DatapathMaps maps = MapsOf(Pods.EastNode);
        IpcacheKey key = Single(west);
        (IpcacheValue entry, IpcacheValue single) = (maps.Ipcache[key], maps.IpcacheSingle[west]);
        maps.Ipcache.Delete(key);
        maps.IpcacheSingle.Delete(west);
        using Fault fault = new(() =>
        {
            maps.IpcacheSingle.Update(west, single);
            maps.Ipcache.Update(key, entry);
        });

        Blames("unknown-destination", Pods.EastNode, Request, Pods.East, $"{Pods.WestAddress}");
    }

    [KernelFact]
    public void An_ipcache_that_is_older_than_the_pods_end_is_named_by_the_node_that_the_packet_went_to()
    {
        WeftAddress nobody = WeftAddress.From(System.Net.IPAddress.Parse("10.0.0.99"));
        using DatapathMaps maps = MapsOf(Pods.EastNode);
        IpcacheKey key = Single(nobody);
        IpcacheValue west = maps.IpcacheSingle[WeftAddress.From(Pods.WestAddress)];
        maps.Ipcache.Update(key, west);
        maps.IpcacheSingle.Update(nobody, west);
        using Fault fault = new(() =>
        {
            maps.IpcacheSingle.Delete(nobody);
            maps.Ipcache.Delete(key);
        });

        Blames("stale-ipcache", Pods.WestNode, Request, Pods.East, "10.0.0.99");
    }

    [KernelFact]
    public void A_sender_that_is_no_node_of_the_cluster_is_named_by_who_refuses_it()
    {
        WeftAddress east = WeftAddress.From(System.Net.IPAddress.Parse(Lab.Addresses(Pods.EastNode)[0]));
        using DatapathMaps maps = MapsOf(Pods.WestNode);
        NodeValue node = maps.Nodes[east];
        maps.Nodes.Delete(east);
        using Fault fault = new(() => maps.Nodes.Update(east, node));

        Blames("foreign-sender", Pods.WestNode, Request, Pods.East, Pods.West);
    }

    [KernelFact]
    public void A_reverse_path_filter_of_the_node_is_named()
    {
        using Fault fault = Run(Pods.EastNode, "sysctl -qw net.ipv4.conf.all.rp_filter=1", "sysctl -qw net.ipv4.conf.all.rp_filter=0");

        Blames("rp-filter", Pods.EastNode, Request, Pods.East, Pods.EastNode);
    }

    [KernelFact]
    public void A_checksum_that_does_not_fit_is_named_where_it_is_found()
    {
        using Fault fault = Firewall(Pods.East, "output", "icmp type echo-request icmp checksum set 1");

        Blames("checksum", Pods.WestNode, Request, Pods.East, Pods.West);
    }

    [KernelFact]
    public void A_pod_that_its_nodes_datapath_does_not_have_is_told_from_one_that_is_gone()
    {
        WeftAddress west = WeftAddress.From(Pods.WestAddress);
        using DatapathMaps maps = MapsOf(Pods.WestNode);
        EndpointValue endpoint = maps.Endpoints[west];
        maps.Endpoints.Delete(west);
        using Fault fault = new(() => maps.Endpoints.Update(west, endpoint));

        Blames("missing-endpoint", Pods.WestNode, Request, Pods.East, Pods.West);
    }

    [KernelFact]
    public void A_route_of_the_node_past_the_overlay_is_named_by_what_it_leads_to()
    {
        using Fault fault = Run(Pods.EastNode, $"ip route add {Pods.WestAddress} dev ens3", $"ip route del {Pods.WestAddress} dev ens3");

        Blames("neighbour", Pods.EastNode, Request, Pods.EastNode, Pods.West, "--timeout", "5s");
    }

    [KernelFact]
    public void A_node_whose_own_route_ends_nowhere_never_sends()
    {
        using Fault fault = Run(Pods.EastNode, $"ip route add unreachable {Pods.WestAddress}", $"ip route del unreachable {Pods.WestAddress}");

        Assert.Equal(("not-sent", "no-route", null), OutcomeOf(TraceAnswer.Of(Lab, Pods.EastNode, Pods.West)));
    }

    [KernelFact]
    public void A_wire_that_loses_one_direction_is_named_as_that()
    {
        // The nodes know each other's Ethernet addresses: an answer that waits for one would not get as far as the wire.
        Lab.Exec(Pods.West, "ping", "-c", "1", "-W", "5", $"{Pods.EastAddress}");

        // The bridge's port to the east node.
        string[] qdisc = ["netns", "exec", LabNames.NetnsOf(Lab.Name, LabNames.Underlay), "tc", "qdisc"];
        Tool.Run("ip", [.. qdisc, "add", "dev", Pods.EastNode, "root", "bfifo", "limit", "1"]);
        using Fault fault = new(() => Tool.Run("ip", [.. qdisc, "del", "dev", Pods.EastNode, "root"]));

        TraceAnswer answer = Blames("lost-between-nodes", null, Reply, Pods.East, Pods.West);
        Assert.Contains("only in this direction", answer.Json.GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_program_that_listens_and_does_not_answer_is_not_the_networks_fault()
    {
        using System.Net.Sockets.Socket deaf = Lab.BindUdp(Pods.West, System.Net.Sockets.AddressFamily.InterNetwork, 9999);

        Assert.Equal(("delivered", "unanswered", Pods.WestNode), OutcomeOf(TraceAnswer.Of(Lab, Pods.East, $"{Pods.West}:9999", "-p", "udp")));
    }

    [KernelFact]
    public void A_service_without_backends_is_named()
    {
        Lab.Apply(new ServiceManifest("lonely", "10.96.7.7", "fd00:96::77"));

        Assert.Equal(("not-sent", "no-backend", null), OutcomeOf(TraceAnswer.Of(Lab, Pods.East, "10.96.7.7:80")));
    }

    [KernelFact]
    public void Other_traffic_on_the_same_way_does_not_get_into_the_trace()
    {
        using System.Diagnostics.Process flood = Lab.Member(Pods.East).Start(["ping", "-f", "-q", "-w", "5", $"{Pods.WestAddress}"]);
        string[] alone = TraceAnswer.Of(Lab, Pods.West, Pods.East).Hops("request");
        try
        {
            for (int round = 0; round < 3; round++)
            {
                TraceAnswer answer = TraceAnswer.Of(Lab, Pods.West, Pods.East);
                Assert.True(answer is { Outcome: "answered", Culprit: null }, answer.Text);
                Assert.Equal(alone, answer.Hops("request"));
            }
        }
        finally
        {
            flood.Kill();
            flood.WaitForExit();
        }
    }

    [KernelFact]
    public void A_way_that_is_full_does_not_mix_up_the_hops()
    {
        string[] alone = TraceAnswer.Of(Lab, Pods.East, Pods.West).Hops("request");
        using System.Diagnostics.Process stream = Lab.Member(Pods.East).Start(
        [
            "python3", "-c", "import socket, sys, time\ns = socket.socket(2, 2)\nend = time.time() + 30\nwhile time.time() < end: s.sendto(b'x' * 1300, (sys.argv[1], 9))", $"{Pods.WestAddress}",
        ]);
        try
        {
            for (int round = 0; round < 3; round++)
            {
                TraceAnswer answer = TraceAnswer.Of(Lab, Pods.East, Pods.West);
                Assert.True(answer is { Outcome: "answered", Culprit: null }, answer.Text);
                Assert.Equal(alone, answer.Hops("request"));
            }
        }
        finally
        {
            stream.Kill();
            stream.WaitForExit();
        }
    }

    private static IpcacheKey Single(WeftAddress address) => new() { PrefixLen = 128, Addr = address };

    private static (string, string?, string?) OutcomeOf(TraceAnswer answer) => (answer.Outcome, answer.Culprit, answer.Node);

    private TraceAnswer Blames(string culprit, string? node, string direction, params string[] arguments)
    {
        TraceAnswer answer = TraceAnswer.Of(Lab, arguments);
        Assert.True((culprit, node, direction) == (answer.Culprit, answer.Node, answer.Direction), $"expected {culprit} on {node}, {direction}; {answer.Text}");
        return answer;
    }

    private DatapathMaps MapsOf(string node) => DatapathMaps.OpenPinned(new BpfRoot(Lab.Paths.BpfRoot(node)));

    private static string GatewayOf(string route) => route.Split(' ')[2];

    private Fault Firewall(string member, string hook, string rule)
    {
        Lab.Exec(member, "nft", $"add table inet fault; add chain inet fault c {{ type filter hook {hook} priority 0; }}; add rule inet fault c {rule}");
        return new Fault(() => Lab.Exec(member, "nft", "delete table inet fault"));
    }

    private Fault Run(string member, string command, string undo)
    {
        Lab.Exec(member, "sh", "-c", command);
        return new Fault(() => Lab.Exec(member, "sh", "-c", undo));
    }
}
