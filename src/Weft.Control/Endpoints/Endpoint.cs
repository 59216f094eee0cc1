using Weft.Model.Endpoints;

namespace Weft.Control.Endpoints;

/// <summary>A live endpoint: its record, its state, and the lock that its changes take.</summary>
public sealed class Endpoint
{
    private readonly EndpointLog _log;
    private volatile EndpointRecord _record;
    private volatile EndpointStateName _state;

    internal Endpoint(EndpointRecord record, EndpointStateName state, TimeProvider clock)
    {
        _record = record;
        _state = state;
        _log = new EndpointLog(clock);
    }

    /// <summary>A snapshot: a change puts another one here.</summary>
    public EndpointRecord Record => _record;

    public EndpointStateName State => _state;

    public EndpointId Id => _record.Id;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<EndpointLogEntry> Log => _log.Entries;

    /// <summary>One change at a time: creation, deletion, new labels.</summary>
    internal SemaphoreSlim Changes { get; } = new(1, 1);

    internal void Replace(EndpointRecord record) => _record = record;

    internal void Enter(EndpointStateName state, string message, bool failed = false)
    {
        _state = state;
        _log.Add(state, message, failed);
    }
}
