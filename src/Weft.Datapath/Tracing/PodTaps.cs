using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Abi;
using Weft.Linux;
using Weft.Linux.Packets;
using Weft.Netlink;

namespace Weft.Datapath.Tracing;

/// <summary>
/// Taps on devices of pods, which tell what comes in there: <c>bpf_redirect_peer</c> passes every tracepoint by, and taps of the node too.
/// </summary>
/// <remarks>One thread reads all of them. A pod's taps end with the pod.</remarks>
internal sealed class PodTaps : IDisposable
{
    private const int Buffer = 8 << 20;

    /// <summary>A tap that comes meanwhile is looked at after this: in less time than those hold records back who put them in order.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(20);

    private readonly HopQueue _queue;
    private readonly ImmutableArray<PacketFilterInstruction> _filter;
    private readonly byte[] _packet;
    private readonly long _monotonicOffset = MonotonicClock.UnixOffset();
    private readonly List<Tap> _taps = [];
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private volatile bool _stopped;
    private ulong _lost;

    public PodTaps(HopQueue queue, HopTracerOptions options)
    {
        _queue = queue;
        _filter = [.. options.Code.Select(step => new PacketFilterInstruction(step.Code, step.Jt, step.Jf, step.K))];
        _packet = new byte[Math.Min(options.SnapLength, HopEvent.MaxSnapLength)];
        _thread = new Thread(Run) { IsBackground = true, Name = "taps" };
        _thread.Start();
    }

    private sealed record Tap(PacketSocket Socket, uint Netns, int Device, string Name);

    /// <summary>Begins to listen; a device that is not there is none to listen on.</summary>
    public void Add(NetworkNamespace netns, string device)
    {
        Tap? tap = netns.Run(() =>
        {
            using RtNetlink netlink = RtNetlink.Open();
            return netlink.Links.Find(device) is { } link
                ? new Tap(PacketSocket.Open(link.Index, new PacketSocketOptions { Filter = _filter, BufferSize = Buffer }), (uint)netns.Inode, link.Index.Value, device)
                : null;
        });
        if (tap is not null)
        {
            lock (_lock)
            {
                _taps.Add(tap);
            }
        }
    }

    /// <summary>Packets that found a tap's buffer full, since the last call.</summary>
    public ulong TakeLost()
    {
        lock (_lock)
        {
            foreach (Tap tap in _taps)
            {
                _lost += tap.Socket.ReadStatistics().Dropped;
            }

            ulong lost = _lost;
            _lost = 0;
            return lost;
        }
    }

    /// <summary>Takes what the taps still have, and ends.</summary>
    public void Stop()
    {
        _stopped = true;
        _thread.Join();
    }

    public void Dispose()
    {
        Stop();
        _taps.ForEach(tap => tap.Socket.Dispose());
    }

    private void Run()
    {
        while (!_stopped)
        {
            Tap[] taps = All();
            PacketSocket.WaitAny([.. taps.Select(tap => tap.Socket)], s_patience);
            Array.ForEach(taps, Drain);
        }

        Array.ForEach(All(), Drain);
    }

    private Tap[] All()
    {
        lock (_lock)
        {
            return [.. _taps];
        }
    }

    private void Drain(Tap tap)
    {
        try
        {
            while (tap.Socket.TryReceive(_packet, TimeSpan.Zero, out PacketInfo info))
            {
                if (info.Direction != PacketDirection.PACKET_OUTGOING)
                {
                    _queue.Offer(Record(tap, info));
                }
            }
        }
        catch (LinuxException)
        {
            // The device went away, and the pod with it.
            lock (_lock)
            {
                _lost += tap.Socket.ReadStatistics().Dropped;
                _taps.Remove(tap);
            }

            tap.Socket.Dispose();
        }
    }

    private byte[] Record(Tap tap, PacketInfo info)
    {
        byte[] record = new byte[HopEvent.BytesOffset + info.CapturedLength];
        HopHead head = new()
        {
            Time = (ulong)((long)info.Time - _monotonicOffset),
            Netns = tap.Netns,
            Ifindex = (uint)tap.Device,
            Len = (uint)info.Length,
            Point = HopPoint.Deliver,
            Captured = (ushort)info.CapturedLength,
            L3Offset = 14,
        };
        MemoryMarshal.Write(record, head);
        Encoding.UTF8.GetBytes(tap.Name, record.AsSpan(HopEvent.DeviceOffset, HopEvent.NameLength - 1));
        _packet.AsSpan(0, info.CapturedLength).CopyTo(record.AsSpan(HopEvent.BytesOffset));
        return record;
    }
}
