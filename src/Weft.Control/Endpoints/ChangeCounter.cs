namespace Weft.Control.Endpoints;

/// <summary>Knows when endpoints are made or removed, so that somebody can look at all of them while none is.</summary>
/// <remarks>Thread-safe. Changes never wait for a look; a look that a change fell into is repeated.</remarks>
internal sealed class ChangeCounter(TimeProvider clock)
{
    private const int MaxLooks = 50;

    private readonly Lock _lock = new();
    private TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private long _begun;
    private long _ended = clock.GetTimestamp();

    /// <summary>For how long none has been made or removed; zero while one is.</summary>
    public TimeSpan Calm
    {
        get
        {
            lock (_lock)
            {
                return _running > 0 ? TimeSpan.Zero : clock.GetElapsedTime(_ended);
            }
        }
    }

    public async Task<T> RunAsync<T>(Func<Task<T>> change)
    {
        lock (_lock)
        {
            _begun++;
            if (_running++ == 0)
            {
                _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        try
        {
            return await change().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                if (--_running == 0)
                {
                    _ended = clock.GetTimestamp();
                    _quiet.SetResult();
                }
            }
        }
    }

    public Task RunAsync(Func<Task> change) => RunAsync(async () =>
    {
        await change().ConfigureAwait(false);
        return true;
    });

    /// <exception cref="EndpointException">There was no quiet moment.</exception>
    public async Task<T> LookAsync<T>(Func<T> look, CancellationToken cancellationToken)
    {
        for (int looks = 0; looks < MaxLooks; looks++)
        {
            (Task quiet, long begun, bool isQuiet) = Read();
            if (!isQuiet)
            {
                await quiet.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            T seen = look();
            if (Read() is (_, long after, true) && after == begun)
            {
                return seen;
            }
        }

        throw new EndpointException(EndpointError.Failed, "look at all endpoints of the node: pods come and go all the time (try again)");
    }

    private (Task Quiet, long Begun, bool IsQuiet) Read()
    {
        lock (_lock)
        {
            return (_quiet.Task, _begun, _running == 0);
        }
    }
}
