using Weft.Bpf.Interop;
using Weft.Bpf.Maps;
using Weft.Linux;

namespace Weft.Bpf.RingBuffers;

/// <summary>Reads the records that programs put into a BPF ring buffer, where they lie and in the order in which space was reserved.</summary>
/// <remarks>
/// One reader per ring: the position is shared with the kernel, and a new reader goes on where the last one stopped.
/// Not thread-safe except for <see cref="Wake"/>; stop the reading thread before <see cref="Dispose"/>. Space is given back to the
/// programs in steps of an eighth of the ring and whenever the reader has caught up. Protocol: kernel/bpf/ringbuf.c, bpf_ringbuf_commit.
/// </remarks>
public sealed unsafe partial class RingBufferReader : IDisposable
{
    private const uint BPF_RINGBUF_BUSY_BIT = 1u << 31;
    private const uint BPF_RINGBUF_DISCARD_BIT = 1u << 30;
    private const int BPF_RINGBUF_HDR_SZ = 8;

    private readonly FileDescriptor _ring;
    private readonly FileDescriptor _wakeUp;
    private readonly MappedMemory _consumerPage;
    private readonly MappedMemory _producerPages;
    private readonly ulong* _consumer;
    private readonly ulong* _producer;
    private readonly byte* _data;
    private readonly ulong _mask;
    private readonly ulong _releaseStep;
    private ulong _position;
    private ulong _released;
    private int _woken;

    /// <param name="map">A <see cref="BpfMapType.RingBuffer"/>; it may be closed afterwards.</param>
    public RingBufferReader(BpfMap map)
    {
        if (map.Schema.Type != BpfMapType.RingBuffer)
        {
            throw new ArgumentException($"map {map.Name} is a {map.Schema.Type}, not a ring buffer");
        }

        Size = (int)map.Schema.MaxEntries;
        _mask = (ulong)Size - 1;
        _releaseStep = (ulong)Size / 8;
        nuint page = (nuint)Environment.SystemPageSize;
        int wakeUp = LibC.EventFd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        _wakeUp = wakeUp >= 0 ? FileDescriptor.Own(wakeUp) : throw LinuxException.FromLastError("create an eventfd");
        try
        {
            _ring = map.Fd.Duplicate();

            // The kernel maps the data twice, one after the other, so that a record that wraps can be read in one piece.
            _consumerPage = MappedMemory.Of(_ring, page, writable: true, 0, $"ring buffer {map.Name}");
            _producerPages = MappedMemory.Of(_ring, page + (2 * (nuint)Size), writable: false, (long)page, $"ring buffer {map.Name}");
        }
        catch
        {
            _consumerPage?.Dispose();
            _ring?.Dispose();
            _wakeUp.Dispose();
            throw;
        }

        _consumer = (ulong*)_consumerPage.Address;
        _producer = (ulong*)_producerPages.Address;
        _data = (byte*)_producerPages.Address + page;
        _position = _released = Volatile.Read(ref *_consumer);
    }

    /// <summary>Bytes for records and their headers of 8 bytes.</summary>
    public int Size { get; }

    /// <summary>Bytes that are written or being written and not read yet.</summary>
    public long AvailableBytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_producerPages.IsClosed, this);
            return (long)(Volatile.Read(ref *_producer) - _position);
        }
    }

    /// <summary>The next record, or false when there is none now.</summary>
    /// <param name="record">In the ring itself: valid until the next call of this object.</param>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        ObjectDisposedException.ThrowIf(_producerPages.IsClosed, this);
        if (_position - _released >= _releaseStep)
        {
            Release();
        }

        if (Next(out record))
        {
            return true;
        }

        if (_position == _released)
        {
            return false;
        }

        // The kernel wakes a waiter only if it sees that the reader has caught up, so say so before looking once more.
        Release();
        return Next(out record);
    }

    public void Dispose()
    {
        if (!_producerPages.IsClosed)
        {
            Release();
        }

        _producerPages.Dispose();
        _consumerPage.Dispose();
        _ring.Dispose();
        _wakeUp.Dispose();
    }

    private bool Next(out ReadOnlySpan<byte> record)
    {
        ulong produced = Volatile.Read(ref *_producer);
        while (_position < produced)
        {
            byte* header = _data + (_position & _mask);
            uint length = Volatile.Read(ref *(uint*)header);
            if ((length & BPF_RINGBUF_BUSY_BIT) != 0)
            {
                break;
            }

            uint bytes = length & ~BPF_RINGBUF_DISCARD_BIT;
            _position += (bytes + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
            if ((length & BPF_RINGBUF_DISCARD_BIT) == 0)
            {
                record = new ReadOnlySpan<byte>(header + BPF_RINGBUF_HDR_SZ, (int)bytes);
                return true;
            }
        }

        record = default;
        return false;
    }

    /// <summary>Gives the space of all records handed out back to the programs.</summary>
    private void Release()
    {
        if (_position != _released)
        {
            Volatile.Write(ref *_consumer, _position);
            _released = _position;

            // Pairs with the exchange in bpf_ringbuf_commit: either we see the new record, or the kernel sees that we need a wake-up.
            Interlocked.MemoryBarrier();
        }
    }
}
