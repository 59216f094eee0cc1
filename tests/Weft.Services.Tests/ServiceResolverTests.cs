using System.Net;
using Weft.Model.Services;
using static Weft.Services.Tests.Sample;

namespace Weft.Services.Tests;

public sealed class ServiceResolverTests
{
    [Fact]
    public void A_cluster_ip_leads_to_the_ready_backends_and_not_for_the_world()
    {
        Frontend web = Resolve(Service(), Slice(Ready("10.0.1.9", There), Ready("10.0.1.7", Here), NotReady("10.0.1.8"))).Frontends[Key("10.96.0.10")];

        Assert.Equal("10.0.1.7:8080, 10.0.1.9:8080", web.Internal.Text());
        Assert.Empty(web.External);
        Assert.Equal("10.0.1.8:8080", web.Retained.Text());
        Assert.Equal((FrontendKind.ClusterIP, "shop/web:http"), (web.Kind, web.Owner.ToString()));
    }

    [Fact]
    public void Every_kind_of_address_is_a_frontend()
    {
        ServiceRecord service = Service() with
        {
            Type = ServiceType.LoadBalancer,
            ClusterIPs = [IPAddress.Parse("10.96.0.10"), IPAddress.Parse("fd96::10")],
            Ports = [Port(nodePort: 30080)],
            ExternalIPs = [IPAddress.Parse("203.0.113.1")],
            LoadBalancerIPs = [IPAddress.Parse("203.0.113.2")],
        };

        IEnumerable<string> frontends = Resolve(service).Frontends.Values.Select(f => $"{f.Kind} {f.Key}").Order();

        Assert.Equal(
            [
                "ClusterIP 10.96.0.10:80/TCP", "ClusterIP [fd96::10]:80/TCP", "ExternalIP 203.0.113.1:80/TCP",
                "LoadBalancer 203.0.113.2:80/TCP", "NodePort 0.0.0.0:30080/TCP", "NodePort [::]:30080/TCP",
            ],
            frontends);
    }

    [Fact]
    public void Backends_are_of_the_frontends_family()
    {
        ServiceRecord service = Service() with { ClusterIPs = [IPAddress.Parse("10.96.0.10"), IPAddress.Parse("fd96::10")] };
        EndpointSliceRecord six = Slice(Ready("fd00::7")) with { Name = ResourceName.Parse("shop/web-2"), AddressType = SliceAddressType.IPv6 };

        ServiceTable table = Resolve(service, Slice(Ready("10.0.1.7")), six);

        Assert.Equal("10.0.1.7:8080", table.Frontends[Key("10.96.0.10")].Internal.Text());
        Assert.Equal("fd00::7:8080", table.Frontends[Key("fd96::10")].Internal.Text());
    }

    [Fact]
    public void What_terminates_and_serves_is_the_last_resort()
    {
        EndpointSliceRecord slice = Slice(Terminating("10.0.1.7"), NotReady("10.0.1.8"));

        Assert.Equal("10.0.1.7:8080", Resolve(Service(), slice).Frontends[Key("10.96.0.10")].Internal.Text());

        Frontend web = Resolve(Service(), slice, Slice(Ready("10.0.1.9")) with { Name = ResourceName.Parse("shop/web-2") }).Frontends[Key("10.96.0.10")];
        Assert.Equal("10.0.1.9:8080", web.Internal.Text());
        Assert.Equal("10.0.1.7:8080, 10.0.1.8:8080", web.Retained.Text());
    }

    [Fact]
    public void The_internal_policy_is_of_the_cluster_ip_alone()
    {
        ServiceRecord service = Service() with
        {
            InternalTrafficPolicy = TrafficPolicy.Local,
            ExternalIPs = [IPAddress.Parse("203.0.113.1")],
        };

        ServiceTable table = Resolve(service, Slice(Ready("10.0.1.7", Here), Ready("10.0.2.7", There)));

        Assert.Equal("10.0.1.7:8080", table.Frontends[Key("10.96.0.10")].Internal.Text());
        Assert.Equal("10.0.1.7:8080, 10.0.2.7:8080", table.Frontends[Key("203.0.113.1")].Internal.Text());
        Assert.Equal("10.0.1.7:8080, 10.0.2.7:8080", table.Frontends[Key("203.0.113.1")].External.Text());
    }

    [Fact]
    public void The_external_policy_is_for_what_comes_from_outside()
    {
        ServiceRecord service = Service() with
        {
            Type = ServiceType.NodePort, ExternalTrafficPolicy = TrafficPolicy.Local, Ports = [Port(nodePort: 30080)],
        };

        Frontend node = Resolve(service, Slice(Terminating("10.0.1.7", Here), Ready("10.0.2.7", There))).Frontends[Key("0.0.0.0", 30080)];

        Assert.Equal("10.0.1.7:8080", node.External.Text());
        Assert.Equal("10.0.2.7:8080", node.Internal.Text());
        Assert.Empty(node.Retained);
    }

