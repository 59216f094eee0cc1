using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>A flow that other policies would judge differently.</summary>
public sealed record PolicyVerdictChange
{
    [JsonPropertyName("source")]
    public required PolicyFlowEnd Source { get; init; }

    [JsonPropertyName("destination")]
    public required PolicyFlowEnd Destination { get; init; }

    /// <summary>As in <see cref="PolicyFlowVerdict"/>.</summary>
    [JsonPropertyName("protocol")]
    public required string Protocol { get; init; }

    [JsonPropertyName("port")]
    public int Port { get; init; }

    /// <summary>The port stands for all that no rule names.</summary>
    [JsonPropertyName("other-ports")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsForOtherPorts { get; init; }

    [JsonPropertyName("was-allowed")]
    public bool WasAllowed { get; init; }

    /// <summary>The rule that would decide; none: no rule would.</summary>
    [JsonPropertyName("rule")]
    public RulePlace? Rule { get; init; }

    /// <summary>Of connections: how many are alike but for the client's port.</summary>
    [JsonPropertyName("connections")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Connections { get; init; }

    /// <summary>Of connections: the nodes that track them.</summary>
    [JsonPropertyName("nodes")]
    public IReadOnlyList<string>? Nodes { get; init; }
}
