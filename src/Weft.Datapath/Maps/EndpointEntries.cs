using System.Collections.Immutable;
using System.Net;
using Weft.Abi;
using Weft.Datapath.Events;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;

namespace Weft.Datapath.Maps;

/// <summary>Writes what the datapath knows of this node's endpoints: by device, by address, and what events each is to make.</summary>
/// <remarks>
/// Thread-safe. An entry is written whole, so an endpoint's event mask is kept here too: <see cref="SetDemand"/> and a change
/// of an endpoint would undo each other otherwise.
/// </remarks>
public sealed class EndpointEntries(DatapathMaps maps, EventSwitch events)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EndpointId, EndpointValue> _values = [];
    private readonly Dictionary<WeftAddress, EndpointValue> _hosts = [];
    private readonly Dictionary<EndpointId, PolicyMark> _policies = [];
    private EventDemand _demand = new(EventMask.None, ImmutableDictionary<ushort, EventMask>.Empty, EventMask.None);

    /// <summary>An address of the node itself. It has no device.</summary>
    public void PutHost(IPAddress address, EndpointId id)
    {
        lock (_lock)
        {
            WeftAddress key = WeftAddress.From(address);
            if (!_policies.ContainsKey(id))
            {
                _policies[id] = maps.Endpoints.TryLookup(key, out EndpointValue there) && there.Id == id.Value ? PolicyMark.Of(there) : default;
            }

            EndpointValue value = new()
            {
                Id = id.Value,
                Identity = Identity.Host.Value,
                Ipv4 = address.IsIPv6() ? WeftAddress.None : key,
                Ipv6 = address.IsIPv6() ? key : WeftAddress.None,
            };
            _hosts[key] = value;
            WriteHost(key, value);
        }
    }

    /// <summary>Makes the endpoint known: by its address first, so that what its device sends can be answered.</summary>
    public void Put(EndpointRecord endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        lock (_lock)
        {
            EndpointValue value = ValueOf(endpoint);
            _values[endpoint.Id] = value;
            Write(value);
        }
    }

    /// <summary>Says that the endpoint's flows are to be judged, or not; also of one that is not <see cref="Put"/> yet.</summary>
    /// <param name="isEnforced">It has a table.</param>
    /// <param name="revise">Flows that were judged before are judged again.</param>
    public void SetPolicy(EndpointId endpoint, bool isEnforced, bool revise) => Mark(endpoint, mark => mark with
    {
        Flags = isEnforced ? mark.Flags | EndpointFlags.Policy : mark.Flags & ~EndpointFlags.Policy,
        Epoch = revise ? Math.Max(mark.Epoch + 1, FirstEpoch()) : mark.Epoch,
    });

    /// <summary>Whether what the endpoint's table denies is only told. Flows that passed by that are judged again when it ends.</summary>
    public void SetAudit(EndpointId endpoint, bool isAudited) => Mark(endpoint, mark => mark.Flags.HasFlag(EndpointFlags.Audit) == isAudited ? mark : mark with
    {
        Flags = isAudited ? mark.Flags | EndpointFlags.Audit : mark.Flags & ~EndpointFlags.Audit,
        Epoch = isAudited ? mark.Epoch : Math.Max(mark.Epoch + 1, FirstEpoch()),
    });

    /// <summary>Whether programs can know the endpoint: it was <see cref="Put"/>, or is the node's own.</summary>
    public bool Contains(EndpointId endpoint)
    {
        lock (_lock)
        {
            return _values.ContainsKey(endpoint) || _hosts.Values.Any(host => host.Id == endpoint.Value);
        }
    }

    /// <summary>Makes the endpoint unknown. An address or device that another endpoint has by now is left alone.</summary>
    public void Remove(EndpointRecord endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        lock (_lock)
        {
            _values.Remove(endpoint.Id);
            _policies.Remove(endpoint.Id);
            uint device = (uint)endpoint.HostIfindex;
            if (maps.Devices.TryLookup(device, out EndpointValue byDevice) && byDevice.Id == endpoint.Id.Value)
            {
                maps.Devices.Delete(device);
            }

            foreach (WeftAddress address in endpoint.Addresses.Select(WeftAddress.From))
            {
                if (maps.Endpoints.TryLookup(address, out EndpointValue byAddress) && byAddress.Id == endpoint.Id.Value)
                {
                    maps.Endpoints.Delete(address);
                }
            }
        }
    }

    /// <summary>
    /// Removes every entry that belongs neither to an endpoint that was <see cref="Put"/> nor to one of these node addresses.
    /// </summary>
    /// <returns>How many there were.</returns>
    public int RemoveStale(IReadOnlyCollection<IPAddress> nodeAddresses)
    {
        lock (_lock)
        {
            HashSet<WeftAddress> addresses = [.. nodeAddresses.Select(WeftAddress.From), .. _values.Values.SelectMany(AddressesOf)];
            HashSet<uint> devices = [.. _values.Values.Select(value => value.IfIndex)];
            return maps.Devices.DeleteWhere((device, _) => !devices.Contains(device))
                + maps.Endpoints.DeleteWhere((address, _) => !addresses.Contains(address));
        }
    }

    /// <summary>Brings all masks to what the monitor's clients want now.</summary>
    /// <remarks>
    /// The flag that makes the datapath look at single masks is set before the first of them, and cleared after the last.
    /// </remarks>
    public void SetDemand(EventDemand demand)
    {
        ArgumentNullException.ThrowIfNull(demand);
        lock (_lock)
        {
            _demand = demand;
            bool flagged = !demand.Endpoints.IsEmpty;
            if (flagged)
            {
                events.SetEndpointsFlagged(true);
            }

            foreach ((EndpointId id, EndpointValue value) in _values.ToArray())
            {
                if (value.Events != demand.For(id.Value))
                {
                    EndpointValue changed = value with { Events = demand.For(id.Value) };
                    _values[id] = changed;
                    Write(changed);
                }
            }

            events.SetEverywhere(demand.Everywhere);
            events.SetWatched(demand.Watched);
            if (!flagged)
            {
                events.SetEndpointsFlagged(false);
            }
        }
    }

    private void Mark(EndpointId endpoint, Func<PolicyMark, PolicyMark> change)
    {
        lock (_lock)
        {
            PolicyMark before = _policies.GetValueOrDefault(endpoint);
            PolicyMark after = change(before);
            _policies[endpoint] = after;
            if (after == before)
            {
                return;
            }

            if (_values.TryGetValue(endpoint, out EndpointValue value))
            {
                _values[endpoint] = value = value with { Flags = after.Flags, PolicyEpoch = after.Epoch };
                Write(value);
            }

            foreach ((WeftAddress address, EndpointValue host) in _hosts.Where(host => host.Value.Id == endpoint.Value))
            {
                WriteHost(address, host);
            }
        }
    }

    // Conntrack entries of a run whose endpoints were lost must not look as if they had been judged: the map's life is the machine's.
    private static uint FirstEpoch() => (uint)(Environment.TickCount64 / 1000) + 1;

    /// <summary>An agent that restarts goes on where the last one ended: until it has read the policies, its tables hold.</summary>
    private PolicyMark MarkOf(EndpointRecord endpoint)
    {
        if (!_policies.TryGetValue(endpoint.Id, out PolicyMark mark))
        {
            bool isKnown = maps.Devices.TryLookup((uint)endpoint.HostIfindex, out EndpointValue there) && there.Id == endpoint.Id.Value;
            mark = isKnown ? PolicyMark.Of(there) : default;
            _policies[endpoint.Id] = mark;
        }

        return mark;
    }

    private void WriteHost(WeftAddress address, in EndpointValue value)
    {
        PolicyMark mark = _policies[new EndpointId(value.Id)];
        maps.Endpoints.Update(address, value with { Flags = EndpointFlags.Host | mark.Flags, PolicyEpoch = mark.Epoch });
    }

    private void Write(in EndpointValue value)
    {
        foreach (WeftAddress address in AddressesOf(value))
        {
            maps.Endpoints.Update(address, value);
        }

        maps.Devices.Update(value.IfIndex, value);
    }

    private static IEnumerable<WeftAddress> AddressesOf(EndpointValue value) =>
        ((WeftAddress[])[value.Ipv4, value.Ipv6]).Where(address => !address.IsNone);

    private EndpointValue ValueOf(EndpointRecord endpoint) => new()
    {
        Flags = MarkOf(endpoint).Flags,
        PolicyEpoch = MarkOf(endpoint).Epoch,
        IfIndex = (uint)endpoint.HostIfindex,
        Identity = endpoint.Identity.Value,
        Id = endpoint.Id.Value,
        Events = _demand.For(endpoint.Id.Value),
        Mac = new HardwareAddress(endpoint.Mac.Value).ToAbi(),
        NodeMac = new HardwareAddress(endpoint.HostMac.Value).ToAbi(),
        Ipv4 = endpoint.IPv4 is { } ipv4 ? WeftAddress.From(ipv4) : WeftAddress.None,
        Ipv6 = endpoint.IPv6 is { } ipv6 ? WeftAddress.From(ipv6) : WeftAddress.None,
    };

    private readonly record struct PolicyMark(EndpointFlags Flags, uint Epoch)
    {
        public static PolicyMark Of(in EndpointValue value) => new(value.Flags & (EndpointFlags.Policy | EndpointFlags.Audit), value.PolicyEpoch);
    }
}
