using System.Text.Json.Serialization;

namespace Weft.Api.Config;

/// <summary>What can be changed while the agent runs; body of PATCH /v1/config.</summary>
public sealed record DaemonConfigurationSpec
{
    /// <summary>Names of <see cref="DatapathOption"/> to their values.</summary>
    [JsonPropertyName("options")]
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary><c>default</c>, <c>always</c> or <c>never</c>, or one a direction: <c>ingress=always,egress=default</c>.</summary>
    [JsonPropertyName("policy-enforcement")]
    public string? PolicyEnforcement { get; init; }
}
