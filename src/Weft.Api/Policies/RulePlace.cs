using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>Where something is written in a policy.</summary>
public sealed record RulePlace
{
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>None: the kind has none.</summary>
    [JsonPropertyName("namespace")]
    public string? Namespace { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Section of the document, as <c>spec.ingress[0]</c>.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary>In the file that the policy was applied from.</summary>
    [JsonPropertyName("line")]
    public int Line { get; init; }

    public override string ToString() => $"{Kind} {(Namespace is null ? "" : $"{Namespace}/")}{Name}, {Path} (line {Line})";
}
