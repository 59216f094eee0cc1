using System.Diagnostics;
using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf.RingBuffers;

/// <content>Waiting for records and being woken.</content>
public sealed unsafe partial class RingBufferReader
{
    /// <summary>Waits until there is a record, the time is over, or someone wants this thread's attention. Cancellation does not throw.</summary>
    public RingBufferWait Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_producerPages.IsClosed, this);
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static reader => ((RingBufferReader)reader!).Wake(), this);
        bool forever = timeout == Timeout.InfiniteTimeSpan;
        long start = Stopwatch.GetTimestamp();
        SpinWait spin = default;
        while (true)
        {
            if (Volatile.Read(ref _woken) != 0)
            {
                AcknowledgeWake();
                return RingBufferWait.Woken;
            }

            Release();
            if (IsReady())
            {
                return RingBufferWait.Data;
            }

            TimeSpan left = forever ? timeout : timeout - Stopwatch.GetElapsedTime(start);
            bool over = !forever && left <= TimeSpan.Zero;
            Poll(over ? TimeSpan.Zero : left);
            if (over && Volatile.Read(ref _woken) == 0 && !IsReady())
            {
                return RingBufferWait.TimedOut;
            }

            if (AvailableBytes > 0 && !IsReady())
            {
                spin.SpinOnce(); // a record is reserved but not committed yet, which the kernel calls readable
            }
        }
    }

    /// <summary>Ends the wait that is going on, or else the next one. From any thread.</summary>
    public void Wake()
    {
        Volatile.Write(ref _woken, 1);
        ulong one = 1;
        _ = LibC.Write(_wakeUp, &one, sizeof(ulong));
    }

    private bool IsReady() =>
        _position < Volatile.Read(ref *_producer)
        && (Volatile.Read(ref *(uint*)(_data + (_position & _mask))) & BPF_RINGBUF_BUSY_BIT) == 0;

    private void Poll(TimeSpan timeout)
    {
        LibC.PollFd* fds = stackalloc LibC.PollFd[2];
        fds[0] = new() { Fd = _ring.Number, Events = LibC.POLLIN };
        fds[1] = new() { Fd = _wakeUp.Number, Events = LibC.POLLIN };
        int milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), 0, int.MaxValue);
        int result = LibC.Poll(fds, 2, milliseconds);
        if (result < 0)
        {
            LinuxException failure = LinuxException.FromLastError("wait for a ring buffer");
            if (failure.Errno != Errno.EINTR)
            {
                throw failure;
            }
        }
        else if (fds[1].Returned != 0)
        {
            Volatile.Write(ref _woken, 1);
        }
    }

    /// <summary>The flag first: a wake-up that comes in between then leaves the flag set, and none is lost.</summary>
    private void AcknowledgeWake()
    {
        Volatile.Write(ref _woken, 0);
        ulong count;
        _ = LibC.Read(_wakeUp, &count, sizeof(ulong));
    }
}
