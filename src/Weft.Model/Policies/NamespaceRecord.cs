using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Weft.Model.Policies;

/// <summary>A namespace with the labels that policies select it by.</summary>
public sealed record NamespaceRecord
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("labels")]
    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    public bool Equals(NamespaceRecord? other) => other is not null && Name == other.Name && Labels.SequenceEqual(other.Labels);

    public override int GetHashCode() => string.GetHashCode(Name, StringComparison.Ordinal);
}
