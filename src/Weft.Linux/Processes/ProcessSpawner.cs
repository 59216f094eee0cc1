using Weft.Linux.Interop;

namespace Weft.Linux.Processes;

/// <summary>Starts programs by <c>posix_spawn(3)</c> and <c>execve(2)</c>, in the namespaces of the calling thread.</summary>
/// <remarks>
/// System.Diagnostics.Process cannot send a child's output to a file, nor let it outlive its parent's session, nor put
/// a program in the place of this one.
/// </remarks>
public static class ProcessSpawner
{
    /// <summary>Starts a daemon: a session of its own, nothing to read, output appended to a file, no other descriptor of ours.</summary>
    /// <remarks>The child is this process's until this process ends, then init's.</remarks>
    public static unsafe ProcessHandle SpawnDaemon(ProgramStart start, string logPath)
    {
        byte* attributes = stackalloc byte[LibC.SpawnBufferSize];
        byte* actions = stackalloc byte[LibC.SpawnBufferSize];
        byte* allSignals = stackalloc byte[LibC.SpawnBufferSize];
        byte* noSignals = stackalloc byte[LibC.SpawnBufferSize];
        string attempt = $"start {start.Path}";
        Check(LibC.SignalSetFill(allSignals), attempt);
        Check(LibC.SignalSetEmpty(noSignals), attempt);
        Check(LibC.SpawnAttributesInit(attributes), attempt);
        Check(LibC.SpawnActionsInit(actions), attempt);
        try
        {
            // The .NET runtime ignores SIGPIPE, which a program inherits unless it is told otherwise.
            const short flags = LibC.POSIX_SPAWN_SETSIGDEF | LibC.POSIX_SPAWN_SETSIGMASK | LibC.POSIX_SPAWN_SETSID;
            Check(LibC.SpawnAttributesSetFlags(attributes, flags), attempt);
            Check(LibC.SpawnAttributesSetSignalDefaults(attributes, allSignals), attempt);
            Check(LibC.SpawnAttributesSetSignalMask(attributes, noSignals), attempt);
            Check(LibC.SpawnActionsAddOpen(actions, 0, "/dev/null", LibC.O_RDONLY, 0), attempt);
            Check(LibC.SpawnActionsAddOpen(actions, 1, logPath, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_APPEND, Convert.ToUInt32("600", 8)), attempt);
            Check(LibC.SpawnActionsAddDup2(actions, 1, 2), attempt);
            Check(LibC.SpawnActionsAddCloseFrom(actions, 3), attempt);
            Check(LibC.PosixSpawn(out int pid, start.Path, actions, attributes, start.Argv(), start.Envp()), attempt);
            return Adopt(pid, attempt);
        }
        finally
        {
            _ = LibC.SpawnActionsDestroy(actions);
            _ = LibC.SpawnAttributesDestroy(attributes);
        }
    }

    /// <summary>Puts a program in the place of this process, with its descriptors 0 to 2 and its terminal.</summary>
    /// <remarks>All other threads end without notice; the program gets the namespaces of the calling thread.</remarks>
    /// <exception cref="LinuxException">The only way in which this returns.</exception>
    public static unsafe void ReplaceThisProcess(ProgramStart start)
    {
        const int setMask = 2;
        byte* noSignals = stackalloc byte[LibC.SpawnBufferSize];
        string attempt = $"run {start.Path}";
        Check(LibC.SignalSetEmpty(noSignals), attempt);
        _ = LibC.SetSignalDisposition(LibC.SIGPIPE, 0);
        Check(LibC.SetThreadSignalMask(setMask, noSignals, null), attempt);
        _ = LibC.Execve(start.Path, start.Argv(), start.Envp());
        throw LinuxException.FromLastError(attempt);
    }

    private static ProcessHandle Adopt(int pid, string attempt)
    {
        // A child that ended at once is a zombie, so its pid is still its own: the identity is read from what is left of it.
        ProcessIdentity identity = ProcessIdentity.Of(pid) ?? new ProcessIdentity(pid, 0);
        return ProcessHandle.OpenChild(identity, attempt);
    }

    private static void Check(int error, string attempt)
    {
        if (error != 0)
        {
            throw new LinuxException(attempt, (Errno)error);
        }
    }
}
