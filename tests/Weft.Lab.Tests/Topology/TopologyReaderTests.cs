using System.Net;
using Weft.Lab.Topology;
using Weft.Model.Yaml;

namespace Weft.Lab.Tests.Topology;

public sealed class TopologyReaderTests
{
    private const string OneNode =
        """
        underlay: 192.168.2.0/24
        nodes:
          - { name: east, address: 192.168.2.1, podCIDR: 10.0.1.0/24 }

        """;

    [Fact]
    public void The_default_topology_is_that_of_the_notes()
    {
        LabTopology topology = TopologyReader.Default;

        Assert.Equal(
            ["bpf1 192.168.2.61 fd00:c0a8:2::61 10.0.1.0/24 fd00:10:0:1::/64", "bpf2 192.168.2.62 fd00:c0a8:2::62 10.0.0.0/24 fd00:10::/64"],
            topology.Nodes.Select(node => $"{node.Name} {node.Address} {node.Address6} {node.PodCidr} {node.PodCidr6}"));
        Assert.Equal(
            ["cni-6vf5d bpf1 10.0.1.180 fd00:10:0:1::180", "cni-j22kt bpf2 10.0.0.23 fd00:10::23", "web-k9x2p bpf2 10.0.0.45 fd00:10::45"],
            topology.Pods.Select(pod => $"{pod.Name} {pod.Node} {pod.Address} {pod.Address6}"));
        Assert.Equal(["client 203.0.113.10/24 2001:db8:113::10/64"], topology.Outside.Select(host => $"{host.Name} {host.Address} {host.Address6}"));
        Assert.Equal(topology.Pods[0].Labels, topology.Pods[1].Labels);
        Assert.NotEqual(topology.Pods[0].Labels, topology.Pods[2].Labels);
    }

    [Fact]
    public void The_router_has_the_first_address_of_each_network()
    {
        LabTopology topology = TopologyReader.Default;

        Assert.Equal(("192.168.2.1", "fd00:c0a8:2::1"), ($"{topology.Router}", $"{topology.Router6}"));
        Assert.Equal(("203.0.113.1", "2001:db8:113::1"), ($"{topology.Outside[0].Router}", $"{topology.Outside[0].Router6}"));
    }

    [Fact]
    public void The_router_makes_way_for_whoever_has_its_address()
    {
        LabTopology topology = TopologyReader.Parse(OneNode + "outside: [{ name: client, address: 203.0.113.1/24 }]", "t");

        Assert.Equal("192.168.2.2", $"{topology.Router}");
        Assert.Equal("203.0.113.2", $"{topology.Outside[0].Router}");
    }

    [Fact]
    public void A_topology_without_IPv6_has_none()
    {
        LabTopology topology = TopologyReader.Parse(OneNode + "pods: [{ name: web, node: east }]", "t");

        Assert.Null(topology.Underlay6);
        Assert.Null(topology.Router6);
        Assert.False(topology.Nodes[0].HasIPv6);
        Assert.Empty(topology.Outside);
    }

    [Fact]
    public void A_pod_carries_the_labels_that_an_agent_wants()
    {
        LabTopology topology = TopologyReader.Parse(OneNode + "pods: [{ name: web, node: east, namespace: shop, labels: { app: web, tier: front } }]", "t");

        Assert.Equal("k8s:app=web,k8s:io.kubernetes.pod.namespace=shop,k8s:tier=front", topology.Pods[0].Labels.ToString());
        Assert.Null(topology.Pods[0].Address);
    }

    [Fact]
    public void The_mtu_is_that_of_ethernet_unless_given()
    {
        Assert.Equal(1500, TopologyReader.Parse(OneNode, "t").Mtu);
        Assert.Equal(9000, TopologyReader.Parse(OneNode + "mtu: 9000", "t").Mtu);
    }

    [Fact]
    public void Ranges_are_networks()
    {
        Assert.Equal(IPNetwork.Parse("192.168.2.0/24"), TopologyReader.Parse(OneNode, "t").Underlay);
    }

