using System.Net;
using Weft.Abi;
using Weft.Control.Cluster;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Nodes;

namespace Weft.Control.Tests.Cluster;

public sealed class WantedDestinationsTests
{
    private static readonly Identity s_finer = new(0x0100_0001);
    private static readonly IPAddress s_bpf2 = IPAddress.Parse("192.168.2.62");

    [Theory]
    [InlineData("192.168.2.61/32")]
    [InlineData("fd00:c0a8:2::61/128")]
    [InlineData("10.0.1.1/32")]
    [InlineData("fd00:10:0:1::1/128")]
    public void This_nodes_own_addresses_are_the_host(string prefix) =>
        Assert.Equal(new Destination(Identity.Host, null), Wanted()[IPNetwork.Parse(prefix)]);

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    public void Whatever_else_there_is_is_the_world(string prefix) =>
        Assert.Equal(new Destination(Identity.World, null), Wanted()[IPNetwork.Parse(prefix)]);

    [Theory]
    [InlineData("192.168.2.62/32")]
    [InlineData("fd00:c0a8:2::62/128")]
    [InlineData("10.0.2.1/32")]
    [InlineData("fd00:10:0:2::1/128")]
    public void Addresses_of_other_nodes_are_behind_their_ipv4_address(string prefix) =>
        Assert.Equal(new Destination(Identity.RemoteNode, s_bpf2), Wanted(nodes: [ClusterSample.Bpf2])[IPNetwork.Parse(prefix)]);

    [Fact]
    public void A_pod_of_another_node_is_behind_it_in_both_families()
    {
        Dictionary<IPNetwork, Destination> wanted = Wanted(
            addresses: [ClusterSample.Pod("10.0.2.5/32"), ClusterSample.Pod("fd00:10:0:2::5/128")]);

        Assert.Equal(new Destination(new Identity(4000), s_bpf2), wanted[IPNetwork.Parse("10.0.2.5/32")]);
        Assert.Equal(new Destination(new Identity(4000), s_bpf2), wanted[IPNetwork.Parse("fd00:10:0:2::5/128")]);
    }

    [Theory]
    [InlineData("192.168.2.61/32")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("192.168.2.62/32")]
    public void No_record_of_an_address_takes_the_place_of_a_node_or_the_world(string prefix)
    {
        Dictionary<IPNetwork, Destination> wanted = Wanted(nodes: [ClusterSample.Bpf2], addresses: [ClusterSample.Pod(prefix, node: "6.6.6.6")]);

        Assert.NotEqual(new Identity(4000), wanted[IPNetwork.Parse(prefix)].Identity);
    }

    [Fact]
    public void No_other_node_takes_the_place_of_this_one() => Assert.Equal(
        Identity.Host,
        Wanted(nodes: [ClusterSample.Node("bpf3", "192.168.2.63,fd00:c0a8:2::61", "")])[IPNetwork.Parse("fd00:c0a8:2::61/128")].Identity);

    [Fact]
    public void A_node_without_an_ipv4_address_cannot_be_reached_and_is_left_out() =>
        Assert.Equal(6, Wanted(nodes: [ClusterSample.Node("bpf3", "fd00:c0a8:2::63", "")]).Count);

    [Fact]
    public void A_native_range_is_the_world_that_sees_pods_addresses() => Assert.Equal(
        new Destination(Identity.World, null, IpcacheFlags.Native), Wanted(native: ["172.16.0.0/12"])[IPNetwork.Parse("172.16.0.0/12")]);

    [Fact]
    public void The_address_of_a_service_says_what_the_range_around_it_says() => Assert.Equal(
        new Destination(Identity.World, null, IpcacheFlags.Native | IpcacheFlags.Service),
        Wanted(native: ["172.16.0.0/12"], services: ["172.20.0.10"])[IPNetwork.Parse("172.20.0.10/32")]);

    [Fact]
    public void The_address_of_a_service_that_is_also_a_nodes_stays_the_nodes() => Assert.Equal(
        new Destination(Identity.RemoteNode, s_bpf2, IpcacheFlags.Service),
        Wanted(nodes: [ClusterSample.Bpf2], services: ["192.168.2.62"])[IPNetwork.Parse("192.168.2.62/32")]);

    [Fact]
    public void A_service_on_an_address_of_this_nodes_pods_is_left_out_as_the_pods_entries_are_their_own() =>
        Assert.DoesNotContain(IPNetwork.Parse("10.0.1.77/32"), Wanted(services: ["10.0.1.77"]).Keys);

    [Fact]
    public void A_prefix_of_a_policy_keeps_the_flags_of_the_range_around_it() => Assert.Equal(
        new Destination(s_finer, null, IpcacheFlags.Native),
        Wanted(native: ["172.16.0.0/12"], policies: ["172.20.0.0/16"])[IPNetwork.Parse("172.20.0.0/16")]);

    [Fact]
    public void What_is_inside_a_prefix_of_a_policy_has_its_identity() => Assert.Equal(
        new Destination(s_finer, null, IpcacheFlags.Native),
        Wanted(native: ["172.16.0.0/12"], policies: ["172.0.0.0/8"])[IPNetwork.Parse("172.16.0.0/12")]);

    [Fact]
    public void A_policy_that_names_a_nodes_address_takes_nothing_from_the_node() => Assert.Equal(
        Identity.RemoteNode, Wanted(nodes: [ClusterSample.Bpf2], policies: ["192.168.2.62/32"])[IPNetwork.Parse("192.168.2.62/32")].Identity);

    private static Dictionary<IPNetwork, Destination> Wanted(
        string[]? native = null, NodeRecord[]? nodes = null, AddressRecord[]? addresses = null, string[]? services = null,
        string[]? policies = null) =>
        WantedDestinations.Of(
            ClusterSample.Bpf1, (native ?? []).Select(IPNetwork.Parse), nodes ?? [], addresses ?? [], (services ?? []).Select(IPAddress.Parse),
            (policies ?? []).ToDictionary(IPNetwork.Parse, _ => s_finer));
}
