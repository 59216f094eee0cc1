using System.Text.Json.Serialization;

namespace Weft.Api.Tracing;

/// <summary>What the sender of a probe met.</summary>
public sealed record ProbeAnswer
{
    /// <summary>It was answered: an echo reply, a datagram, a connection.</summary>
    public const string Answered = "answered";

    /// <summary>Somebody said that nobody listens there.</summary>
    public const string Refused = "refused";

    /// <summary>Somebody on the way, or the sender's own kernel, said that it cannot get there.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Nothing came back in time.</summary>
    public const string Silent = "silent";

    /// <summary>The sender's kernel did not send it.</summary>
    public const string NotSent = "not-sent";

    /// <summary>One of the constants.</summary>
    [JsonPropertyName("outcome")]
    public required string Outcome { get; init; }

    /// <summary>What the sender's kernel said, in its words; absent: nothing.</summary>
    [JsonPropertyName("detail")]
    public string? Detail { get; init; }

    /// <summary>From sending to the answer; absent: none came.</summary>
    [JsonPropertyName("round-trip-us")]
    public double? RoundTripMicroseconds { get; init; }
}
