using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>Answer to POST /v1/policy/dry-run: what a change of policies would do. Nothing was changed.</summary>
public sealed record PolicyDryRunReport
{
    /// <summary>Of workloads, on ports that rules name; cut off at the limit that was asked for.</summary>
    [JsonPropertyName("pairs")]
    public IReadOnlyList<PolicyVerdictChange> Pairs { get; init; } = [];

    /// <summary>How many there are.</summary>
    [JsonPropertyName("pair-count")]
    public int PairCount { get; init; }

    /// <summary>Of those that the datapath tracks now.</summary>
    [JsonPropertyName("connections")]
    public IReadOnlyList<PolicyVerdictChange> Connections { get; init; } = [];

    /// <summary>How many connections were looked at.</summary>
    [JsonPropertyName("connection-count")]
    public int ConnectionCount { get; init; }
}
