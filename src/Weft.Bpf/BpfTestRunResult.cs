namespace Weft.Bpf;

/// <summary>What came out of one test run.</summary>
public sealed record BpfTestRunResult
{
    /// <summary>The program's return value: TC_ACT_… for tc programs. With TC_ACT_REDIRECT nothing was really sent.</summary>
    public required int ReturnValue { get; init; }

    /// <summary>The packet as the program left it.</summary>
    public required byte[] Data { get; init; }

    /// <summary>The context as the program left it; all zero when none was given.</summary>
    public required SkBuffContext Context { get; init; }

    /// <summary>Of one run, in the mean.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>As <see cref="Duration"/>, which has only steps of 100 ns.</summary>
    public required uint DurationNanoseconds { get; init; }
}
