using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf.Maps;

/// <content>One element at a time.</content>
public sealed unsafe partial class BpfMap
{
    /// <summary>False when the key is not there.</summary>
    public bool TryLookup(ReadOnlySpan<byte> key, Span<byte> value)
    {
        RequireKey(key);
        RequireElement(value);
        fixed (byte* k = key, v = value)
        {
            return Found(LibBpf.MapLookup(Fd, k, v, 0), "look up in");
        }
    }

    /// <summary>Throws when the key is there (<see cref="BpfUpdate.NoExist"/>) or not there (<see cref="BpfUpdate.Exist"/>).</summary>
    public void Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfUpdate mode = BpfUpdate.Any)
    {
        int result = UpdateCore(key, value, mode);
        if (result < 0)
        {
            throw Failure("update", result);
        }
    }

    /// <summary>False when the key is there (<see cref="BpfUpdate.NoExist"/>) or not there (<see cref="BpfUpdate.Exist"/>).</summary>
    public bool TryUpdate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfUpdate mode)
    {
        int result = UpdateCore(key, value, mode);
        return result >= 0
            || ((mode, -result) is (BpfUpdate.NoExist, (int)Errno.EEXIST) or (BpfUpdate.Exist, (int)Errno.ENOENT)
                ? false
                : throw Failure("update", result));
    }

    /// <summary>False when the key was not there.</summary>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        RequireKey(key);
        fixed (byte* k = key)
        {
            return Found(LibBpf.MapDelete(Fd, k), "delete from");
        }
    }

    /// <summary>Takes an element out in one step: queues and stacks (with an empty key), hash maps from kernel 5.14.</summary>
    public bool TryTake(ReadOnlySpan<byte> key, Span<byte> value)
    {
        RequireKey(key);
        RequireElement(value);
        fixed (byte* k = key, v = value)
        {
            return Found(LibBpf.MapLookupAndDelete(Fd, k, v), "take from");
        }
    }

    /// <summary>The key after <paramref name="key"/> in the map's own order (empty: the first); false at the end.</summary>
    /// <remarks>Where <paramref name="key"/> has gone, the kernel starts again from the first key; see <see cref="BpfMapCursor"/>.</remarks>
    public bool TryNextKey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        if (!key.IsEmpty)
        {
            RequireKey(key);
        }

        RequireKey(next);
        fixed (byte* k = key, n = next)
        {
            return Found(LibBpf.MapGetNextKey(Fd, k, n), "read the next key of");
        }
    }

    internal BpfException Failure(string verb, int result) => BpfException.FromResult(result, $"{verb} map {Name}", Advice(result));

    internal void RequireKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Schema.KeySize)
        {
            throw new ArgumentException($"map {Name} has keys of {Schema.KeySize} bytes, not {key.Length}", nameof(key));
        }
    }

    private void RequireElement(ReadOnlySpan<byte> value)
    {
        if (value.Length != ElementBytes)
        {
            throw new ArgumentException($"map {Name} has elements of {ElementBytes} bytes, not {value.Length}", nameof(value));
        }
    }

    private int UpdateCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfUpdate mode)
    {
        RequireKey(key);
        RequireElement(value);
        fixed (byte* k = key, v = value)
        {
            return LibBpf.MapUpdate(Fd, k, v, (ulong)mode);
        }
    }

    private bool Found(int result, string verb) =>
        result >= 0 || (result == -(int)Errno.ENOENT ? false : throw Failure(verb, result));

    private string? Advice(int result) => (Errno)(-result) switch
    {
        Errno.E2BIG when Schema.Type is BpfMapType.Array or BpfMapType.PerCpuArray =>
            $"the index is past its {Schema.MaxEntries} entries",
        Errno.E2BIG or Errno.ENOSPC => $"it is full at {Schema.MaxEntries} entries",
        Errno.EPERM => "it is frozen or read-only for user space, or the process lacks CAP_BPF",
        _ => null,
    };
}
