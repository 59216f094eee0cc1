using System.Text.Json.Serialization;
using Weft.Model.Labels;

namespace Weft.Model.Identities;

/// <summary>An identity and the label set that it stands for, as stored and as shown.</summary>
public sealed record IdentityRecord(
    [property: JsonPropertyName("id")] Identity Id,
    [property: JsonPropertyName("labels")] LabelSet Labels);
