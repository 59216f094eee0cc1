using Microsoft.Extensions.Logging;
using Weft.Store.Following;

namespace Weft.Control.Cluster;

/// <summary>How a follower of the store fares: whether it has read everything once, and why it does not get on.</summary>
/// <remarks>Written by the follower, read by anybody.</remarks>
internal sealed partial class FollowerProgress(ILogger log)
{
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _log = log;
    private volatile string? _failure;

    /// <summary>Completes when everything that the store had has been read once.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Why the store cannot be followed at the moment; null: it is.</summary>
    public string? Failure => _failure;

    /// <returns>Whether another store took the place of the known one.</returns>
    public bool Note<T>(RecordEvent<T> step)
        where T : class
    {
        switch (step.Kind)
        {
            case RecordEventKind.Synced:
                _synced.TrySetResult();
                if (_failure is not null)
                {
                    LogRestored();
                }

                _failure = null;
                if (step.IsOtherStore)
                {
                    LogReplaced();
                }

                return step.IsOtherStore;
            case RecordEventKind.Interrupted:
                // Told once, not with every try.
                if (_failure is null)
                {
                    LogInterrupted(step.Failure);
                }

                _failure = step.Failure ?? "the store cannot be reached";
                return false;
            case RecordEventKind.Rejected:
                LogRejected(step.Failure);
                return false;
            default:
                return false;
        }
    }

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "store interrupted why='{Why}'; the datapath keeps what it has")]
    private partial void LogInterrupted(string? why);

    [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "record rejected why='{Why}'")]
    private partial void LogRejected(string? why);

    [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "store replaced by another one")]
    private partial void LogReplaced();

    [LoggerMessage(EventId = 204, Level = LogLevel.Information, Message = "store restored")]
    private partial void LogRestored();
}
