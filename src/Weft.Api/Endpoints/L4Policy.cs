using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>Port rules by direction.</summary>
public sealed record L4Policy
{
    [JsonPropertyName("egress")]
    public IReadOnlyList<string>? Egress { get; init; }

    [JsonPropertyName("ingress")]
    public IReadOnlyList<string>? Ingress { get; init; }
}
