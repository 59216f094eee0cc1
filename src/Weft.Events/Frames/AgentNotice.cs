using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Events;

/// <summary>Something that happened to the agent's world: an endpoint, a node, an address, a service. Payload of frames of kind notice.</summary>
public sealed record AgentNotice
{
    /// <summary>On the agent's clock.</summary>
    [JsonPropertyName("time")]
    public DateTimeOffset Time { get; init; }

    /// <summary>What happened, as people read it: <c>Endpoint created</c>, <c>IPCache entry upserted</c>.</summary>
    [JsonPropertyName("what")]
    public string What { get; init; } = "";

    [JsonPropertyName("message")]
    public AgentNoticeDetails Message { get; init; } = new();

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MonitorJson.Default.AgentNotice);

    /// <summary>Null where the bytes are not such a document.</summary>
    public static AgentNotice? FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            AgentNotice? notice = JsonSerializer.Deserialize(json, MonitorJson.Default.AgentNotice);
            return notice is null ? null : notice with { What = notice.What ?? "", Message = notice.Message ?? new() };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
