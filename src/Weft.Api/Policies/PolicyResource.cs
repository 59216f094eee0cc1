using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>A policy that the agent enforces.</summary>
public sealed record PolicyResource
{
    /// <summary><c>NetworkPolicy</c>, <c>CiliumNetworkPolicy</c> or <c>CiliumClusterwideNetworkPolicy</c>.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>None: the kind has none.</summary>
    [JsonPropertyName("namespace")]
    public string? Namespace { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Its <c>spec</c>, or the entries of its <c>specs</c>.</summary>
    [JsonPropertyName("sections")]
    public IReadOnlyList<PolicySection> Sections { get; init; } = [];

    /// <summary>Endpoints of this node that it selects.</summary>
    [JsonPropertyName("endpoints")]
    public IReadOnlyList<long> Endpoints { get; init; } = [];

    /// <summary>Line of the file that it was applied from on which <see cref="Text"/> begins.</summary>
    [JsonPropertyName("first-line")]
    public int FirstLine { get; init; }

    /// <summary>The document as it was applied, YAML or JSON.</summary>
    [JsonPropertyName("text")]
    public string Text { get; init; } = "";
}
