using System.Text.Json.Serialization;

namespace Weft.Api.Maps;

/// <summary>A BPF map of the agent and, where it keeps one, its copy of the content.</summary>
public sealed record BpfMap
{
    /// <summary>None: the agent keeps no copy of this map.</summary>
    [JsonPropertyName("cache")]
    public IReadOnlyList<BpfMapEntry>? Cache { get; init; }

    /// <summary>Where it is pinned.</summary>
    [JsonPropertyName("path")]
    public string Path { get; init; } = "";
}
