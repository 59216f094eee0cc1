using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>A trace that is over.</summary>
/// <param name="Title">What was traced, in a line.</param>
/// <param name="Findings">What was seen, and what the sender was told.</param>
/// <param name="Diagnosis">What it comes to.</param>
/// <param name="Clocks">How times of several nodes were brought together.</param>
/// <param name="RoundTrip">As the sender measured it; null: no answer came.</param>
internal sealed record TraceResult(string Title, TraceFindings Findings, TraceDiagnosis Diagnosis, ClockAlignment Clocks, TimeSpan? RoundTrip)
{
    /// <summary>The ways that a person wants to see: the packet's, its answer's, and errors about either.</summary>
    public IEnumerable<PacketWay> Shown => Findings.Ways.Where(way => ReferenceEquals(way, Findings.Request) || ReferenceEquals(way, Findings.Reply)
        || way.Direction is WayDirection.ErrorAboutRequest or WayDirection.ErrorAboutReply).DistinctBy(way => way.Direction);
}
