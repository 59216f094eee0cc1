using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>One rule of a policy.</summary>
public sealed record PolicyRuleResource
{
    /// <summary>Stands for the rule in the datapath's maps and events. 0: the agent does not enforce it.</summary>
    [JsonPropertyName("number")]
    public long Number { get; init; }

    /// <summary>Where it is written, as <c>spec.ingress[0]</c>.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    [JsonPropertyName("line")]
    public int Line { get; init; }

    /// <summary><c>ingress</c> or <c>egress</c>.</summary>
    [JsonPropertyName("direction")]
    public required string Direction { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>.</summary>
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    /// <summary>None: everybody. Empty: nobody.</summary>
    [JsonPropertyName("peers")]
    public IReadOnlyList<string>? Peers { get; init; }

    /// <summary>None: every protocol and port.</summary>
    [JsonPropertyName("ports")]
    public IReadOnlyList<string>? Ports { get; init; }
}
