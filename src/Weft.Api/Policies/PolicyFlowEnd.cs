using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>One end of a flow, as it was found.</summary>
public sealed record PolicyFlowEnd
{
    /// <summary>As people call it: a pod, a reserved name, an address.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("identity")]
    public long Identity { get; init; }

    [JsonPropertyName("labels")]
    public IReadOnlyList<string> Labels { get; init; } = [];

    [JsonPropertyName("address")]
    public string? Address { get; init; }

    /// <summary>Of this node.</summary>
    [JsonPropertyName("endpoint")]
    public long? Endpoint { get; init; }

    /// <summary>Of a pod.</summary>
    [JsonPropertyName("node")]
    public string? Node { get; init; }
}
