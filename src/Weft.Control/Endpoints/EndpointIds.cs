using Weft.Model.Endpoints;

namespace Weft.Control.Endpoints;

/// <summary>Numbers for this node's endpoints, 1 to 65535.</summary>
/// <remarks>
/// A number that was given back is the last to be given again, so that an event or a log line of a pod that is gone
/// does not seem to be its successor's. Thread-safe.
/// </remarks>
internal sealed class EndpointIds
{
    private readonly Lock _lock = new();
    private readonly HashSet<EndpointId> _taken = [];
    private ushort _last;

    /// <exception cref="EndpointException">All 65535 are taken.</exception>
    public EndpointId Allocate()
    {
        lock (_lock)
        {
            if (_taken.Count == ushort.MaxValue)
            {
                throw new EndpointException(EndpointError.Exhausted, "allocate an endpoint id: all 65535 are taken (delete endpoints)");
            }

            EndpointId id;
            do
            {
                _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
                id = new EndpointId(_last);
            }
            while (!_taken.Add(id));
            return id;
        }
    }

    /// <summary>Takes a number that an endpoint already has.</summary>
    /// <returns>False if another endpoint has it.</returns>
    public bool Reserve(EndpointId id)
    {
        lock (_lock)
        {
            _last = Math.Max(_last, id.Value);
            return _taken.Add(id);
        }
    }

    public void Release(EndpointId id)
    {
        lock (_lock)
        {
            _taken.Remove(id);
        }
    }
}
