using Weft.Bpf.Maps;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Services;

/// <summary>The tables that consistent hashing picks backends from, one a service.</summary>
/// <remarks>A table is built where no program sees it and then takes the place of the one before in one step.</remarks>
internal sealed class MaglevTables(DatapathMaps maps)
{
    private const int Size = ServiceEntries.MaglevSize;

    /// <summary>Leaves a table that is the same already alone: a swap waits for an RCU grace period.</summary>
    public void Put(uint serviceId, ReadOnlySpan<uint> backends)
    {
        if (backends.Length != Size)
        {
            throw new ArgumentException($"a table has {Size} entries, not {backends.Length}", nameof(backends));
        }

        uint[] table = backends.ToArray();
        if (Read(serviceId) is { } old && old.AsSpan().SequenceEqual(table))
        {
            return;
        }

        using BpfMap<uint, uint> inner = BpfMap.Create<uint, uint>("weft_maglev_tab", BpfMapType.Array, Size);
        uint[] indexes = new uint[Size];
        for (int i = 0; i < Size; i++)
        {
            indexes[i] = (uint)i;
        }

        inner.UpdateBatch(indexes, table);
        maps.Maglev.SetInnerMap(serviceId, inner.Untyped);
    }

    public bool Remove(uint serviceId) => maps.Maglev.As<uint, uint>().Delete(serviceId);

    public uint[]? Read(uint serviceId)
    {
        using BpfMap? inner = maps.Maglev.TryOpenInner(serviceId);
        if (inner is null)
        {
            return null;
        }

        uint[] table = new uint[Size];
        foreach ((uint index, uint backend) in inner.As<uint, uint>().Entries())
        {
            table[index] = backend;
        }

        return table;
    }

    /// <returns>How many there were.</returns>
    public int RemoveAllBut(IReadOnlySet<uint> services) =>
        maps.Maglev.As<uint, uint>().DeleteWhere((id, _) => !services.Contains(id));
}
