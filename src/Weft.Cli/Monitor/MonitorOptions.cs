using System.Collections.Immutable;
using Weft.Abi;
using Weft.Api;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>What a run of <c>weft monitor</c> shows, and how.</summary>
/// <param name="Verbosity">Of text.</param>
/// <param name="Filter">What is wanted; without the ends that have to be looked up.</param>
internal sealed record MonitorOptions(EventVerbosity Verbosity, EventFilter Filter)
{
    /// <summary>What becomes of packets, without the datapath's thoughts about them.</summary>
    public const EventMask PacketKinds = EventMask.Drop | EventMask.Trace | EventMask.Policy;

    /// <summary>One object a line instead of text.</summary>
    public bool Json { get; init; }

    /// <summary>Reserved identities as numbers too.</summary>
    public bool Numeric { get; init; }

    /// <summary>Begin each event with the time of day.</summary>
    public bool Times { get; init; }

    /// <summary>The packet's bytes.</summary>
    public bool Hex { get; init; }

    public bool Color { get; init; }

    /// <summary>One line a packet instead of one an event.</summary>
    public bool Join { get; init; }

    /// <summary>What happens to endpoints, nodes, addresses and services, too.</summary>
    public bool Notices { get; init; }

    public AggregationLevel Aggregation { get; init; }

    /// <summary>Events to print before the end; null: no end.</summary>
    public int? Count { get; init; }

    /// <summary>Time to watch before the end; null: no end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Conditions on ends; pods and labels among them are looked up on the nodes.</summary>
    public ImmutableArray<EndRequest> Ends { get; init; } = [];

    /// <summary>All words of <c>--type</c>.</summary>
    public static IReadOnlyList<string> Types => [MonitorRequest.Agent, .. Kinds.Keys];

    /// <summary>Kinds of event of packets by the names of the command line and of the API.</summary>
    public static ImmutableSortedDictionary<string, EventMask> Kinds { get; } = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        new Dictionary<string, EventMask>
        {
            [MonitorRequest.Drop] = EventMask.Drop,
            [MonitorRequest.Debug] = EventMask.Debug,
            [MonitorRequest.Trace] = EventMask.Trace,
            [MonitorRequest.Capture] = EventMask.Capture,
            [MonitorRequest.PolicyVerdict] = EventMask.Policy,
        });

    /// <summary>
    /// What is shown where no type is asked for. The datapath makes an event for somebody only, so text without <c>-v</c>,
    /// which leaves debug messages out, does not ask for them.
    /// </summary>
    public static EventMask DefaultKinds(bool json, int verbose) => json || verbose > 0
        ? PacketKinds | EventMask.Debug | EventMask.Capture
        : PacketKinds;

    /// <summary>Debug messages that were asked for by name are shown without <c>-v</c> as well.</summary>
    public static EventVerbosity VerbosityOf(int verbose, IReadOnlyCollection<string> kinds) => verbose switch
    {
        0 => kinds.Contains(MonitorRequest.Debug) ? EventVerbosity.Verbose : EventVerbosity.Info,
        1 => EventVerbosity.Verbose,
        _ => EventVerbosity.Layers,
    };

    /// <param name="filter">With all ends.</param>
    public MonitorRequest RequestFor(EventFilter filter) => new()
    {
        Types = [.. Notices ? [MonitorRequest.Agent] : Array.Empty<string>(), .. Kinds.Where(kind => (filter.Types & kind.Value) != 0).Select(kind => kind.Key)],
        Endpoints = filter.Not ? [] : [.. filter.From.Concat(filter.To).Concat(filter.RelatedTo).Distinct().Order()],
        Conditions = filter.ToQuery(),
    };
}
