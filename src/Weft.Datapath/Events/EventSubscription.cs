using System.Threading.Channels;

namespace Weft.Datapath.Events;

/// <summary>One client's bounded queue of events; what does not fit is counted, never waited for.</summary>
/// <remarks>One reader at a time. Dispose ends the stream and withdraws the interest.</remarks>
public sealed class EventSubscription : IDisposable
{
    private readonly Channel<ReadOnlyMemory<byte>> _queue;
    private readonly Action<EventSubscription> _leave;
    private long _lostHere;
    private long _lostInKernel;
    private int _disposed;

    internal EventSubscription(EventInterest interest, int capacity, Action<EventSubscription> leave)
    {
        Interest = interest;
        _leave = leave;
        // FullMode.Wait makes TryWrite fail when full: the newest event is the one that is lost, and it is counted.
        _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = true,
        });
    }

    public EventInterest Interest { get; }

    /// <summary>Ring buffer records in the order that the kernel committed them. Shared with other clients: do not write to them.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Records => _queue.Reader;

    /// <summary>Events that this client was too slow for, since the last call.</summary>
    public ulong TakeLostHere() => (ulong)Interlocked.Exchange(ref _lostHere, 0);

    /// <summary>Events that found the kernel's ring full, since the last call.</summary>
    public ulong TakeLostInKernel() => (ulong)Interlocked.Exchange(ref _lostInKernel, 0);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _leave(this);
            _queue.Writer.TryComplete();
        }
    }

    internal void Offer(ReadOnlyMemory<byte> record)
    {
        if (!_queue.Writer.TryWrite(record))
        {
            Interlocked.Increment(ref _lostHere);
        }
    }

    internal void CountLostInKernel(ulong count) => Interlocked.Add(ref _lostInKernel, (long)count);

    internal void Complete() => _queue.Writer.TryComplete();
}
