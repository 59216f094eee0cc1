using Weft.Bpf.Interop;

namespace Weft.Bpf.Maps;

/// <summary>The memory of an array map, shared with the programs: reads and writes are plain loads and stores.</summary>
/// <remarks>
/// References and spans point into kernel memory and must not be used after <see cref="Dispose"/>. The map itself may be
/// closed before. Ordering between fields is the caller's: one aligned field is written whole, a struct is not.
/// </remarks>
public sealed unsafe class MappedArray<T> : IDisposable
    where T : unmanaged
{
    private readonly MappedMemory _memory;
    private readonly int _stride;

    internal MappedArray(BpfMap map, bool writable)
    {
        if (map.Schema.Type != BpfMapType.Array || !map.Schema.Flags.HasFlag(BpfMapFlags.Mappable))
        {
            throw new ArgumentException($"map {map.Name} ({map.Schema.Type}, flags {map.Schema.Flags}) is not an array with the flag BPF_F_MMAPABLE");
        }

        _stride = BpfMap.RoundUp8(map.Schema.ValueSize);
        Count = (int)map.Schema.MaxEntries;
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = ((((nuint)_stride * (nuint)Count) + page - 1) / page) * page;
        _memory = MappedMemory.Of(map.Fd, bytes, writable, 0, $"map {map.Name}");
    }

    public int Count { get; }

    public ref T this[int index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory.IsClosed, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref *(T*)(_memory.Address + ((nint)index * _stride));
        }
    }

    /// <summary>All elements; only for values of a multiple of 8 bytes, since the kernel lays elements out at such distances.</summary>
    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory.IsClosed, this);
            return _stride == sizeof(T)
                ? new Span<T>((void*)_memory.Address, Count)
                : throw new InvalidOperationException($"elements of {sizeof(T)} bytes lie {_stride} bytes apart: use the indexer");
        }
    }

    public void Dispose() => _memory.Dispose();
}
