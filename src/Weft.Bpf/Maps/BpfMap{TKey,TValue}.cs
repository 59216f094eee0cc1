using System.Runtime.InteropServices;

namespace Weft.Bpf.Maps;

/// <summary>A map whose keys and values are structs with the layout that the programs use.</summary>
/// <remarks>Sizes are checked once, when the view is made. Safe to use from several threads.</remarks>
public sealed class BpfMap<TKey, TValue> : IDisposable
    where TKey : unmanaged
    where TValue : unmanaged
{
    internal BpfMap(BpfMap untyped)
    {
        untyped.RequireLayout<TKey, TValue>(perCpu: false);
        Untyped = untyped;
    }

    public BpfMap Untyped { get; }

    public string Name => Untyped.Name;

    public bool TryLookup(in TKey key, out TValue value)
    {
        value = default;
        return Untyped.TryLookup(Bytes(in key), MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }

    /// <summary>The value, or throws <see cref="KeyNotFoundException"/>.</summary>
    public TValue this[in TKey key] =>
        TryLookup(in key, out TValue value) ? value : throw new KeyNotFoundException($"map {Name} has no key {key}");

    /// <inheritdoc cref="BpfMap.Update"/>
    public void Update(in TKey key, in TValue value, BpfUpdate mode = BpfUpdate.Any) => Untyped.Update(Bytes(in key), Bytes(in value), mode);

    /// <inheritdoc cref="BpfMap.TryUpdate"/>
    public bool TryUpdate(in TKey key, in TValue value, BpfUpdate mode) => Untyped.TryUpdate(Bytes(in key), Bytes(in value), mode);

    /// <inheritdoc cref="BpfMap.Delete"/>
    public bool Delete(in TKey key) => Untyped.Delete(Bytes(in key));

    /// <inheritdoc cref="BpfMap.TryTake"/>
    public bool TryTake(in TKey key, out TValue value)
    {
        value = default;
        return Untyped.TryTake(Bytes(in key), MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }

    /// <inheritdoc cref="BpfMap.UpdateBatch"/>
    public void UpdateBatch(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values, BpfUpdate mode = BpfUpdate.Any) =>
        Untyped.UpdateBatch(MemoryMarshal.AsBytes(keys), MemoryMarshal.AsBytes(values), mode);

    /// <inheritdoc cref="BpfMap.DeleteBatch"/>
    public int DeleteBatch(ReadOnlySpan<TKey> keys) => Untyped.DeleteBatch(MemoryMarshal.AsBytes(keys));

    /// <summary>All elements, with the guarantees of <see cref="BpfMapCursor"/>; deleting the current one meanwhile is fine.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> Entries()
    {
        using BpfMapCursor cursor = Untyped.Walk();
        while (cursor.MoveNext())
        {
            yield return new(MemoryMarshal.Read<TKey>(cursor.Key), MemoryMarshal.Read<TValue>(cursor.Value));
        }
    }

    /// <summary>All keys, with the guarantees of <see cref="BpfMapCursor"/>.</summary>
    public IEnumerable<TKey> Keys()
    {
        using BpfMapCursor cursor = Untyped.Walk();
        while (cursor.MoveNext())
        {
            yield return MemoryMarshal.Read<TKey>(cursor.Key);
        }
    }

    /// <summary>Deletes, in batches, what <paramref name="condition"/> asks for; returns how many were there.</summary>
    /// <remarks>An element changed between the look and the deletion goes too: BPF has no compare-and-delete.</remarks>
    public int DeleteWhere(Func<TKey, TValue, bool> condition)
    {
        const int Batch = 1024;
        List<TKey> doomed = new(Batch);
        int deleted = 0;
        foreach ((TKey key, TValue value) in Entries())
        {
            if (condition(key, value))
            {
                doomed.Add(key);
            }

            if (doomed.Count == Batch)
            {
                deleted += DeleteBatch(CollectionsMarshal.AsSpan(doomed));
                doomed.Clear();
            }
        }

        return deleted + DeleteBatch(CollectionsMarshal.AsSpan(doomed));
    }

    /// <summary>Maps the memory of an array with <see cref="BpfMapFlags.Mappable"/> into this process.</summary>
    public MappedArray<TValue> MapMemory(bool writable = true) => new(Untyped, writable);

    public void Dispose() => Untyped.Dispose();

    public override string ToString() => Untyped.ToString();

    private static ReadOnlySpan<byte> Bytes<T>(in T item)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in item));
}
