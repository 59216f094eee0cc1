using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Whether the overlay is encrypted.</summary>
public sealed record EncryptionStatus
{
    /// <summary><c>Disabled</c>, <c>IPsec</c> or <c>Wireguard</c>.</summary>
    [JsonPropertyName("mode")]
    public string Mode { get; init; } = "Disabled";

    [JsonPropertyName("msg")]
    public string? Message { get; init; }
}
