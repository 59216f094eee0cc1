using System.Text.Json.Serialization;

namespace Weft.Api.Config;

/// <summary>The store that the agent shares with the others.</summary>
public sealed record KvstoreConfiguration
{
    [JsonPropertyName("options")]
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary><c>sqlite</c>, <c>etcd</c> or <c>kubernetes</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }
}
