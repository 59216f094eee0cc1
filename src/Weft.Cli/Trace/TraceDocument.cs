using System.Text.Json.Serialization;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>A trace as JSON.</summary>
internal sealed record TraceDocument(
    [property: JsonPropertyName("trace")] string Trace,
    [property: JsonPropertyName("hops")] TraceDocument.HopDocument[] Hops,
    [property: JsonPropertyName("outcome")] string Outcome,
    [property: JsonPropertyName("culprit")] TraceDocument.CulpritDocument? Culprit,
    [property: JsonPropertyName("explanation")] string Explanation,
    [property: JsonPropertyName("advice")] string? Advice,
    [property: JsonPropertyName("round_trip_us")] double? RoundTripMicroseconds,
    [property: JsonPropertyName("nodes_not_seen")] IReadOnlyDictionary<string, string> NodesNotSeen,
    [property: JsonPropertyName("lost_records")] ulong LostRecords,
    [property: JsonPropertyName("clock_uncertainty_us")] double? ClockUncertainty)
{
    public static TraceDocument Of(TraceResult result)
    {
        HopDocument[] hops = [.. result.Shown.SelectMany(way => way.Hops.Select(hop => HopDocument.Of(way, hop)))];
        Culprit? culprit = result.Diagnosis.Culprit;
        int index = culprit?.Hop is null ? -1 : Array.FindIndex(hops, hop => ReferenceEquals(hop.Source, culprit.Hop));
        return new TraceDocument(
            result.Title, hops, result.Diagnosis.Outcome,
            culprit is null ? null : new CulpritDocument(culprit.Kind, culprit.Node, NameOf(culprit.Direction), index < 0 ? null : index),
            result.Diagnosis.Explanation, result.Diagnosis.Advice, result.RoundTrip?.TotalMicroseconds, result.Findings.Silent, result.Findings.Lost,
            result.Clocks.Uncertainty == TimeSpan.MaxValue ? null : result.Clocks.Uncertainty.TotalMicroseconds);
    }

    private static string NameOf(WayDirection direction) => direction switch
    {
        WayDirection.Request => "request",
        WayDirection.Reply => "reply",
        WayDirection.ErrorAboutRequest => "error-about-request",
        _ => "error-about-reply",
    };

    /// <param name="Hop">Index in <c>hops</c>.</param>
    internal sealed record CulpritDocument(
        [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("node")] string? Node,
        [property: JsonPropertyName("direction")] string Direction,
        [property: JsonPropertyName("hop")] int? Hop);

    internal sealed record DeltaDocument(
        [property: JsonPropertyName("field")] string Field,
        [property: JsonPropertyName("before")] string? Before,
        [property: JsonPropertyName("after")] string? After);

    internal sealed record HopDocument(
        [property: JsonPropertyName("direction")] string Direction,
        [property: JsonPropertyName("t_us")] double Microseconds,
        [property: JsonPropertyName("node")] string Node,
        [property: JsonPropertyName("namespace")] string? Namespace,
        [property: JsonPropertyName("device")] string? Device,
        [property: JsonPropertyName("point")] string Point,
        [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("identity")] string? Identity,
        [property: JsonPropertyName("vni")] uint? Vni,
        [property: JsonPropertyName("conntrack")] string? Conntrack,
        [property: JsonPropertyName("verdict")] string? Verdict,
        [property: JsonPropertyName("summary")] string Summary,
        [property: JsonPropertyName("length")] uint Length,
        [property: JsonPropertyName("delta")] DeltaDocument[] Delta,
        [property: JsonPropertyName("stack")] IReadOnlyList<string>? Stack)
    {
        [JsonIgnore]
        public Hop? Source { get; init; }

        public static HopDocument Of(PacketWay way, Hop hop) => new(
            NameOf(way.Direction), hop.Time / 1000.0, hop.Seen.Node, hop.Namespace, NullIfEmpty(HopText.Device(hop)), HopText.Point(hop),
            System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(hop.Kind.ToString()), NullIfEmpty(HopText.Identity(hop)), hop.Seen.Facts.Vni,
            NullIfEmpty(HopText.Conntrack(hop)), NullIfEmpty(HopText.Verdict(hop)), hop.Seen.Facts.ToString(), hop.Seen.Length,
            [.. hop.Delta.Select(change => new DeltaDocument(change.Field, change.Before, change.After))],
            hop.IsDrop && hop.Seen.Stack.Count > 0 ? hop.Seen.Stack : null)
        {
            Source = hop,
        };

        private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
    }
}
