namespace Weft.Control.Controllers;

/// <summary>A task that is repeated until it succeeds, and when it is repeated after that.</summary>
/// <param name="Name">Unique in its set; shown by `weft status --verbose`.</param>
/// <param name="RunAsync">One run. It must be safe to repeat: after a failure, after a trigger, after the interval.</param>
public sealed record ControllerSpec(string Name, Func<CancellationToken, Task> RunAsync)
{
    /// <summary>From the end of a success to the next run; null: only when triggered.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>False: the first run waits for a trigger or the interval.</summary>
    public bool RunAtStart { get; init; } = true;

    /// <summary>Pause after the first failure; it doubles with every further one in a row, less up to a half of it by chance, so that
    /// nodes that failed together do not come back together.</summary>
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan RetryMax { get; init; } = TimeSpan.FromMinutes(1);
}
