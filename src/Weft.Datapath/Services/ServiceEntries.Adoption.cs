using System.Collections.Immutable;
using Weft.Abi;

namespace Weft.Datapath.Services;

/// <content>What another process left: it may have died between any two writes.</content>
public sealed partial class ServiceEntries
{
    /// <summary>Stands for a slot that is missing; no backend has this id.</summary>
    private const uint NoBackend = 0;

    /// <summary>Reads everything that is there, and removes slots, ranges and tables that no frontend refers to.</summary>
    public ServiceSnapshot Adopt()
    {
        lock (_lock)
        {
            _entries.Clear();
            _keys.Clear();
            _retired.Clear();
            Dictionary<ServiceSlotKey, uint> slots = maps.ServiceSlots.Entries().ToDictionary();
            _retired.UnionWith(slots.Keys);
            foreach ((ServiceKey key, ServiceValue value) in maps.Services.Entries())
            {
                ServiceEntry entry = Read(key, value, slots);
                _entries[key] = entry;
                _keys[entry.Id] = key;
                _retired.ExceptWith(entry.Slots().Keys);
                _generation = Math.Max(_generation, entry.Generation);
            }

            int removed = _retired.Count;
            SettleLocked();
            HashSet<uint> ids = [.. _keys.Keys];
            removed += _ranges.Adopt(ids) + _maglev.RemoveAllBut(ids);
            return new ServiceSnapshot(
                [.. _entries.Values.Where(IsWhole)], maps.Backends.Entries().ToDictionary(), removed);
        }
    }

    private static bool IsWhole(ServiceEntry entry) => !entry.Internal.Contains(NoBackend) && !entry.External.Contains(NoBackend);

    private static ServiceEntry Read(ServiceKey key, ServiceValue value, Dictionary<ServiceSlotKey, uint> slots)
    {
        return new ServiceEntry
        {
            Key = key,
            Id = value.Id,
            Flags = value.Flags,
            AffinityTimeout = value.AffinityTimeout,
            Generation = value.Generation,
            Internal = ListOf(ServiceList.Internal),
            External = ListOf(ServiceList.External),
        };

        ImmutableArray<uint> ListOf(ServiceList list) =>
        [
            .. Enumerable.Range(0, value.Count[(int)list]).Select(slot => slots.GetValueOrDefault(
                new ServiceSlotKey { ServiceId = value.Id, Generation = value.Generation, List = list, Slot = (uint)slot }, NoBackend)),
        ];
    }
}
