using Weft.Abi;
using Weft.Datapath.Conntrack;

namespace Weft.Control.Conntrack;

/// <summary>Removes the flows of addresses that are given up and of backends that are gone, those that come together in one walk over the maps.</summary>
/// <remarks>A walk takes as long for one address as for a hundred. Thread-safe.</remarks>
public sealed class ConntrackForgetter(ConntrackTables tables)
{
    private readonly Lock _lock = new();
    private Walk _next = new();
    private bool _walking;

    /// <summary>Completes when no entry of the address is left that was there at the call.</summary>
    public Task ForgetAsync(WeftAddress address) => Enqueue(walk => walk.Addresses.Add(address));

    /// <summary>Completes when no client of a service is led to the backend any more that can be led to another (UDP).</summary>
    /// <remarks>Take the backend from the datapath before, or new flows get it meanwhile.</remarks>
    public Task ForgetBackendAsync(uint backendId) => Enqueue(walk => walk.Backends.Add(backendId));

    private Task Enqueue(Action<Walk> add)
    {
        lock (_lock)
        {
            add(_next);
            Task done = _next.Done.Task;
            if (!_walking)
            {
                _walking = true;
                _ = Task.Run(WalkAll);
            }

            return done;
        }
    }

    private void WalkAll()
    {
        while (TakeNext() is { } walk)
        {
            try
            {
                if (walk.Addresses.Count > 0)
                {
                    tables.Forget(walk.Addresses);
                }

                if (walk.Backends.Count > 0)
                {
                    tables.ForgetBackends(walk.Backends);
                }

                walk.Done.SetResult();
            }
            catch (Exception error) // the loop's edge: those who wait for this walk get it
            {
                walk.Done.SetException(error);
            }
        }
    }

    private Walk? TakeNext()
    {
        lock (_lock)
        {
            if (_next.Addresses.Count == 0 && _next.Backends.Count == 0)
            {
                _walking = false;
                return null;
            }

            Walk walk = _next;
            _next = new Walk();
            return walk;
        }
    }

    private sealed class Walk
    {
        public HashSet<WeftAddress> Addresses { get; } = [];

        public HashSet<uint> Backends { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
