using System.Collections.Immutable;
using Weft.Abi;

namespace Weft.Datapath.Services;

/// <summary>A frontend and the backends that answer for it, as the datapath has them or is to have them.</summary>
public sealed record ServiceEntry
{
    /// <summary>Most backends that one list can have: the count has 16 bits.</summary>
    public const int MaxBackends = ushort.MaxValue;

    public required ServiceKey Key { get; init; }

    /// <summary>Unique among the node's frontends, never 0.</summary>
    public required uint Id { get; init; }

    public ServiceFlags Flags { get; init; }

    /// <summary>Seconds since last use; 0: no affinity.</summary>
    public uint AffinityTimeout { get; init; }

    /// <summary>Ids of backends for pods and the node's processes.</summary>
    public ImmutableArray<uint> Internal { get; init; } = [];

    /// <summary>Ids of backends for clients from outside.</summary>
    public ImmutableArray<uint> External { get; init; } = [];

    /// <summary>Of the slots in the map; the writer chooses it.</summary>
    public ushort Generation { get; init; }

    public ImmutableArray<uint> List(ServiceList list) => list == ServiceList.Internal ? Internal : External;

    /// <summary>Whether both lists have the same backends at the same places.</summary>
    public bool HasListsOf(ServiceEntry other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Internal.AsSpan().SequenceEqual(other.Internal.AsSpan()) && External.AsSpan().SequenceEqual(other.External.AsSpan());
    }

    public bool Equals(ServiceEntry? other) => other is not null && Key == other.Key && Id == other.Id && Flags == other.Flags
        && AffinityTimeout == other.AffinityTimeout && Generation == other.Generation && HasListsOf(other);

    public override int GetHashCode() => HashCode.Combine(Key, Id, Generation);

    /// <summary>The slots of both lists under this entry's generation, each with its backend.</summary>
    internal (ServiceSlotKey[] Keys, uint[] Backends) Slots()
    {
        ServiceSlotKey[] keys = new ServiceSlotKey[Internal.Length + External.Length];
        uint[] backends = new uint[keys.Length];
        int at = 0;
        for (ServiceList list = 0; list < ServiceList.Lists; list++)
        {
            ImmutableArray<uint> ids = List(list);
            for (int slot = 0; slot < ids.Length; slot++, at++)
            {
                keys[at] = new ServiceSlotKey { ServiceId = Id, Generation = Generation, List = list, Slot = (uint)slot };
                backends[at] = ids[slot];
            }
        }

        return (keys, backends);
    }

    internal ServiceValue Value()
    {
        ServiceCounts count = default;
        for (ServiceList list = 0; list < ServiceList.Lists; list++)
        {
            count[(int)list] = (ushort)List(list).Length;
        }

        return new ServiceValue { Id = Id, AffinityTimeout = AffinityTimeout, Flags = Flags, Generation = Generation, Count = count };
    }
}