    [Fact]
    public void With_publishNotReadyAddresses_all_are_ready()
    {
        ServiceRecord service = Service() with { PublishNotReadyAddresses = true };

        Assert.Equal("10.0.1.8:8080", Resolve(service, Slice(NotReady("10.0.1.8"))).Frontends[Key("10.96.0.10")].Internal.Text());
    }

    [Fact]
    public void A_udp_flow_is_not_kept_at_a_backend_that_does_not_serve()
    {
        ServiceRecord dns = Service() with { Ports = [Port("dns", 53, protocol: "UDP")] };
        EndpointSliceRecord slice = Slice(NotReady("10.0.1.8"), Terminating("10.0.1.9"), Ready("10.0.1.7")) with
        {
            Ports = [new SlicePort { Name = "dns", Protocol = "UDP", Port = 53 }],
        };

        Frontend frontend = Resolve(dns, slice).Frontends[Key("10.96.0.10", 53, TransportProtocol.Udp)];

        Assert.Equal("10.0.1.9:53", frontend.Retained.Text());
    }

    [Theory]
    [InlineData(8080, "9090", "10.0.1.7:8080")]
    [InlineData(null, "9090", "10.0.1.7:9090")]
    [InlineData(null, null, "10.0.1.7:80")]
    [InlineData(null, "web", "")]
    public void The_slice_knows_the_port_and_the_service_where_it_does_not(int? inSlice, string? target, string expected)
    {
        ServiceRecord service = Service() with { Ports = [Port() with { TargetPort = target }] };
        EndpointSliceRecord slice = Slice(Ready("10.0.1.7")) with
        {
            Ports = [new SlicePort { Name = "http", Protocol = "TCP", Port = (ushort?)inSlice }],
        };

        Assert.Equal(expected, Resolve(service, slice).Frontends[Key("10.96.0.10")].Internal.Text());
    }

    [Fact]
    public void A_headless_service_is_left_to_dns()
    {
        ServiceTable table = Resolve(Service(clusterIP: null) with { IsHeadless = true }, Slice(Ready("10.0.1.7")));

        Assert.Empty(table.Frontends);
        Assert.Empty(table.Problems);
    }

    [Fact]
    public void Source_ranges_are_for_the_load_balancers_addresses()
    {
        ServiceRecord service = Service() with
        {
            Type = ServiceType.LoadBalancer,
            LoadBalancerIPs = [IPAddress.Parse("203.0.113.2"), IPAddress.Parse("2001:db8::2")],
            SourceRanges = [IPNetwork.Parse("198.51.100.0/24")],
        };

        ServiceTable table = Resolve(service);

        Assert.Null(table.Frontends[Key("10.96.0.10")].SourceRanges);
        Assert.Equal([IPNetwork.Parse("198.51.100.0/24")], table.Frontends[Key("203.0.113.2")].SourceRanges!.Value);
        Assert.Empty(table.Frontends[Key("2001:db8::2")].SourceRanges!.Value);
    }

    [Fact]
    public void An_unknown_protocol_is_told_and_the_other_ports_work()
    {
        ServiceTable table = Resolve(Service() with { Ports = [Port("sig", 90, protocol: "SCTP"), Port()] });

        Assert.Equal([Key("10.96.0.10")], table.Frontends.Keys);
        Assert.Equal(
            "service shop/web: port 'sig': unknown protocol 'SCTP', the port is not served (only TCP and UDP are balanced)",
            Assert.Single(table.Problems).ToString());
    }

    [Fact]
    public void Addresses_that_are_nobodys_serve_nothing()
    {
        ServiceRecord service = Service() with { ExternalIPs = [IPAddress.Parse("0.0.0.0"), IPAddress.Parse("127.0.0.1")] };

        ServiceTable table = Resolve(service, Slice(Ready("127.0.0.1"), Ready("10.0.1.7")));

        Assert.Equal("10.0.1.7:8080", Assert.Single(table.Frontends.Values).Internal.Text());
        Assert.Equal(
            ["external IP 0.0.0.0 is the unspecified address: nothing is served there", "external IP 127.0.0.1 is a loopback address: nothing is served there"],
            table.Problems.Select(p => p.Message));
    }

    [Fact]
    public void A_node_port_out_of_range_and_a_false_affinity_are_told()
    {
        ServiceTable table = Resolve(Service() with { Type = ServiceType.NodePort, AffinitySeconds = -3, Ports = [Port(nodePort: 22)] });

        Assert.Equal(ServiceRecord.DefaultAffinitySeconds, Assert.Single(table.Frontends.Values).AffinitySeconds);
        Assert.Equal(
            ["session affinity of -3 s cannot be (1 to 86400 s): it is 10800 s", "port 'http': node port 22 is not served (only 30000 to 32767 are)"],
            table.Problems.Select(p => p.Message));
    }
}
