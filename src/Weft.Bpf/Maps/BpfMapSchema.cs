namespace Weft.Bpf.Maps;

/// <summary>All that decides whether two maps can stand for each other.</summary>
/// <param name="Type">Kind.</param>
/// <param name="KeySize">Bytes.</param>
/// <param name="ValueSize">Bytes; of one CPU in per-CPU maps.</param>
/// <param name="MaxEntries">Entries; bytes of a ring buffer; 0 where the kernel chooses.</param>
/// <param name="Flags">As given at creation.</param>
public readonly record struct BpfMapSchema(BpfMapType Type, int KeySize, int ValueSize, uint MaxEntries, BpfMapFlags Flags)
{
    /// <summary>True in maps that hold one value for each possible CPU.</summary>
    public bool IsPerCpu => Type is BpfMapType.PerCpuArray or BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash
        or BpfMapType.PerCpuCgroupStorage;

    /// <summary>True in maps whose values are other maps.</summary>
    public bool IsMapOfMaps => Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps;

    /// <summary>One text a difference, such as <c>value size is 72, wanted 80</c>; empty when the maps are alike.</summary>
    public IReadOnlyList<string> DifferencesFrom(BpfMapSchema wanted)
    {
        List<string> differences = [];
        Compare("type", Type, wanted.Type);
        Compare("key size", KeySize, wanted.KeySize);
        Compare("value size", ValueSize, wanted.ValueSize);
        if (wanted.MaxEntries != 0)
        {
            Compare("max entries", MaxEntries, wanted.MaxEntries);
        }

        Compare("flags", Flags, wanted.Flags);
        return differences;

        void Compare<T>(string name, T found, T expected)
            where T : struct
        {
            if (!EqualityComparer<T>.Default.Equals(found, expected))
            {
                differences.Add($"{name} is {found}, wanted {expected}");
            }
        }
    }
}
