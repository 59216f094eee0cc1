using System.Text.Json;
using Weft.Model.Json;
using Weft.Model.Services;
using Weft.Model.Services.Manifests;
using Weft.Tests.Shared;

namespace Weft.Model.Tests.Services;

/// <summary>The form in the store.</summary>
public sealed class ServiceDocumentTests
{
    private static readonly ServiceRecord s_web = ManifestReader.Parse(Manifest.Web, "t").Services[0];
    private static readonly EndpointSliceRecord s_slice = ManifestReader.Parse(Manifest.Slice, "t").Slices[0];

    [Fact]
    public void A_service_is_stored_as_json_that_people_can_read()
    {
        string json = JsonSerializer.Serialize(s_web, ModelJsonContext.Default.ServiceRecord);

        Assert.StartsWith("""{"name":"shop/web","type":"LoadBalancer","headless":false,"clusterIPs":["10.96.0.10","fd96::10"],"ports":[{"name":"http","protocol":"TCP","port":80""", json);
        Assert.Equal(s_web, JsonSerializer.Deserialize(json, ModelJsonContext.Default.ServiceRecord));
    }

    [Fact]
    public void A_slice_reads_back_equal()
    {
        string json = JsonSerializer.Serialize(s_slice, ModelJsonContext.Default.EndpointSliceRecord);

        Assert.Equal(s_slice, JsonSerializer.Deserialize(json, ModelJsonContext.Default.EndpointSliceRecord));
    }

    [Theory]
    [InlineData("\"ports\":[", "\"ports\":[null,")]
    [InlineData("\"clusterIPs\":[", "\"clusterIPs\":[null,")]
    [InlineData("\"sourceRanges\":[", "\"sourceRanges\":[null,")]
    [InlineData("\"externalIPs\":[\"203.0.113.1\"]", "\"externalIPs\":null")]
    [InlineData("\"type\":\"LoadBalancer\"", "\"type\":17")]
    [InlineData("\"type\":\"LoadBalancer\"", "\"type\":\"Other\"")]
    [InlineData("\"port\":80", "\"port\":70000")]
    [InlineData("\"name\":\"shop/web\"", "\"name\":\"shop\"")]
    [InlineData("\"name\":\"shop/web\"", "\"name\":\"../web\"")]
    [InlineData("\"name\":\"shop/web\",", "")]
    public void What_is_no_service_is_refused(string valid, string broken)
    {
        string json = JsonSerializer.Serialize(s_web, ModelJsonContext.Default.ServiceRecord);
        Assert.Contains(valid, json);

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json.Replace(valid, broken), ModelJsonContext.Default.ServiceRecord));
    }

    [Fact]
    public void Mutated_documents_are_refused_as_json_errors_only()
    {
        Fuzz.Mutations(JsonSerializer.SerializeToUtf8Bytes(s_web, ModelJsonContext.Default.ServiceRecord), bytes =>
            Read(() => JsonSerializer.Deserialize(bytes, ModelJsonContext.Default.ServiceRecord)));
        Fuzz.Mutations(JsonSerializer.SerializeToUtf8Bytes(s_slice, ModelJsonContext.Default.EndpointSliceRecord), bytes =>
            Read(() => JsonSerializer.Deserialize(bytes, ModelJsonContext.Default.EndpointSliceRecord)));
    }

    [Theory]
    [InlineData("shop/web", true)]
    [InlineData("shop/web.v2", true)]
    [InlineData("sh.op/web", false)]
    [InlineData("shop/", false)]
    [InlineData("shop/-web", false)]
    [InlineData("shop/web/x", false)]
    [InlineData("shop", false)]
    [InlineData(null, false)]
    public void Names_are_safe_in_a_store_key(string? text, bool valid) =>
        Assert.Equal(valid, ResourceName.TryParse(text, out _, out _));

    private static void Read(Action read)
    {
        try
        {
            read();
        }
        catch (JsonException exception)
        {
            Assert.NotEqual("", exception.Message);
        }
    }
}
