using System.Diagnostics;
using Weft.Linux.Interop;

namespace Weft.Linux.Processes;

/// <summary>A process held by a pidfd: signals cannot reach another one that got its number, and its end is an event.</summary>
/// <remarks>Need not be a child. Not thread-safe against disposal.</remarks>
public sealed class ProcessHandle : IDisposable
{
    private readonly FileDescriptor _fd;

    private ProcessHandle(FileDescriptor fd, ProcessIdentity identity)
    {
        _fd = fd;
        Identity = identity;
    }

    public ProcessIdentity Identity { get; }

    /// <returns>Null if that process is gone, whoever may have its pid now.</returns>
    public static ProcessHandle? TryOpen(ProcessIdentity identity)
    {
        int opened = LibC.PidfdOpen(identity.Pid, 0);
        if (opened < 0 && LinuxException.LastError == Errno.ESRCH)
        {
            return null;
        }

        FileDescriptor fd = FileDescriptor.OwnResult(opened, $"open process {identity.Pid}");
        // Checked after opening: from here on the pid cannot be reused without the descriptor telling.
        if (identity.IsAlive)
        {
            return new ProcessHandle(fd, identity);
        }

        fd.Dispose();
        return null;
    }

    /// <summary>For a child of this process that nobody has waited for: its pid is its own until then, whatever it did.</summary>
    internal static ProcessHandle OpenChild(ProcessIdentity identity, string attempt) =>
        new(FileDescriptor.OwnResult(LibC.PidfdOpen(identity.Pid, 0), $"{attempt}: open process {identity.Pid}"), identity);

    /// <returns>False if the process has ended.</returns>
    public bool Signal(ProcessSignal signal)
    {
        if (LibC.PidfdSendSignal(_fd, (int)signal, 0, 0) == 0)
        {
            return true;
        }

        return LinuxException.LastError == Errno.ESRCH
            ? false
            : throw LinuxException.FromLastError($"send {signal} to process {Identity.Pid}");
    }

    /// <summary>Blocks until the process has ended.</summary>
    /// <returns>False if it still ran at the end of the time.</returns>
    public bool WaitForExit(TimeSpan timeout)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(began);
            LibC.PollEntry entry = new() { Fd = _fd.Number, Events = LibC.POLLIN };
            int ready = LibC.Poll(ref entry, 1, (int)Math.Clamp(left.TotalMilliseconds, 0, int.MaxValue));
            if (ready >= 0)
            {
                return ready > 0;
            }

            if (LinuxException.LastError != Errno.EINTR)
            {
                throw LinuxException.FromLastError($"wait for the end of process {Identity.Pid}");
            }
        }
    }

    /// <summary>For a child that has ended: takes its exit code away from the kernel, so that no zombie stays.</summary>
    /// <returns>The exit code, or 128 and the signal's number as shells have it; null for a child that runs or is none.</returns>
    public int? TakeExitCode()
    {
        const int exited = 1;
        LibC.SignalInfo info = default;
        if (LibC.WaitId(LibC.P_PIDFD, _fd.Number, ref info, LibC.WEXITED | LibC.WNOHANG) != 0 || info.Pid == 0)
        {
            return null;
        }

        return info.Code == exited ? info.Status : 128 + info.Status;
    }

    public void Dispose() => _fd.Dispose();
}
