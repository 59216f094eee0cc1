namespace Weft.Agent.Startup;

/// <summary>The right to be the one agent of a state directory, held as a lock that the kernel drops when the process ends.</summary>
/// <remarks>The file stays when the lock goes: removing it would let two processes lock two files of one name.</remarks>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <exception cref="AgentFailure">Another process holds the lock, or the directory cannot be written.</exception>
    public static InstanceLock Take(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
            FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            file.Flush();
            return new InstanceLock(file);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new AgentFailure(
                $"lock {path}: another weft-agent of this node runs (stop it first, or give this one its own --state-dir, --socket and --bpf-root)", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AgentFailure($"lock {path}: {error.Message} (choose a writable directory with --state-dir)", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
