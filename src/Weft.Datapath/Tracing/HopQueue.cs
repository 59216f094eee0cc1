using System.Threading.Channels;

namespace Weft.Datapath.Tracing;

/// <summary>Records between who sees packets and the one who tells of them: bounded, and what finds it full is counted.</summary>
/// <remarks>Any thread may offer; one may take.</remarks>
public sealed class HopQueue
{
    private const long MostBytes = 32 << 20;

    private readonly Channel<byte[]> _records = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;
    private long _lost;

    /// <summary>False: there will be no more.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _records.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? record)
    {
        bool read = _records.Reader.TryRead(out record);
        Interlocked.Add(ref _bytes, read ? -record!.Length : 0);
        return read;
    }

    /// <summary>Records that found it full since the last call.</summary>
    public ulong TakeLost() => (ulong)Interlocked.Exchange(ref _lost, 0);

    internal void Offer(byte[] record)
    {
        if (Interlocked.Add(ref _bytes, record.Length) > MostBytes || !_records.Writer.TryWrite(record))
        {
            Interlocked.Add(ref _bytes, -record.Length);
            Interlocked.Increment(ref _lost);
        }
    }

    internal void Complete() => _records.Writer.TryComplete();
}
