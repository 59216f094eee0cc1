namespace Weft.Control.Health;

/// <summary>What one probe of one address found.</summary>
/// <param name="Latency">From sending to the answer; zero where none came.</param>
/// <param name="Error">Why no right answer came; null: it did.</param>
/// <param name="Time">When the probe ended.</param>
public sealed record ProbeResult(TimeSpan Latency, string? Error, DateTimeOffset Time);
