using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>Answer to GET /v1/policy/last-drop/{endpoint}.</summary>
public sealed record PolicyLastDenial
{
    [JsonPropertyName("endpoint")]
    public long Endpoint { get; init; }

    /// <summary>As people call the endpoint.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Denials of before are not known.</summary>
    [JsonPropertyName("since")]
    public DateTimeOffset Since { get; init; }

    /// <summary>None: policy has denied the endpoint nothing that was told.</summary>
    [JsonPropertyName("denial")]
    public PolicyDenial? Denial { get; init; }
}
