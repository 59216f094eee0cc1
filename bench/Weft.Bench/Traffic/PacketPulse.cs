using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Bench.Topologies;

namespace Weft.Bench.Traffic;

/// <summary>A datagram from pod to pod every 100 µs or so, of which it is known when each was sent and which arrived: it shows when a way closes or opens.</summary>
internal sealed partial class PacketPulse : IDisposable
{
    /// <summary>Microseconds that the sender sleeps; the kernel adds some 50.</summary>
    private const uint Pause = 20;

    /// <summary>More than five minutes of them.</summary>
    private const int Most = 1 << 22;

    /// <summary>The way is closed when so many in a row, and all of so long, did not arrive.</summary>
    private const int MostMissing = 500;

    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly long[] _sentAt = new long[Most];
    private readonly bool[] _arrived = new bool[Most];
    private readonly Socket _server;
    private readonly Task<bool> _sending;
    private readonly Task<bool> _receiving;
    private volatile int _sent;
    private volatile int _last = -1;
    private volatile bool _ends;

    public PacketPulse(PodPair pods)
    {
        _server = pods.Bind(SocketType.Dgram, ProtocolType.Udp);
        _server.ReceiveBufferSize = 1 << 20;
        _server.ReceiveTimeout = 100;
        IPEndPoint target = pods.TargetOf(_server);
        _receiving = TrafficThread.StartAsync(pods.Server, cpu: null, Receive);
        _sending = TrafficThread.StartAsync(pods.Client, cpu: null, () => Send(target));
    }

    /// <summary>Between the first and the last packet of those sent so far, in microseconds.</summary>
    public double MeanGap => Stopwatch.GetElapsedTime(_sentAt[0], _sentAt[_sent - 1]).TotalMicroseconds / (_sent - 1);

    /// <summary>Waits until packets arrive no more.</summary>
    /// <returns>When the first of those was sent that did not arrive.</returns>
    public long AwaitClosed()
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            // In this order: what arrives later makes the last one a later one, never an earlier.
            int sent = _sent;
            int missing = _last + 1;
            if (sent - missing > MostMissing && Stopwatch.GetElapsedTime(_sentAt[missing]) > s_silence)
            {
                return _sentAt[missing];
            }

            Pace("close", began);
        }
    }

    /// <summary>Waits until packets arrive again, after <see cref="AwaitClosed"/>.</summary>
    /// <param name="closed">What the last one of those before was, by <see cref="Last"/>.</param>
    /// <returns>When the first of those was sent that arrived.</returns>
    public long AwaitOpen(int closed)
    {
        long began = Stopwatch.GetTimestamp();
        while (_last == closed)
        {
            Pace("open", began);
        }

        int first = closed + 1;
        while (!Volatile.Read(ref _arrived[first]))
        {
            first++;
        }

        while (_last - first < MostMissing)
        {
            Pace("stay open", began);
        }

        return _sentAt[first];
    }

    /// <summary>Number of the last packet that arrived.</summary>
    public int Last => _last;

    public void Dispose()
    {
        _ends = true;
        Task.WaitAll(_sending, _receiving);
        _server.Dispose();
    }

    private static void Pace(string what, long began)
    {
        if (Stopwatch.GetElapsedTime(began) > s_limit)
        {
            throw new InvalidOperationException($"wait for the way to {what}: it did not within {s_limit.TotalSeconds} s");
        }

        Thread.Sleep(1); // agents need the CPU
    }

    private bool Send(IPEndPoint target)
    {
        using Socket socket = new(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(target);
        Span<byte> payload = stackalloc byte[64];
        for (int number = 0; !_ends && number < Most; number++)
        {
            MemoryMarshal.Write(payload, number);
            _sentAt[number] = Stopwatch.GetTimestamp();
            socket.Send(payload);
            _sent = number + 1;
            _ = Sleep(Pause);
        }

        return true;
    }

    private bool Receive()
    {
        Span<byte> payload = stackalloc byte[64];
        while (!_ends)
        {
            if (_server.Receive(payload, SocketFlags.None, out SocketError error) > 0 && error == SocketError.Success)
            {
                int number = MemoryMarshal.Read<int>(payload);
                Volatile.Write(ref _arrived[number], true);
                _last = number;
            }
        }

        return true;
    }

    /// <summary>The runtime's own sleeps know milliseconds only.</summary>
    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
