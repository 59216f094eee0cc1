using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>A packet that policy denied.</summary>
public sealed record PolicyDenial
{
    [JsonPropertyName("time")]
    public DateTimeOffset Time { get; init; }

    /// <summary><c>ingress</c> or <c>egress</c>: the side of the endpoint that the flow is at.</summary>
    [JsonPropertyName("direction")]
    public required string Direction { get; init; }

    /// <summary>As in <see cref="PolicySide"/>.</summary>
    [JsonPropertyName("verdict")]
    public required string Verdict { get; init; }

    /// <summary>It was let pass.</summary>
    [JsonPropertyName("audited")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAudited { get; init; }

    /// <summary>The flow was there before the policy changed.</summary>
    [JsonPropertyName("revised")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRevised { get; init; }

    /// <summary>Address and port of who sent the packet.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    /// <summary>Address and port that it was sent to.</summary>
    [JsonPropertyName("destination")]
    public required string Destination { get; init; }

    /// <summary>Number of the rule that decided; 0: none did.</summary>
    [JsonPropertyName("rule-number")]
    public long RuleNumber { get; init; }

    /// <summary>None: no rule decided, or it is gone.</summary>
    [JsonPropertyName("rule")]
    public RulePlace? Rule { get; init; }

    /// <summary>What the policies that are there now say to such a flow.</summary>
    [JsonPropertyName("now")]
    public required PolicyFlowVerdict Now { get; init; }
}
