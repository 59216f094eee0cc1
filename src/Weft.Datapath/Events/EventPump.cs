using Weft.Bpf.Maps;
using Weft.Bpf.RingBuffers;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Events;

/// <summary>The thread that reads the datapath's ring buffer and hands each record to the hub.</summary>
/// <remarks>There is one ring and one reader a node. It sleeps in the kernel while there is nothing to read.</remarks>
public sealed class EventPump : IDisposable
{
    /// <summary>How often the kernel's count of lost events is looked at while events flow.</summary>
    private const int RecordsBetweenLossChecks = 1024;

    private readonly EventHub _hub;
    private readonly RingBufferReader _ring;
    private readonly PerCpuMap<uint, ulong> _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ulong _lostBefore;
    private long _undecodable;

    public EventPump(DatapathMaps maps, EventHub hub)
    {
        ArgumentNullException.ThrowIfNull(maps);
        _hub = hub;
        _ring = new RingBufferReader(maps.Events);
        _lost = maps.EventsLost;
        _lostBefore = LostInKernel;
        _thread = new Thread(Run) { IsBackground = true, Name = "events" };
    }

    /// <summary>Bytes of the ring.</summary>
    public int RingBytes => _ring.Size;

    /// <summary>Events that found the ring full since the maps were made.</summary>
    public ulong LostInKernel => _lost.Sum(0u);

    /// <summary>Records shorter than their header, since the agent started.</summary>
    public long Undecodable => Interlocked.Read(ref _undecodable);

    public void Start() => _thread.Start();

    public void Dispose()
    {
        if (_thread.IsAlive)
        {
            _stop.Cancel();
            _thread.Join();
        }

        _ring.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            Drain();
            ReportLoss();
            _ring.Wait(Timeout.InfiniteTimeSpan, _stop.Token);
        }
    }

    private void Drain()
    {
        int read = 0;
        while (!_stop.IsCancellationRequested && _ring.TryRead(out ReadOnlySpan<byte> record))
        {
            if (!EventPeek.TryRead(record, out _))
            {
                Interlocked.Increment(ref _undecodable);
                continue;
            }

            _hub.Publish(record);
            if (++read % RecordsBetweenLossChecks == 0)
            {
                ReportLoss();
            }
        }
    }

    private void ReportLoss()
    {
        ulong now = LostInKernel;
        if (now != _lostBefore)
        {
            _hub.PublishLostInKernel(now - _lostBefore);
            _lostBefore = now;
        }
    }
}
