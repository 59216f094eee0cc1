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
    private EventDemand _demand = new(EventMask.None, ImmutableDictionary<ushort, EventMask>.Empty, EventMask.None);

    /// <summary>An address of the node itself. It has no device.</summary>
    public void PutHost(IPAddress address, EndpointId id) => maps.Endpoints.Update(WeftAddress.From(address), new EndpointValue
    {
        Id = id.Value,
        Identity = Identity.Host.Value,
        Flags = EndpointFlags.Host,
        Ipv4 = address.IsIPv6() ? WeftAddress.None : WeftAddress.From(address),
        Ipv6 = address.IsIPv6() ? WeftAddress.From(address) : WeftAddress.None,
    });

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

    /// <summary>Makes the endpoint unknown. An address or device that another endpoint has by now is left alone.</summary>
    public void Remove(EndpointRecord endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        lock (_lock)
        {
            _values.Remove(endpoint.Id);
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
        IfIndex = (uint)endpoint.HostIfindex,
        Identity = endpoint.Identity.Value,
        Id = endpoint.Id.Value,
        Events = _demand.For(endpoint.Id.Value),
        Mac = new HardwareAddress(endpoint.Mac.Value).ToAbi(),
        NodeMac = new HardwareAddress(endpoint.HostMac.Value).ToAbi(),
        Ipv4 = endpoint.IPv4 is { } ipv4 ? WeftAddress.From(ipv4) : WeftAddress.None,
        Ipv6 = endpoint.IPv6 is { } ipv6 ? WeftAddress.From(ipv6) : WeftAddress.None,
    };
}
