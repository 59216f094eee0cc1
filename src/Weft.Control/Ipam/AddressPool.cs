using System.Collections.Immutable;
using System.Net;
using Weft.Model.Addressing;

namespace Weft.Control.Ipam;

/// <summary>Gives the addresses of a node's pod CIDR to endpoints, one owner each.</summary>
/// <remarks>
/// The search goes on from the address given last, so one that was freed is the last to be used again: caches elsewhere (ipcache of
/// other nodes, DNS, connection tracking) get the longest time to forget its former owner. Thread-safe. State is not stored: after a
/// restart the agent claims the addresses of the endpoints that it finds.
/// </remarks>
public sealed class AddressPool
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, AddressAllocation> _taken = [];
    // Offset of each reservation, and the timestamp of the clock at which it is over.
    private readonly Dictionary<UInt128, long> _reserved = [];
    private readonly PodCidr _cidr;
    private readonly TimeProvider _clock;
    private UInt128 _next;

    /// <param name="cidr">The range to give from.</param>
    /// <param name="router">Gateway of the pods, never given; null: the first usable address.</param>
    /// <param name="clock">Decides when a reservation is over.</param>
    public AddressPool(PodCidr cidr, IPAddress? router, TimeProvider clock)
    {
        _cidr = cidr;
        _clock = clock;
        Router = router ?? cidr.AddressAt(cidr.FirstUsable);
        if (!cidr.Contains(Router) || !IsUsable(cidr.OffsetOf(Router)))
        {
            throw new ArgumentException($"router address {Router} is not a usable address of pod CIDR {cidr}", nameof(router));
        }
        _next = cidr.FirstUsable;
    }

    public PodCidr Cidr => _cidr;

    public IPAddress Router { get; }

    /// <summary>How many endpoints fit.</summary>
    public UInt128 Capacity => _cidr.UsableCount - 1;

    public int Used
    {
        get
        {
            lock (_lock)
            {
                DropExpired();
                return _taken.Count;
            }
        }
    }

    /// <summary>Gives the next free address. With <paramref name="reserveFor"/> it is free again after that time unless confirmed.</summary>
    /// <exception cref="AddressPoolException">All addresses are in use.</exception>
    public IPAddress Allocate(string owner, TimeSpan? reserveFor = null)
    {
        lock (_lock)
        {
            DropExpired();
            if ((UInt128)_taken.Count >= Capacity)
            {
                throw Refuse(AddressPoolError.RangeFull, $"allocate an address from {_cidr} for {owner}",
                    $"range is full ({_taken.Count} of {Capacity} in use; free an endpoint or widen the node's pod CIDR)");
            }
            while (IsRouter(_next) || _taken.ContainsKey(_next))
            {
                _next = After(_next);
            }
            IPAddress address = _cidr.AddressAt(_next);
            Take(_next, owner, reserveFor);
            _next = After(_next);
            return address;
        }
    }

    /// <summary>Gives this address: one that a user asked for, or that a restored endpoint has.</summary>
    /// <exception cref="AddressPoolException">It is outside the range, reserved or in use.</exception>
    public void Claim(IPAddress address, string owner, TimeSpan? reserveFor = null)
    {
        string action = $"allocate {address} for {owner}";
        if (!_cidr.Contains(address))
        {
            throw Refuse(AddressPoolError.OutOfRange, action, $"not in the node's pod CIDR {_cidr} (ask for an address in it, or for none)");
        }
        UInt128 offset = _cidr.OffsetOf(address);
        if (!IsUsable(offset) || IsRouter(offset))
        {
            string what = IsRouter(offset) ? "the pods' gateway" : offset == 0 ? $"the network address of {_cidr}" : $"the broadcast address of {_cidr}";
            throw Refuse(AddressPoolError.Reserved, action, $"it is {what} (ask for another)");
        }
        lock (_lock)
        {
            DropExpired();
            if (_taken.TryGetValue(offset, out AddressAllocation? holder))
            {
                throw Refuse(AddressPoolError.Taken, action, $"{holder.Owner} has it (delete that endpoint or ask for another address)");
            }
            Take(offset, owner, reserveFor);
        }
    }

    /// <summary>Makes a reservation permanent. False: there is none of that owner's, or no more.</summary>
    public bool Confirm(IPAddress address, string owner)
    {
        lock (_lock)
        {
            DropExpired();
            if (!_cidr.Contains(address) || !_taken.TryGetValue(_cidr.OffsetOf(address), out AddressAllocation? held)
                || held.Owner != owner || !held.IsReservation)
            {
                return false;
            }
            _taken[_cidr.OffsetOf(address)] = held with { IsReservation = false };
            _reserved.Remove(_cidr.OffsetOf(address));
            return true;
        }
    }

    /// <summary>Frees the address. False: it was free.</summary>
    public bool Release(IPAddress address)
    {
        lock (_lock)
        {
            DropExpired();
            return _cidr.Contains(address) && Free(_cidr.OffsetOf(address));
        }
    }

    /// <summary>The allocation of the address, or null where it is free.</summary>
    public AddressAllocation? Find(IPAddress address)
    {
        lock (_lock)
        {
            DropExpired();
            return _cidr.Contains(address) ? _taken.GetValueOrDefault(_cidr.OffsetOf(address)) : null;
        }
    }

    /// <summary>All allocations, by address.</summary>
    public ImmutableArray<AddressAllocation> List()
    {
        lock (_lock)
        {
            DropExpired();
            return [.. _taken.OrderBy(t => t.Key).Select(t => t.Value)];
        }
    }

    private void Take(UInt128 offset, string owner, TimeSpan? reserveFor)
    {
        _taken.Add(offset, new AddressAllocation(_cidr.AddressAt(offset), owner, IsReservation: reserveFor is not null));
        if (reserveFor is { } time)
        {
            _reserved.Add(offset, _clock.GetTimestamp() + (long)(time.TotalSeconds * _clock.TimestampFrequency));
        }
    }

    private bool Free(UInt128 offset)
    {
        _reserved.Remove(offset);
        return _taken.Remove(offset);
    }

    // There are few reservations at a time: one for each pod that is being started.
    private void DropExpired()
    {
        if (_reserved.Count == 0)
        {
            return;
        }
        long now = _clock.GetTimestamp();
        foreach ((UInt128 offset, _) in _reserved.Where(r => r.Value <= now).ToList())
        {
            Free(offset);
        }
    }

    private bool IsUsable(UInt128 offset) => offset >= _cidr.FirstUsable && offset <= _cidr.LastUsable;

    private bool IsRouter(UInt128 offset) => offset == _cidr.OffsetOf(Router);

    private UInt128 After(UInt128 offset) => offset == _cidr.LastUsable ? _cidr.FirstUsable : offset + 1;

    private static AddressPoolException Refuse(AddressPoolError error, string action, string why) => new(error, $"{action}: {why}");
}
