using System.Buffers;
using Weft.Linux;

namespace Weft.Bpf.Maps;

/// <summary>Walks through the elements of a map while programs and others change it.</summary>
/// <remarks>
/// An element that is there during the whole walk is met exactly once, except that a hash element deleted and added
/// again may be met twice; one that comes or goes meanwhile may be met or not. Hash maps and arrays are read in batches
/// (a bucket is read under its lock, so nothing restarts). Other kinds are walked key by key, where a key that vanishes sends the kernel back to the start:
/// then keys already met are passed over, and a walk that still does not end fails with EAGAIN. Not thread-safe.
/// </remarks>
public sealed class BpfMapCursor : IDisposable
{
    private const int ChunkBytes = 128 * 1024;
    private const int WalkPasses = 4;
    private const int WalkSlack = 1024;

    private readonly BpfMap _map;
    private readonly int _keySize;
    private readonly int _elementBytes;
    private readonly byte[] _position;
    private byte[] _keys = [];
    private byte[] _values = [];
    private int _capacity;
    private int _count;
    private int _index = -1;
    private bool _started;
    private bool _finished;
    private bool _batches;
    private HashSet<byte[]>? _met;
    private long _steps;

    internal BpfMapCursor(BpfMap map)
    {
        _map = map;
        _keySize = map.Schema.KeySize;
        _elementBytes = map.ElementBytes;
        _position = new byte[Math.Max(_keySize, sizeof(ulong))];
        _batches = !map.BatchesUnsupported && map.Schema.Type is BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.PerCpuHash
            or BpfMapType.LruPerCpuHash or BpfMapType.Array or BpfMapType.PerCpuArray;
        Reserve(Math.Clamp(ChunkBytes / (_keySize + _elementBytes), 16, 4096));
    }

    /// <summary>Valid until the next <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Key => _keys.AsSpan(_index * _keySize, _keySize);

    /// <summary>Valid until the next <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Value => _values.AsSpan(_index * _elementBytes, _elementBytes);

    public bool MoveNext()
    {
        while (++_index >= _count)
        {
            if (_finished)
            {
                return false;
            }

            _index = -1;
            if (_batches)
            {
                ReadBatch();
            }
            else
            {
                WalkOne();
            }
        }

        return true;
    }

    public void Dispose()
    {
        _finished = true;
        _count = 0;
        Release();
    }

    private void ReadBatch()
    {
        uint count = (uint)_capacity;
        int result = _map.LookupBatch(
            _started ? _position : default, _position, _keys.AsSpan(0, _capacity * _keySize), _values.AsSpan(0, _capacity * _elementBytes), ref count);
        switch ((Errno)(-result))
        {
            case Errno.ENOSPC: // a bucket holds more than the buffers; nothing was consumed
                _count = 0;
                Reserve(_capacity * 2);
                break;
            case Errno.ENOENT:
                _count = (int)count;
                _finished = true;
                break;
            case not Errno.None when !_started && BpfMap.IsUnsupported(result, count, _capacity):
                _count = 0;
                _batches = false;
                break;
            case Errno.None:
                _count = (int)count;
                _started = true;
                break;
            default:
                throw _map.Failure("read a batch of", result);
        }
    }

    private void WalkOne()
    {
        _count = 0;
        Span<byte> key = _keys.AsSpan(0, _keySize);
        if (!_map.TryNextKey(_started ? _position.AsSpan(0, _keySize) : default, key))
        {
            _finished = true;
            return;
        }

        if (++_steps > (_map.Schema.MaxEntries * (long)WalkPasses) + WalkSlack)
        {
            throw new BpfException(
                $"walk through map {_map.Name}", Errno.EAGAIN, $"keys vanish faster than they can be read ({_steps} steps, room for {_map.Schema.MaxEntries} entries)", null);
        }

        key.CopyTo(_position);
        _started = true;
        if (IsNew(key) && _map.TryLookup(key, _values.AsSpan(0, _elementBytes)))
        {
            _count = 1;
        }
    }

    /// <summary>Array indexes never vanish, so only the other kinds remember what they met.</summary>
    private bool IsNew(ReadOnlySpan<byte> key)
    {
        if (_map.Schema.Type is BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.ArrayOfMaps)
        {
            return true;
        }

        _met ??= new HashSet<byte[]>(KeyComparer.Instance);
        return _met.Add(key.ToArray());
    }

    private void Reserve(int capacity)
    {
        Release();
        _capacity = capacity;
        _keys = ArrayPool<byte>.Shared.Rent(capacity * Math.Max(_keySize, 1));
        _values = ArrayPool<byte>.Shared.Rent(capacity * Math.Max(_elementBytes, 1));
    }

    private void Release()
    {
        if (_keys.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_keys);
            ArrayPool<byte>.Shared.Return(_values);
            _keys = [];
            _values = [];
        }
    }

    private sealed class KeyComparer : IEqualityComparer<byte[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] key)
        {
            HashCode hash = default;
            hash.AddBytes(key);
            return hash.ToHashCode();
        }
    }
}
