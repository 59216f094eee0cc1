using System.Text.Json.Serialization;

namespace Weft.Api.Tracing;

/// <summary>A netfilter trace that has begun.</summary>
public sealed record NetfilterTraceStart
{
    [JsonPropertyName("node")]
    public required string Node { get; init; }

    /// <summary>Names the trace where it is ended (<c>DELETE /v1/trace/netfilter/ID</c>); also the name of its table of family inet.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Tables of iptables-legacy that have rules, as <c>ip filter (3 rules)</c>: their steps are not shown.</summary>
    [JsonPropertyName("legacy-tables")]
    public IReadOnlyList<string> LegacyTables { get; init; } = [];
}
