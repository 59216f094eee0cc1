using System.Buffers;
using System.Runtime.InteropServices;

namespace Weft.Bpf.Maps;

/// <summary>A map that holds one value for each possible CPU under every key, so that programs count without locks.</summary>
/// <remarks>Spans of values have <see cref="PossibleCpus.Count"/> items. A read is not a snapshot: CPUs go on meanwhile.</remarks>
public sealed class PerCpuMap<TKey, TValue> : IDisposable
    where TKey : unmanaged
    where TValue : unmanaged
{
    private readonly int _stride;

    internal PerCpuMap(BpfMap untyped)
    {
        untyped.RequireLayout<TKey, TValue>(perCpu: true);
        Untyped = untyped;
        _stride = BpfMap.RoundUp8(untyped.Schema.ValueSize);
    }

    public BpfMap Untyped { get; }

    public string Name => Untyped.Name;

    /// <summary>False when the key is not there.</summary>
    public bool TryLookup(in TKey key, Span<TValue> values)
    {
        RequireCpus(values.Length);
        byte[] element = ArrayPool<byte>.Shared.Rent(Untyped.ElementBytes);
        try
        {
            Span<byte> bytes = element.AsSpan(0, Untyped.ElementBytes);
            if (!Untyped.TryLookup(MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key)), bytes))
            {
                return false;
            }

            Unpack(bytes, values);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(element);
        }
    }

    /// <summary>Writes each CPU's value.</summary>
    public void Update(in TKey key, ReadOnlySpan<TValue> values, BpfUpdate mode = BpfUpdate.Any)
    {
        RequireCpus(values.Length);
        byte[] element = ArrayPool<byte>.Shared.Rent(Untyped.ElementBytes);
        try
        {
            Span<byte> bytes = element.AsSpan(0, Untyped.ElementBytes);
            bytes.Clear();
            for (int cpu = 0; cpu < values.Length; cpu++)
            {
                MemoryMarshal.Write(bytes[(cpu * _stride)..], values[cpu]);
            }

            Untyped.Update(MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key)), bytes, mode);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(element);
        }
    }

    /// <summary>Writes the same value for every CPU, such as zero to begin counting again.</summary>
    public void UpdateAll(in TKey key, in TValue value, BpfUpdate mode = BpfUpdate.Any)
    {
        TValue[] values = new TValue[PossibleCpus.Count];
        Array.Fill(values, value);
        Update(in key, values, mode);
    }

    /// <inheritdoc cref="BpfMap.Delete"/>
    public bool Delete(in TKey key) => Untyped.Delete(MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key)));

    /// <summary>All elements, each with an array of its own, with the guarantees of <see cref="BpfMapCursor"/>.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue[]>> Entries()
    {
        using BpfMapCursor cursor = Untyped.Walk();
        while (cursor.MoveNext())
        {
            TValue[] values = new TValue[PossibleCpus.Count];
            Unpack(cursor.Value, values);
            yield return new(MemoryMarshal.Read<TKey>(cursor.Key), values);
        }
    }

    /// <summary>Folds the values of all CPUs into one; false when the key is not there.</summary>
    public bool TryAggregate<TResult>(in TKey key, TResult seed, Func<TResult, TValue, TResult> fold, out TResult result)
    {
        TValue[] values = new TValue[PossibleCpus.Count];
        bool found = TryLookup(in key, values);
        result = seed;
        for (int cpu = 0; found && cpu < values.Length; cpu++)
        {
            result = fold(result, values[cpu]);
        }

        return found;
    }

    public void Dispose() => Untyped.Dispose();

    private void Unpack(ReadOnlySpan<byte> element, Span<TValue> values)
    {
        for (int cpu = 0; cpu < values.Length; cpu++)
        {
            values[cpu] = MemoryMarshal.Read<TValue>(element[(cpu * _stride)..]);
        }
    }

    private void RequireCpus(int count)
    {
        if (count != PossibleCpus.Count)
        {
            throw new ArgumentException($"map {Name} holds a value for each of {PossibleCpus.Count} possible CPUs, not {count}");
        }
    }
}
