using System.Text.Json.Serialization;

namespace Weft.Api.Ipam;

/// <summary>One difference.</summary>
public sealed record IpamProblem
{
    /// <summary>
    /// <c>address-without-endpoint</c>, <c>endpoint-without-address</c>, <c>endpoint-without-device</c>,
    /// <c>device-without-endpoint</c>, <c>endpoint-without-entry</c> or <c>entry-without-endpoint</c>.
    /// </summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>The address, device, endpoint or entry.</summary>
    [JsonPropertyName("subject")]
    public required string Subject { get; init; }

    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>It was put right. Never set where nobody asked for that.</summary>
    [JsonPropertyName("repaired")]
    public bool IsRepaired { get; init; }

    /// <summary>Why it could not be put right.</summary>
    [JsonPropertyName("failure")]
    public string? Failure { get; init; }
}
