using Weft.Model.Endpoints;

namespace Weft.Control.Endpoints;

/// <summary>A live endpoint: its record, its state, and the lock that its changes take.</summary>
public sealed class Endpoint
{
    private readonly EndpointLog _log;
    private volatile EndpointRecord _record;
    private volatile EndpointStateName _state;
    private readonly Lock _claims = new();
    private int _waiting;
    private bool _isKept;
    private bool _isAbandoned;

    /// <summary>Raised with every line of the log.</summary>
    internal event Action<Endpoint, EndpointLogEntry>? Entered;

    internal Endpoint(EndpointRecord record, EndpointStateName state, TimeProvider clock)
    {
        _record = record;
        _state = state;
        _log = new EndpointLog(clock);
        _isKept = state != EndpointStateName.Creating;
        _waiting = _isKept ? 0 : 1;
    }

    /// <summary>A snapshot: a change puts another one here.</summary>
    public EndpointRecord Record => _record;

    public EndpointStateName State => _state;

    public EndpointId Id => _record.Id;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<EndpointLogEntry> Log => _log.Entries;

    /// <summary>One change at a time: creation, deletion, new labels.</summary>
    internal SemaphoreSlim Changes { get; } = new(1, 1);

    /// <summary>Who asked for it has the answer: from here on the endpoint stays until it is deleted.</summary>
    public void Keep()
    {
        lock (_claims)
        {
            _waiting--;
            _isKept = true;
        }
    }

    /// <summary>Counts one more who waits to be told of it.</summary>
    /// <returns>False: it is about to be deleted, because nobody did.</returns>
    internal bool TryJoin()
    {
        lock (_claims)
        {
            _waiting += _isAbandoned ? 0 : 1;
            return !_isAbandoned;
        }
    }

    /// <summary>Who asked for it is gone without the answer.</summary>
    /// <returns>True: it was the last one, nobody has had the answer, and the caller has to delete the endpoint.</returns>
    internal bool Abandon()
    {
        lock (_claims)
        {
            _waiting--;
            _isAbandoned |= !_isKept && _waiting == 0;
            return _isAbandoned;
        }
    }

    /// <summary>Whether its program is on the device for good; as far as this run of the agent knows.</summary>
    internal bool IsSettled { get; set; }

    internal void Replace(EndpointRecord record) => _record = record;

    internal void Enter(EndpointStateName state, string message, bool failed = false)
    {
        _state = state;
        Entered?.Invoke(this, _log.Add(state, message, failed));
    }
}