    [Theory]
    [InlineData("", RuntimeKind.None)]
    [InlineData(", runtime: containerd", RuntimeKind.Containerd)]
    [InlineData(", runtime: podman", RuntimeKind.Podman)]
    public void A_node_has_the_runtime_that_it_names(string field, RuntimeKind runtime) => Assert.Equal(
        runtime, TopologyReader.Parse(OneNode.Replace("10.0.1.0/24 }", $"10.0.1.0/24{field} }}", StringComparison.Ordinal), "t").Nodes[0].Runtime);

    [Fact]
    public void Every_error_is_told_with_its_line()
    {
        const string text =
            """
            underlay: 192.168.2.0/24
            speed: fast
            nodes:
              - name: east
                address: 192.168.3.1
                podCIDR: 10.0.1.0/24
              - name: east
                address: 192.168.2.2
                podCIDR: 10.0.0.0/16
            pods:
              - name: web
                node: north
            """;

        TopologyException error = Assert.Throws<TopologyException>(() => TopologyReader.Parse(text, "lab.yaml"));

        Assert.Equal([2, 5, 7, 12], error.Errors.Select(e => e.Line));
        Assert.StartsWith("read topology lab.yaml: 4 errors\n  lab.yaml:2: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("nodes: [", 2, "parsing")]
    [InlineData("- a\n- b", 1, "is a list")]
    [InlineData("nodes: []\nunderlay: 10.9.0.0/24", 1, "0 nodes (from 1 to 64)")]
    [InlineData("underlay: 10.9.0.0/24\nnodes: 3", 2, "is a single value: write a list")]
    [InlineData("underlay: 10.9.0.0/24\nnodes: [4]", 2, "node 1 is a single value: write it as a map")]
    [InlineData("underlay: &a 10.9.0.0/24\nnodes: *a", 1, "anchors")]
    [InlineData("a: 1\n---\nb: 2", 3, "second document")]
    [InlineData("[[[[[[[[[[[[1]]]]]]]]]]]]", 1, "deeper than 8")]
    public void A_text_that_is_no_topology_is_refused(string text, int line, string message)
    {
        TopologyException error = Assert.Throws<TopologyException>(() => TopologyReader.Parse(text, "t"));

        Assert.Contains(error.Errors, e => e.Line == line && e.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ name: west, address: 192.168.2.1, podCIDR: 10.0.2.0/24 }", "is that of node east (line 3)")]
    [InlineData("{ name: west, address: 192.168.2.255, podCIDR: 10.0.2.0/24 }", "no host address of the underlay")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.0.0/8 }", "10.0.0.0/8, pod CIDR of node west, overlaps 10.0.1.0/24, pod CIDR of node east (line 3)")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 192.168.0.0/16 }", "overlaps 192.168.2.0/24, the underlay (line 1)")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.1/24 }", "no IPv4 network: '10.0.2.1/24'")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/31 }", "prefix length of 31 (from 8 to 29)")]
    [InlineData("{ name: west, address: 192.168.2, podCIDR: 10.0.2.0/24 }", "no IPv4 address: '192.168.2'")]
    [InlineData("{ name: west, address: 192.168.2.2 }", "node 2 has no 'podCIDR'")]
    [InlineData("{ name: west, name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24 }", "has the field 'name' twice")]
    [InlineData("{ name: node-with-a-long-name, address: 192.168.2.2, podCIDR: 10.0.2.0/24 }", "has 21 characters (at most 15: it names a device too)")]
    [InlineData("{ name: bridge, address: 192.168.2.2, podCIDR: 10.0.2.0/24 }", "taken by a device of the underlay")]
    [InlineData("{ name: ../west, address: 192.168.2.2, podCIDR: 10.0.2.0/24 }", "is not made of a-z")]
    [InlineData("{ name: underlay, address: 192.168.2.2, podCIDR: 10.0.2.0/24 }", "taken by the lab")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24, mtu: 9000 }", "unknown field 'mtu' (known: name, address, address6, podCIDR, podCIDR6, runtime)")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24, runtime: docker }", "runtime 'docker' of node 2 is neither containerd nor podman")]
    public void A_wrong_second_node_is_told(string node, string message) => AssertOneLine(OneNode + "  - " + node, 4, message);

    [Theory]
    [InlineData("{ name: east, node: east }", "'east' is used twice (first on line 3;")]
    [InlineData("{ name: web, node: east, address: 10.0.2.7 }", "no host address of 10.0.1.0/24, the pod CIDR of node east")]
    [InlineData("{ name: web, node: east, address: 10.0.1.0 }", "no host address")]
    [InlineData("{ name: web, node: east, labels: [a] }", "is a list: write a map")]
    [InlineData("{ name: web, node: east, labels: { 'a;b': c } }", "label 'a;b' of pod 1")]
    [InlineData("{ name: web, node: east, labels: { a: [b] } }", "its value is a list")]
    [InlineData("{ name: web, node: east, labels: { io.kubernetes.pod.namespace: b } }", "set by 'namespace'")]
    [InlineData("{ name: web, node: east, namespace: 'a b' }", "namespace of pod 1")]
    [InlineData("{ name: web, node: west }", "on node 'west', which is not among the nodes")]
    [InlineData("{ name: web, node: web }", "on node 'web', which is not among the nodes")]
    [InlineData("{ name: web, node: east, address6: 'fd00:10::7' }", "node east has no 'podCIDR6'")]
    [InlineData("{ name: web, node: east, address: 'fd00:10::7' }", "no IPv4 address: 'fd00:10::7'")]
    public void A_wrong_pod_is_told(string pod, string message) => AssertOneLine(OneNode + "pods:\n  - " + pod, 5, message);

    [Theory]
    [InlineData("{ name: west, address: 192.168.2.2, address6: 'fd00:2::1:0:0:0:2', podCIDR: 10.0.2.0/24 }", "no host address of the underlay fd00:2::/64")]
    [InlineData("{ name: west, address: 192.168.2.2, address6: 'fd00:2::', podCIDR: 10.0.2.0/24 }", "no host address of the underlay fd00:2::/64")]
    [InlineData("{ name: west, address: 192.168.2.2, address6: 'fd00:2::1', podCIDR: 10.0.2.0/24 }", "is that of node east (line 4)")]
    [InlineData("{ name: west, address: 192.168.2.2, address6: 192.168.2.3, podCIDR: 10.0.2.0/24 }", "no IPv6 address: '192.168.2.3'")]
    [InlineData("{ name: west, address: 192.168.2.2, address6: 'fe80::2', podCIDR: 10.0.2.0/24 }", "no IPv6 address: 'fe80::2'")]
    [InlineData("{ name: west, address: 192.168.2.2, address6: 'fd00:2::2%ens3', podCIDR: 10.0.2.0/24 }", "no IPv6 address: 'fd00:2::2%ens3'")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24, podCIDR6: 'fd00:10:1::/80' }", "overlaps fd00:10:1::/64, pod CIDR of node east (line 4)")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24, podCIDR6: 'fd00:2::/64' }", "fd00:2::/64, the underlay (line 2)")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24, podCIDR6: 'fd00:10:2::1/64' }", "no IPv6 network: 'fd00:10:2::1/64'")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24, podCIDR6: 'fd00:10:2::/124' }", "prefix length of 124 (from 64 to 120)")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24, podCIDR6: 'fd00:10:2::/64' }", "node 2 has one of 'address6' and 'podCIDR6' only")]
    [InlineData("{ name: west, address: 192.168.2.2, address6: 'fd00:2::2', podCIDR: 10.0.2.0/24 }", "node 2 has one of 'address6' and 'podCIDR6' only")]
    [InlineData("{ name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24, podCIDR6: 'fd00:10:2::/129' }", "no IPv6 network: 'fd00:10:2::/129'")]
    public void A_wrong_IPv6_side_of_a_node_is_told(string node, string message)
    {
        const string dual =
            """
            underlay: 192.168.2.0/24
            underlay6: fd00:2::/64
            nodes:
              - { name: east, address: 192.168.2.1, address6: 'fd00:2::1', podCIDR: 10.0.1.0/24, podCIDR6: 'fd00:10:1::/64' }

            """;

        TopologyException error = Assert.Throws<TopologyException>(() => TopologyReader.Parse($"{dual}  - {node}", "t"));

        Assert.Contains(error.Errors, e => e.Line == 5 && e.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void IPv6_of_a_node_needs_an_underlay_for_it() => AssertOneLine(
        OneNode + "  - { name: west, address: 192.168.2.2, address6: 'fd00:2::2', podCIDR: 10.0.2.0/24, podCIDR6: 'fd00:10:2::/64' }", 4, "the topology has no 'underlay6'");

    [Theory]
    [InlineData("{ name: east, address: 203.0.113.10/24 }", "'east' is used twice (first on line 3;")]
    [InlineData("{ name: client, address: 203.0.113.10 }", "no IPv4 address with a prefix length: '203.0.113.10' (as in 203.0.113.10/24)")]
    [InlineData("{ name: client, address: 203.0.113.10/33 }", "no IPv4 address with a prefix length")]
    [InlineData("{ name: client, address: 203.0.113.10/-1 }", "no IPv4 address with a prefix length")]
    [InlineData("{ name: client, address: 203.0.113.10/30 }", "prefix length of 30 (from 8 to 29)")]
    [InlineData("{ name: client, address: 203.0.113.0/24 }", "no host address of its network 203.0.113.0/24")]
    [InlineData("{ name: client, address: 203.0.113.255/24 }", "no host address of its network 203.0.113.0/24")]
    [InlineData("{ name: client, address: 192.168.2.10/24 }", "network of outside host client, overlaps 192.168.2.0/24, the underlay (line 1)")]
    [InlineData("{ name: client, address: 10.0.1.10/24 }", "overlaps 10.0.1.0/24, pod CIDR of node east (line 3)")]
    [InlineData("{ name: client }", "outside host 1 has no 'address'")]
    [InlineData("{ name: client, address: 203.0.113.10/24, address6: '2001:db8:113::10/64' }", "the topology has no 'underlay6'")]
    [InlineData("{ name: client, address: 203.0.113.10/24, node: east }", "unknown field 'node' (known: name, address, address6)")]
    public void A_wrong_outside_host_is_told(string host, string message) => AssertOneLine(OneNode + "outside:\n  - " + host, 5, message);

    [Fact]
    public void The_router_needs_an_address_that_no_node_has()
    {
        string nodes = string.Concat(Enumerable.Range(1, 6).Select(number => $"  - {{ name: n{number}, address: 192.168.2.{number}, podCIDR: 10.0.{number}.0/24 }}\n"));

        AssertOneLine($"underlay: 192.168.2.0/29\nnodes:\n{nodes}", 1, "none is left for its router");
    }

    [Fact]
    public void Two_pods_cannot_have_one_address()
    {
        const string pods =
            """
            pods:
              - { name: web, node: east, address: 10.0.1.7 }
              - { name: db, node: east, address: 10.0.1.7 }
            """;

        AssertOneLine(OneNode + pods, 6, "is that of pod web (line 5)");
    }

    [Fact]
    public void An_overlong_text_is_refused()
    {
        TopologyException error = Assert.Throws<TopologyException>(() => TopologyReader.Parse(new string('#', 2_000_000), "t"));

        Assert.Contains("2000000 characters", error.Message, StringComparison.Ordinal);
    }

    private static void AssertOneLine(string text, int line, string message)
    {
        TopologyException error = Assert.Throws<TopologyException>(() => TopologyReader.Parse(text, "t"));
        DocumentError only = Assert.Single(error.Errors);
        Assert.Contains(message, only.Message, StringComparison.Ordinal);
        Assert.Equal(line, only.Line);
    }
}
