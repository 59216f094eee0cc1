namespace Weft.Control.Controllers;

/// <summary>How a controller fared since it was started.</summary>
public sealed record ControllerStatus
{
    public required string Name { get; init; }

    /// <summary>Differs between two controllers that had the same name one after the other.</summary>
    public required Guid Uuid { get; init; }

    public required TimeSpan? Interval { get; init; }

    public required TimeSpan RetryBase { get; init; }

    public long Successes { get; init; }

    public long Failures { get; init; }

    /// <summary>0: healthy.</summary>
    public long ConsecutiveFailures { get; init; }

    public DateTimeOffset? LastSuccess { get; init; }

    public DateTimeOffset? LastFailure { get; init; }

    public string? LastFailureMessage { get; init; }

    public bool IsHealthy => ConsecutiveFailures == 0;
}
