using System.Text.Json.Serialization;

namespace Weft.Api.Tracing;

/// <summary>A line of the stream of a netfilter trace: one of its members is there.</summary>
public sealed record NetfilterTraceFrame
{
    /// <summary>The first line: from here on packets are traced.</summary>
    [JsonPropertyName("start")]
    public NetfilterTraceStart? Start { get; init; }

    [JsonPropertyName("step")]
    public NetfilterStep? Step { get; init; }

    /// <summary>Steps were left out: the kernel had more than could be read.</summary>
    [JsonPropertyName("lost")]
    public bool? Lost { get; init; }

    /// <summary>The last line, of a trace that was ended by request.</summary>
    [JsonPropertyName("summary")]
    public NetfilterTraceSummary? Summary { get; init; }
}
