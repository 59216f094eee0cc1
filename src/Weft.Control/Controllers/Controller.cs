namespace Weft.Control.Controllers;

/// <summary>Runs a task now and then, again after a pause where it failed, and keeps count.</summary>
/// <remarks>
/// One run at a time. A trigger during a run causes another run after it, so what changed before the trigger is always seen by a run
/// that begins later; several triggers meanwhile are one.
/// </remarks>
public sealed class Controller : IAsyncDisposable
{
    private readonly ControllerSpec _spec;
    private readonly TimeProvider _clock;
    private readonly Func<double> _chance;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _loop;
    private TaskCompletionSource _triggered = NewSignal();
    private TaskCompletionSource<Exception?> _nextRun = NewRun();
    private ControllerStatus _status;

    /// <param name="spec">What to run and when.</param>
    /// <param name="clock">Time of pauses and of the status.</param>
    /// <param name="chance">Uniform in [0, 1), for the pauses after failures.</param>
    public Controller(ControllerSpec spec, TimeProvider clock, Func<double> chance)
    {
        _spec = spec;
        _clock = clock;
        _chance = chance;
        _status = new ControllerStatus { Name = spec.Name, Uuid = Guid.NewGuid(), Interval = spec.Interval, RetryBase = spec.RetryBase };
        _loop = Task.Run(LoopAsync);
    }

    public ControllerStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>Asks for a run as soon as possible, also in the pause after a failure.</summary>
    public void Trigger()
    {
        lock (_lock)
        {
            _triggered.TrySetResult();
        }
    }

    /// <summary>Asks for a run and waits until one that began after this call has ended; throws what that run threw.</summary>
    public async Task RunNowAsync(CancellationToken cancellationToken)
    {
        Task<Exception?> run;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            run = _nextRun.Task;
            _triggered.TrySetResult();
        }
        if (await run.WaitAsync(cancellationToken).ConfigureAwait(false) is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Cancels the run in progress, waits for its end and starts no other.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        lock (_lock)
        {
            _nextRun.TrySetResult(new ObjectDisposedException(_spec.Name));
        }
    }

    private async Task LoopAsync()
    {
        TimeSpan? pause = _spec.RunAtStart ? TimeSpan.Zero : _spec.Interval;
        while (await WaitAsync(pause).ConfigureAwait(false))
        {
            TaskCompletionSource<Exception?> run = Begin();
            Exception? failure = null;
            try
            {
                await _spec.RunAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) // a loop's edge: the status tells it, and the next run is the remedy
            {
                failure = e;
            }
            if (failure is not null && _stop.IsCancellationRequested)
            {
                run.TrySetResult(new ObjectDisposedException(_spec.Name));
                return;
            }
            Note(failure);
            run.TrySetResult(failure);
            pause = failure is null ? _spec.Interval : RetryPause();
        }
    }

    /// <returns>False when the controller is to stop.</returns>
    private async Task<bool> WaitAsync(TimeSpan? pause)
    {
        Task triggered;
        lock (_lock)
        {
            triggered = _triggered.Task;
        }
        try
        {
            if (!triggered.IsCompleted && pause != TimeSpan.Zero)
            {
                await triggered.WaitAsync(pause ?? Timeout.InfiniteTimeSpan, _clock, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (TimeoutException)
        {
            // The pause is over.
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        return !_stop.IsCancellationRequested;
    }

    // Whoever triggers from here on means the run after this one.
    private TaskCompletionSource<Exception?> Begin()
    {
        lock (_lock)
        {
            if (_triggered.Task.IsCompleted)
            {
                _triggered = NewSignal();
            }
            TaskCompletionSource<Exception?> run = _nextRun;
            _nextRun = NewRun();
            return run;
        }
    }

    private void Note(Exception? failure)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        lock (_lock)
        {
            _status = failure is null
                ? _status with { Successes = _status.Successes + 1, ConsecutiveFailures = 0, LastSuccess = now }
                : _status with
                {
                    Failures = _status.Failures + 1,
                    ConsecutiveFailures = _status.ConsecutiveFailures + 1,
                    LastFailure = now,
                    LastFailureMessage = failure.Message,
                };
        }
    }

    private TimeSpan RetryPause()
    {
        double longest = Math.Min(
            _spec.RetryMax.TotalSeconds, _spec.RetryBase.TotalSeconds * Math.Pow(2, Math.Min(_status.ConsecutiveFailures - 1, 60)));
        return TimeSpan.FromSeconds(longest * (1 - (_chance() / 2)));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<Exception?> NewRun() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
