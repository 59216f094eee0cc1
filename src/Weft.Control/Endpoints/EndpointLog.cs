using System.Collections.Immutable;

namespace Weft.Control.Endpoints;

/// <summary>What happened to one endpoint lately, newest first; the oldest entry goes when it is full.</summary>
internal sealed class EndpointLog(TimeProvider clock)
{
    private const int Capacity = 32;
    private ImmutableList<EndpointLogEntry> _entries = [];

    public IReadOnlyList<EndpointLogEntry> Entries => _entries;

    public EndpointLogEntry Add(EndpointStateName state, string message, bool failed = false)
    {
        EndpointLogEntry entry = new(clock.GetUtcNow(), state, message, failed);
        ImmutableInterlocked.Update(ref _entries, entries =>
            (entries.Count == Capacity ? entries.RemoveAt(Capacity - 1) : entries).Insert(0, entry));
        return entry;
    }
}
