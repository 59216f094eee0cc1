using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Numbers that identities are allocated from.</summary>
public sealed record IdentityRange
{
    [JsonPropertyName("max-identity")]
    public long MaxIdentity { get; init; }

    [JsonPropertyName("min-identity")]
    public long MinIdentity { get; init; }
}
