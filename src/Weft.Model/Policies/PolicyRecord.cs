using System.Text.Json.Serialization;

namespace Weft.Model.Policies;

/// <summary>A policy as somebody wrote it. Agents read its text themselves, so a newer one may see more in it.</summary>
public sealed record PolicyRecord
{
    /// <summary>As in the document's field `kind`.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>Empty for kinds that have none.</summary>
    [JsonPropertyName("namespace")]
    public required string Namespace { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>YAML or JSON, this document alone.</summary>
    [JsonPropertyName("text")]
    public required string Text { get; init; }

    /// <summary>Line of the file that it came from on which <see cref="Text"/> begins: messages name the lines that people know.</summary>
    [JsonPropertyName("firstLine")]
    public int FirstLine { get; init; } = 1;
}
