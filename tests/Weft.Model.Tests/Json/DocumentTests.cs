using System.Net;
using System.Text.Json;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Json;
using Weft.Model.Labels;
using Weft.Model.Nodes;

namespace Weft.Model.Tests.Json;

public sealed class DocumentTests
{
    private static readonly NodeRecord s_node = new()
    {
        Name = NodeName.Parse("bpf1"),
        Cluster = ClusterName.Default,
        Instance = "5c8a",
        Addresses = [IPAddress.Parse("192.168.2.61")],
        PodCidrs = [PodCidr.Parse("10.0.1.0/24")],
        Routers = [IPAddress.Parse("10.0.1.1")],
    };

    private static readonly EndpointRecord s_endpoint = new()
    {
        Id = new EndpointId(3663),
        ContainerId = "4f2a",
        ContainerInterface = "eth0",
        NetnsPath = "/run/netns/weft-default-cni-6vf5d",
        KubernetesNamespace = "default",
        KubernetesPod = "cni-6vf5d",
        HostInterface = "lxc0123456789ab",
        HostIfindex = 12,
        Mac = new MacAddress(0x0a1b2c3d4e5f),
        HostMac = new MacAddress(0x0a1b2c3d4e60),
        IPv4 = IPAddress.Parse("10.0.1.180"),
        Labels = LabelSet.Parse(["k8s:app=cni"]),
        Identity = new Identity(37483),
    };

    [Fact]
    public void A_node_is_stored_as_json_that_people_can_read()
    {
        string json = JsonSerializer.Serialize(s_node, ModelJsonContext.Default.NodeRecord);

        Assert.Equal(
            """{"name":"bpf1","cluster":"default","instance":"5c8a","addresses":["192.168.2.61"],"podCidrs":["10.0.1.0/24"],"routers":["10.0.1.1"]}""",
            json);
        Assert.Equal(s_node, JsonSerializer.Deserialize(json, ModelJsonContext.Default.NodeRecord));
    }

    [Fact]
    public void A_node_tells_where_its_health_endpoint_answers()
    {
        NodeRecord node = s_node with { Health = new HealthAddresses { IPv4 = IPAddress.Parse("10.0.1.222") } };

        string json = JsonSerializer.Serialize(node, ModelJsonContext.Default.NodeRecord);

        Assert.EndsWith(""","health":{"ipv4":"10.0.1.222"}}""", json, StringComparison.Ordinal);
        Assert.Equal(node, JsonSerializer.Deserialize(json, ModelJsonContext.Default.NodeRecord));
        Assert.NotEqual(s_node, node);
    }

    [Fact]
    public void An_endpoint_reads_back_equal()
    {
        string json = JsonSerializer.Serialize(s_endpoint, ModelJsonContext.Default.EndpointRecord);

        Assert.Equal(s_endpoint, JsonSerializer.Deserialize(json, ModelJsonContext.Default.EndpointRecord));
        Assert.DoesNotContain("ipv6", json);
    }

    [Fact]
    public void An_address_and_an_identity_read_back_equal()
    {
        var address = new AddressRecord
        {
            Prefix = IPNetwork.Parse("10.0.1.180/32"),
            Identity = new Identity(37483),
            Node = NodeName.Parse("bpf1"),
            NodeAddress = IPAddress.Parse("192.168.2.61"),
            Owner = "default/cni-6vf5d",
        };
        var identity = new IdentityRecord(new Identity(37483), LabelSet.Parse(["k8s:app=cni"]));

        Assert.Equal(address, JsonSerializer.Deserialize(
            JsonSerializer.Serialize(address, ModelJsonContext.Default.AddressRecord), ModelJsonContext.Default.AddressRecord));
        Assert.Equal(identity, JsonSerializer.Deserialize(
            JsonSerializer.Serialize(identity, ModelJsonContext.Default.IdentityRecord), ModelJsonContext.Default.IdentityRecord));
    }

    [Fact]
    public void Properties_of_a_newer_agent_are_skipped()
    {
        string json = JsonSerializer.Serialize(s_node, ModelJsonContext.Default.NodeRecord).Replace("{", """{"later":{"a":[1]},""");

        Assert.Equal(s_node, JsonSerializer.Deserialize(json, ModelJsonContext.Default.NodeRecord));
    }

    [Fact]
    public void Truncated_and_mutated_documents_are_refused_as_json_errors_only()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] valid = JsonSerializer.SerializeToUtf8Bytes(s_endpoint, ModelJsonContext.Default.EndpointRecord);
        for (int round = 0; round < 5000; round++)
        {
            byte[] bytes = valid[..(round < valid.Length ? round : valid.Length)];
            for (int i = round < valid.Length ? 0 : random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            Exception? thrown = Record.Exception(() => JsonSerializer.Deserialize(bytes, ModelJsonContext.Default.EndpointRecord));
            Assert.True(thrown is null or JsonException, $"seed {seed}, round {round}: {thrown}");
        }
    }
}
