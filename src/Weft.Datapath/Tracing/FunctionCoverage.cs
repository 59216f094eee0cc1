namespace Weft.Datapath.Tracing;

/// <summary>Which functions of the kernel tell of packets.</summary>
/// <param name="Total">Those that were asked for.</param>
/// <param name="Attached">Those that have a program by now.</param>
/// <param name="Refused">Those that the kernel let no program run at.</param>
/// <param name="Fault">Why no function does; null: some do, or are about to.</param>
public sealed record FunctionCoverage(int Total, int Attached, int Refused, string? Fault)
{
    /// <summary>Nothing is left to try.</summary>
    public bool IsDone => Fault is not null || Attached + Refused == Total;
}
