using System.Collections.Immutable;
using Weft.Abi;
using Weft.Datapath.Events;
using Weft.Datapath.Maps;
using Weft.Model.Endpoints;

namespace Weft.Control.Monitoring;

/// <summary>Decides which events the datapath makes: what is configured, and what the monitor's clients want on top.</summary>
/// <remarks>Thread-safe. A client that comes finds its events on when <see cref="EventHub.Subscribe"/> returns.</remarks>
public sealed class EventPolicy
{
    private readonly Lock _lock = new();
    private readonly EndpointEntries _entries;
    private readonly EventSwitch _switch;
    private ImmutableDictionary<ushort, EventMask> _endpoints = ImmutableDictionary<ushort, EventMask>.Empty;
    private ImmutableArray<EventInterest> _interests = [];
    private EventMask _baseline = EventMask.Drop;
    private Aggregation _aggregation = Aggregation.None;

    public EventPolicy(EventHub hub, EndpointEntries entries, EventSwitch eventSwitch)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(eventSwitch);
        _entries = entries;
        _switch = eventSwitch;
        _switch.SetCaptureLength(DatapathRuntime.MaxCaptureLength);
        _switch.SetAggregation(_aggregation);
        hub.InterestsChanged += interests => Change(() => _interests = interests);
        Change(static () => { });
    }

    /// <summary>Made for everything, whether or not anybody watches.</summary>
    public EventMask Baseline
    {
        get => _baseline;
        set => Change(() => _baseline = value);
    }

    public Aggregation Aggregation
    {
        get => _aggregation;
        set
        {
            lock (_lock)
            {
                _aggregation = value;
                _switch.SetAggregation(value);
            }
        }
    }

    /// <summary>What is made for one endpoint beyond <see cref="Baseline"/>, whether or not anybody watches.</summary>
    public EventMask OfEndpoint(EndpointId id) => _endpoints.GetValueOrDefault(id.Value);

    public void SetEndpoint(EndpointId id, EventMask events) => Change(() =>
        _endpoints = events == EventMask.None ? _endpoints.Remove(id.Value) : _endpoints.SetItem(id.Value, events));

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            IEnumerable<EventInterest> configured = _endpoints.Select(pair => new EventInterest(pair.Value, [pair.Key]));
            _entries.SetDemand(EventDemand.Of(_baseline, _interests.Concat(configured)));
        }
    }
}
