using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>An open network namespace: the kernel keeps it alive at least as long as this object is not disposed.</summary>
/// <remarks>
/// Thread-safe. Disposing closes the descriptor and leaves the path that the namespace is bound at; <see cref="Delete"/> removes
/// that.
/// </remarks>
public sealed partial class NetworkNamespace : IDisposable
{
    private readonly FileDescriptor _fd;

    private NetworkNamespace(FileDescriptor fd, string? path)
    {
        _fd = fd;
        Path = path;
        Inode = ReadInode(fd, path);
    }

    /// <summary>Where it is bound or was opened; null for one that only the descriptor holds.</summary>
    public string? Path { get; }

    /// <summary>Inode on nsfs: equal for two objects exactly if they are the same namespace; <c>ip netns</c> and events print it.</summary>
    public ulong Inode { get; }

    /// <summary>For messages that carry the descriptor (<c>IFLA_NET_NS_FD</c>); stays owned by this object.</summary>
    public FileDescriptor Handle => _fd;

    /// <summary>Opens by path, or by name below <c>/run/netns</c>.</summary>
    public static NetworkNamespace Open(string nameOrPath)
    {
        string path = PathOf(nameOrPath);
        string attempt = $"open network namespace {path}";
        FileDescriptor fd = FileDescriptor.OwnResult(LibC.Open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0), attempt);
        return Adopt(fd, path, attempt);
    }

    /// <summary>The namespace that a process is in.</summary>
    public static NetworkNamespace OpenProcess(int pid)
    {
        string attempt = $"open network namespace of process {pid}";
        FileDescriptor fd = FileDescriptor.OwnResult(
            LibC.Open($"/proc/{pid}/ns/net", LibC.O_RDONLY | LibC.O_CLOEXEC, 0), attempt);
        return Adopt(fd, path: null, attempt);
    }

    /// <summary>The namespace that the calling thread is in.</summary>
    public static NetworkNamespace OpenCurrent()
    {
        const string attempt = "open network namespace of the current thread";
        FileDescriptor fd = FileDescriptor.OwnResult(
            LibC.Open("/proc/thread-self/ns/net", LibC.O_RDONLY | LibC.O_CLOEXEC, 0), attempt);
        return Adopt(fd, path: null, attempt);
    }

    /// <summary>The number by which BPF programs know the namespace of the calling thread; null before kernel 5.14, which does not tell.</summary>
    public static ulong? ReadCurrentCookie()
    {
        const int SO_NETNS_COOKIE = 71;
        const string attempt = "read the cookie of the current network namespace";
        using FileDescriptor socket = FileDescriptor.OwnResult(
            LibC.Socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0), attempt);
        uint size = sizeof(ulong);
        return LibC.GetSockOpt(socket, LibC.SOL_SOCKET, SO_NETNS_COOKIE, out ulong cookie, ref size) == 0 ? cookie
            : LinuxException.LastError == Errno.ENOPROTOOPT ? null
            : throw LinuxException.FromLastError(attempt);
    }

    /// <summary>Runs a function on a thread of its own inside the namespace and waits for it.</summary>
    /// <remarks>
    /// Sockets, netlink and <c>/proc/sys/net</c> opened there belong to the namespace for good, wherever they are used later.
    /// </remarks>
    public T Run<T>(Func<T> body)
    {
        RefuseAsyncBody<T>();
        return DedicatedThread.Run("netns", () => RunEntered(body));
    }

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public void Run(Action body) => Run(() =>
    {
        body();
        return true;
    });

    /// <summary>As <see cref="Run{T}(Func{T})"/>, without blocking the caller. The function itself is synchronous.</summary>
    public Task<T> RunAsync<T>(Func<T> body)
    {
        RefuseAsyncBody<T>();
        return DedicatedThread.RunAsync("netns", () => RunEntered(body));
    }

    /// <inheritdoc cref="RunAsync{T}(Func{T})"/>
    public Task RunAsync(Action body) => RunAsync(() =>
    {
        body();
        return true;
    });

    public void Dispose() => _fd.Dispose();

    public override string ToString() => Path ?? $"net:[{Inode}]";

    /// <summary>Moves the calling thread for good: only for threads that end soon after.</summary>
    internal void EnterOnThisThread()
    {
        if (LibC.SetNs(_fd, LibC.CLONE_NEWNET) != 0)
        {
            throw LinuxException.FromLastError($"enter network namespace {this}");
        }
    }

    private T RunEntered<T>(Func<T> body)
    {
        EnterOnThisThread();
        return body();
    }

    private static NetworkNamespace Adopt(FileDescriptor fd, string? path, string attempt)
    {
        try
        {
            // ENOTTY: a file that is no namespace at all, e.g. one whose bind mount is gone.
            int type = LibC.IoctlGet(fd, LibC.NS_GET_NSTYPE);
            if (type != LibC.CLONE_NEWNET)
            {
                throw new LinuxException(attempt, Errno.EINVAL, "the file is not a network namespace");
            }

            return new NetworkNamespace(fd, path);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    private static ulong ReadInode(FileDescriptor fd, string? path) =>
        LibC.StatX(fd, "", LibC.AT_EMPTY_PATH, LibC.STATX_INO, out LibC.StatXBuffer status) == 0
            ? status.Inode
            : throw LinuxException.FromLastError($"read inode of network namespace {path}");

    // After the first await the rest of such a body would run on a pool thread, in another namespace.
    private static void RefuseAsyncBody<T>()
    {
        if (typeof(Task).IsAssignableFrom(typeof(T)) || typeof(T) == typeof(ValueTask))
        {
            throw new ArgumentException("run in a network namespace: the function is async (pass a synchronous one)");
        }
    }
}
