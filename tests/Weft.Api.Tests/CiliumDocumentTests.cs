using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Weft.Api.Endpoints;
using Weft.Api.Identities;
using Weft.Tests.Shared;

namespace Weft.Api.Tests;

/// <summary>Documents recorded from a Cilium agent keep every name and value on their way through the records.</summary>
public class CiliumDocumentTests
{
    [Fact]
    public void Endpoint_list_survives_a_round_trip() => SurvivesRoundTrip("cilium-endpoint-list.json", ApiJson.Default.EndpointList);

    [Fact]
    public void Identity_list_survives_a_round_trip() => SurvivesRoundTrip("cilium-identity-list.json", ApiJson.Default.IdentityList);

    [Fact]
    public void Endpoint_fields_are_where_they_belong()
    {
        EndpointResource pod = JsonSerializer.Deserialize(Read("cilium-endpoint-list.json"), ApiJson.Default.EndpointList)![0];

        Assert.Equal(406, pod.Id);
        Assert.Equal(EndpointState.Ready, pod.Status!.State);
        Assert.Equal(8589, pod.Status.Identity!.Id);
        Assert.Equal(["container:app=cni"], pod.Status.Labels!.SecurityRelevant!);
        Assert.Equal("10.0.1.209", pod.Status.Networking!.Addressing![0].Ipv4);
        Assert.Equal("default/anc-pod1", pod.Status.ExternalIdentifiers!.PodName);
        Assert.Equal("none", pod.Status.Policy!.Realized!.PolicyEnabled);
    }

    [Fact]
    public void Identities_keep_their_labels()
    {
        IReadOnlyList<IdentityResource> list = JsonSerializer.Deserialize(Read("cilium-identity-list.json"), ApiJson.Default.IdentityList)!;

        Assert.Equal(["reserved:remote-node", "reserved:kube-apiserver"], list.Single(i => i.Id == 7).Labels);
    }

    [Fact]
    public void Damaged_documents_are_json_errors_and_nothing_else()
    {
        byte[] document = System.Text.Encoding.UTF8.GetBytes(Read("cilium-endpoint-list.json"));

        Fuzz.Mutations(document, damaged =>
        {
            try
            {
                JsonSerializer.Deserialize(damaged, ApiJson.Default.EndpointList);
            }
            catch (JsonException)
            {
                // What a caller is told to expect.
            }
        });
    }

    private static void SurvivesRoundTrip<T>(string file, JsonTypeInfo<T> type)
    {
        string recorded = Read(file);
        string written = JsonSerializer.Serialize(JsonSerializer.Deserialize(recorded, type)!, type);

        JsonNode expected = WithMilliseconds(JsonNode.Parse(recorded)!);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(written)), $"expected\n{expected.ToJsonString()}\nfound\n{written}");
    }

    /// <summary>Cilium writes the times of an endpoint's log in whole seconds, all others with milliseconds; Weft writes one form.</summary>
    private static JsonNode WithMilliseconds(JsonNode node)
    {
        foreach (JsonNode? endpoint in node.AsArray())
        {
            foreach (JsonNode? change in endpoint!["status"]?["log"]?.AsArray() ?? [])
            {
                change!["timestamp"] = change["timestamp"]!.GetValue<string>().Replace("Z", ".000Z", StringComparison.Ordinal);
            }
        }

        return node;
    }

    private static string Read(string name)
    {
        using Stream stream = typeof(CiliumDocumentTests).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
