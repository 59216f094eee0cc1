using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Api;

namespace Weft.Cni.Protocol;

/// <summary>The part of a network configuration that this plugin reads. Keys of others are passed over.</summary>
/// <remarks>What only some verbs need is read by them; its kind is Undefined where the key is missing, unlike where it is null.</remarks>
internal sealed record NetworkConfig
{
    [JsonPropertyName("cniVersion")]
    public string? CniVersion { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Weft's own: the agent's socket.</summary>
    [JsonPropertyName("socket")]
    public string? Socket { get; init; }

    /// <summary>What a runtime fills in for the capabilities that the configuration claims.</summary>
    [JsonPropertyName("runtimeConfig")]
    public PodWishes? RuntimeConfig { get; init; }

    [JsonPropertyName("args")]
    public ConventionArguments? Arguments { get; init; }

    [JsonPropertyName("ipam")]
    public JsonElement Ipam { get; init; }

    /// <summary>For ADD the result of the plugin before this one, for CHECK that of the whole ADD.</summary>
    [JsonPropertyName("prevResult")]
    public JsonElement PreviousResult { get; init; }

    /// <summary>For GC.</summary>
    [JsonPropertyName("cni.dev/valid-attachments")]
    public JsonElement ValidAttachments { get; init; }

    [JsonIgnore]
    public string AgentSocket => Socket ?? AgentClient.DefaultSocketPath;
}
