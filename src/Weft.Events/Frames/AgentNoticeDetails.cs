using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Events;

/// <summary>What a notice is about; what has nothing to say is null.</summary>
public sealed record AgentNoticeDetails
{
    /// <summary>Of an endpoint.</summary>
    [JsonPropertyName("id")]
    public int? Id { get; init; }

    /// <summary>Of a pod (<c>namespace/name</c>), a node or a service.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Of an endpoint, as <c>weft endpoint list</c> shows it.</summary>
    [JsonPropertyName("state")]
    public string? State { get; init; }

    [JsonPropertyName("identity")]
    public uint? Identity { get; init; }

    [JsonPropertyName("labels")]
    public IReadOnlyList<string>? Labels { get; init; }

    [JsonPropertyName("addresses")]
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>Of an ipcache entry.</summary>
    [JsonPropertyName("cidr")]
    public string? Cidr { get; init; }

    /// <summary>The node's address that packets to it go to.</summary>
    [JsonPropertyName("host-ip")]
    public string? HostIP { get; init; }

    /// <summary>Why, in words.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The object as one line of JSON.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, MonitorJson.Default.AgentNoticeDetails);
}
