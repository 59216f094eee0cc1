using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>Why a flow is allowed or denied.</summary>
public sealed record PolicyFlowVerdict
{
    [JsonPropertyName("source")]
    public required PolicyFlowEnd Source { get; init; }

    [JsonPropertyName("destination")]
    public required PolicyFlowEnd Destination { get; init; }

    /// <summary>What the packets are sent to, if the destination was found behind it.</summary>
    [JsonPropertyName("service")]
    public string? Service { get; init; }

    /// <summary><c>TCP</c>, <c>UDP</c>, <c>SCTP</c>, <c>ICMP</c>, <c>ICMPv6</c>, or a number.</summary>
    [JsonPropertyName("protocol")]
    public required string Protocol { get; init; }

    /// <summary>Of the destination; of ICMP the type.</summary>
    [JsonPropertyName("port")]
    public int Port { get; init; }

    [JsonPropertyName("allowed")]
    public bool IsAllowed { get; init; }

    /// <summary>What the source's policy says.</summary>
    [JsonPropertyName("egress")]
    public required PolicySide Egress { get; init; }

    /// <summary>What the destination's policy says.</summary>
    [JsonPropertyName("ingress")]
    public required PolicySide Ingress { get; init; }

    /// <summary>Of a denied flow: the document that allows it and nothing else, or two. None: there is no such document.</summary>
    [JsonPropertyName("suggestion")]
    public string? Suggestion { get; init; }

    /// <summary>Of a denied flow without a suggestion: why.</summary>
    [JsonPropertyName("no-suggestion")]
    public string? NoSuggestion { get; init; }
}
