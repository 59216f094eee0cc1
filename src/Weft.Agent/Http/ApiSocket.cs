using System.Net.Sockets;
using Weft.Agent.Startup;

namespace Weft.Agent.Http;

/// <summary>The unix socket of the API: for root only, and never half there.</summary>
internal sealed class ApiSocket(string path) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private bool _bound;

    /// <summary>Refuses a path where another process listens or where something lies that is no socket.</summary>
    /// <remarks>A socket that nobody listens on was left by an agent that was killed; it is replaced.</remarks>
    public void RequireFree()
    {
        FileInfo file = new(path);
        if (!file.Exists)
        {
            return;
        }

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused && IsSocket())
        {
            return;
        }
        catch (SocketException error)
        {
            throw new AgentFailure(
                $"listen on {path}: there is something else at that path: {error.Message} (remove it, or give another --socket)", error);
        }

        throw new AgentFailure($"listen on {path}: another process answers there (stop it, or give this agent another --socket)");
    }

    /// <summary>A socket bound at the path, not listening yet.</summary>
    /// <remarks>
    /// Bound under another name, restricted and then renamed, so that the path never names a socket that others may connect to, and
    /// a stale socket is replaced in one step.
    /// </remarks>
    public Socket Bind()
    {
        string temporary = path + ".new";
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(temporary);
            socket.Bind(new UnixDomainSocketEndPoint(temporary));
            File.SetUnixFileMode(temporary, OwnerOnly);
            File.Move(temporary, path, overwrite: true);
            _bound = true;
            return socket;
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            socket.Dispose();
            throw new AgentFailure($"listen on {path}: {error.Message} (give a writable path of at most 104 bytes with --socket)", error);
        }
    }

    /// <summary>Removes the path, if it was bound here.</summary>
    public void Dispose()
    {
        if (_bound)
        {
            File.Delete(path);
        }
    }

    // connect() answers ECONNREFUSED for a regular file too; open() fails with ENXIO for a socket only.
    private bool IsSocket()
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
