using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf.Maps;

/// <content>Many elements with one system call, or one by one where this kernel has no batch operation for this kind of map.</content>
public sealed unsafe partial class BpfMap
{
    // Racing writers store the same value, so a plain field will do.
    private bool _singlesOnly;

    /// <summary>Whether the kernel has refused a batch operation on this map, so that it works one by one.</summary>
    public bool BatchesUnsupported => _singlesOnly;

    /// <summary>Writes all elements; on failure says how many were written before it.</summary>
    public void UpdateBatch(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, BpfUpdate mode = BpfUpdate.Any)
    {
        int count = CountOf(keys);
        if (values.Length != (long)count * ElementBytes)
        {
            throw new ArgumentException($"map {Name}: {count} keys need {(long)count * ElementBytes} bytes of values, not {values.Length}", nameof(values));
        }

        // generic_map_update_batch refuses BPF_NOEXIST and BPF_EXIST, so those go one by one.
        int done = 0;
        if (!_singlesOnly && count > 1 && mode == BpfUpdate.Any)
        {
            done = UpdateBatchCore(keys, values, count);
        }

        for (; done < count; done++)
        {
            int result = UpdateCore(Element(keys, done, Schema.KeySize), Element(values, done, ElementBytes), mode);
            if (result < 0)
            {
                throw Failure($"update element {done} of {count} in", result);
            }
        }
    }

    /// <summary>Deletes what is there of <paramref name="keys"/> and returns how many were.</summary>
    public int DeleteBatch(ReadOnlySpan<byte> keys)
    {
        int count = CountOf(keys);
        int deleted = 0;
        int at = 0;
        while (!_singlesOnly && count - at > 1)
        {
            uint done = (uint)(count - at);
            int result = DeleteBatchCore(keys[(at * Schema.KeySize)..], ref done);
            if (IsUnsupported(result, done, count - at))
            {
                _singlesOnly = true;
                break;
            }

            if (result < 0 && result != -(int)Errno.ENOENT)
            {
                throw Failure($"delete element {at + (int)done} of {count} from", result);
            }

            deleted += (int)done;
            at += (int)done + (result < 0 ? 1 : 0); // ENOENT: the kernel stopped at a key that is not there
        }

        for (; at < count; at++)
        {
            deleted += Delete(Element(keys, at, Schema.KeySize)) ? 1 : 0;
        }

        return deleted;
    }

    /// <summary>One BPF_MAP_LOOKUP_BATCH. Returns libbpf's result.</summary>
    internal int LookupBatch(ReadOnlySpan<byte> from, Span<byte> next, Span<byte> keys, Span<byte> values, ref uint count)
    {
        BatchOptions options = new() { Size = (nuint)sizeof(BatchOptions) };
        fixed (byte* f = from, n = next, k = keys, v = values)
        {
            return LibBpf.MapLookupBatch(Fd, f, n, k, v, ref count, &options);
        }
    }

    /// <summary>The command is unknown to this kind of map (ENOTSUPP), or to the kernel (EINVAL, before 5.6).</summary>
    /// <remarks>EINVAL because of one element differs: the kernel then stores how many it did.</remarks>
    internal static bool IsUnsupported(int result, uint done, int asked) =>
        (Errno)(-result) is Errno.ENOTSUPP or Errno.EOPNOTSUPP || (result == -(int)Errno.EINVAL && done == asked);

    /// <summary>Returns how many elements were written: all, or none where batches are unsupported.</summary>
    private int UpdateBatchCore(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, int count)
    {
        BatchOptions options = new() { Size = (nuint)sizeof(BatchOptions) };
        uint done = (uint)count;
        int result;
        fixed (byte* k = keys, v = values)
        {
            result = LibBpf.MapUpdateBatch(Fd, k, v, ref done, &options);
        }

        if (IsUnsupported(result, done, count))
        {
            _singlesOnly = true;
            return 0;
        }

        return result >= 0 ? count : throw Failure($"update element {done} of {count} in", result);
    }

    private int DeleteBatchCore(ReadOnlySpan<byte> keys, ref uint count)
    {
        BatchOptions options = new() { Size = (nuint)sizeof(BatchOptions) };
        fixed (byte* k = keys)
        {
            return LibBpf.MapDeleteBatch(Fd, k, ref count, &options);
        }
    }

    private int CountOf(ReadOnlySpan<byte> keys)
    {
        int count = Schema.KeySize == 0 ? 0 : keys.Length / Schema.KeySize;
        return count * Schema.KeySize == keys.Length
            ? count
            : throw new ArgumentException($"map {Name} has keys of {Schema.KeySize} bytes; {keys.Length} is no multiple", nameof(keys));
    }

    private static ReadOnlySpan<byte> Element(ReadOnlySpan<byte> elements, int index, int size) => elements.Slice(index * size, size);
}
