using System.Net.Sockets;
using Weft.Agent.Options;
using Weft.Linux;

namespace Weft.Agent.Startup;

/// <summary>The right to be the agent of this node, which the kernel takes back when the process ends.</summary>
/// <remarks>
/// A node is a state directory, a BPF root and a network namespace, and each may have one agent: two on one of them would undo each
/// other's work. The lock file stays when the lock goes: removing it would let two processes lock two files of one name.
/// </remarks>
internal sealed class InstanceLock : IDisposable
{
    /// <summary>Abstract, so it belongs to the network namespace and leaves no file.</summary>
    private const string NamespaceSocket = "\0weft-agent";

    private readonly Stack<IDisposable> _held = new();

    private InstanceLock()
    {
    }

    /// <exception cref="AgentFailure">Another process holds a part, or a directory cannot be made.</exception>
    public static InstanceLock Take(PathOptions paths)
    {
        InstanceLock taken = new();
        try
        {
            MakeDirectory(paths.StateDirectory, "--state-dir");
            taken.Lock(paths.LockFile, $"state directory {paths.StateDirectory}", "--state-dir");
            taken.ClaimNamespace();
            MakeDirectory(paths.BpfRoot, "--bpf-root");
            taken.Lock(paths.BpfRoot, $"BPF root {paths.BpfRoot}", "--bpf-root");
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (_held.TryPop(out IDisposable? part))
        {
            part.Dispose();
        }
    }

    private void Lock(string path, string what, string option)
    {
        try
        {
            _held.Push(FileLock.TryAcquire(path) ?? throw new AgentFailure(
                $"lock {what}: another weft-agent uses it (stop that one first, or give this one another {option})"));
        }
        catch (LinuxException error)
        {
            throw new AgentFailure($"lock {what}: {error.Message}", error);
        }
    }

    private void ClaimNamespace()
    {
        Socket claim = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _held.Push(claim);
        try
        {
            claim.Bind(new UnixDomainSocketEndPoint(NamespaceSocket));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AgentFailure(
                "claim this network namespace: another weft-agent runs in it (stop that one first; a machine has one agent)", error);
        }
    }

    private static void MakeDirectory(string path, string option)
    {
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AgentFailure($"make directory {path}: {error.Message} (give a writable place with {option})", error);
        }
    }
}
