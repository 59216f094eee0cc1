namespace Weft.Datapath.Tracing;

/// <summary>What the sender of a probe met.</summary>
/// <param name="Detail">Who said so, in words; null: nothing more is known.</param>
/// <param name="RoundTrip">From sending to the answer; null: none came.</param>
public sealed record ProbeResult(ProbeOutcome Outcome, string? Detail, TimeSpan? RoundTrip);
