using System.Collections.Immutable;
using Weft.Abi;
using Weft.Api;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>What a run of <c>weft monitor</c> shows, and how.</summary>
/// <param name="Verbosity">Of text.</param>
/// <param name="Filter">Applied here; the agent is asked for as little as it needs.</param>
/// <param name="Json">One object a line instead of text.</param>
/// <param name="Numeric">Reserved identities as numbers too.</param>
/// <param name="Times">Begin each event with the time of day.</param>
internal sealed record MonitorOptions(EventVerbosity Verbosity, EventFilter Filter, bool Json, bool Numeric, bool Times)
{
    /// <summary>Kinds of event by the names of the command line and of the API.</summary>
    public static ImmutableSortedDictionary<string, EventMask> Kinds { get; } = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        new Dictionary<string, EventMask>
        {
            [MonitorRequest.Drop] = EventMask.Drop,
            [MonitorRequest.Debug] = EventMask.Debug,
            [MonitorRequest.Trace] = EventMask.Trace,
            [MonitorRequest.Capture] = EventMask.Capture,
        });

    /// <summary>
    /// What is shown where no type is asked for. The datapath makes an event for somebody only, so text without <c>-v</c>,
    /// which leaves debug messages out, does not ask for them.
    /// </summary>
    public static EventMask DefaultKinds(bool json, int verbose) => json || verbose > 0
        ? EventMask.Drop | EventMask.Trace | EventMask.Debug | EventMask.Capture
        : EventMask.Drop | EventMask.Trace;

    /// <summary>Debug messages that were asked for by name are shown without <c>-v</c> as well.</summary>
    public static EventVerbosity VerbosityOf(int verbose, IReadOnlyCollection<string> kinds) => verbose switch
    {
        0 => kinds.Contains(MonitorRequest.Debug) ? EventVerbosity.Verbose : EventVerbosity.Info,
        1 => EventVerbosity.Verbose,
        _ => EventVerbosity.Layers,
    };

    public MonitorRequest ToRequest() => new()
    {
        Types = [.. Kinds.Where(kind => (Filter.Types & kind.Value) != 0).Select(kind => kind.Key)],
        Endpoints = [.. Filter.From.Concat(Filter.To).Concat(Filter.RelatedTo).Distinct().Order()],
    };
}
