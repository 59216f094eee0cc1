using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Sockets;

namespace Weft.Control.Services;

/// <summary>
/// Ends the connections of this node and its pods to backends that are gone, so that clients call the service again at once instead
/// of waiting for answers.
/// </summary>
/// <remarks>
/// Only sockets that called a service and got the backend by it: one that a pod opened to the backend's address itself is its own
/// affair. Thread-safe; a call blocks for a few system calls a namespace.
/// </remarks>
public sealed partial class BackendSocketCloser
{
    private readonly BpfMap<SockNatKey, SockNatValue> _translated;
    private readonly Func<IEnumerable<string>> _podNamespaces;
    private readonly ILogger _log;
    private int _reportedLack;

    /// <param name="translated">Map weft_sock_nat.</param>
    /// <param name="podNamespaces">Paths of the network namespaces of this node's pods, at each call; those that are gone are passed over.</param>
    /// <param name="loggers">For what was ended and could not be.</param>
    public BackendSocketCloser(
        BpfMap<SockNatKey, SockNatValue> translated, Func<IEnumerable<string>> podNamespaces, ILoggerFactory loggers)
    {
        _translated = translated;
        _podNamespaces = podNamespaces;
        _log = loggers.CreateLogger<BackendSocketCloser>();
    }

    /// <summary>Call it when the backends are out of <c>weft_backends</c>, so that nobody gets one of them any more.</summary>
    /// <param name="gone">All that went together: one walk serves them all.</param>
    /// <returns>How many sockets were ended.</returns>
    public int Close(IReadOnlyCollection<BackendValue> gone)
    {
        ArgumentNullException.ThrowIfNull(gone);
        HashSet<ulong> cookies = FindTranslated(gone);
        if (cookies.Count == 0)
        {
            return 0;
        }

        int ended = CloseIn(null, gone, cookies);
        foreach (string path in _podNamespaces().Distinct())
        {
            ended += CloseIn(path, gone, cookies);
        }

        if (ended > 0)
        {
            LogEnded(gone.Count, ended);
        }

        return ended;
    }

    private HashSet<ulong> FindTranslated(IReadOnlyCollection<BackendValue> gone)
    {
        HashSet<(WeftAddress, ushort)> addresses = [.. gone.Select(backend => (backend.Addr, (ushort)backend.Port))];
        return addresses.Count == 0
            ? []
            : [.. _translated.Keys().Where(key => addresses.Contains((key.Addr, key.Port))).Select(key => key.Cookie)];
    }

    /// <param name="path">Null: this node's own namespace.</param>
    /// <param name="gone">Backends.</param>
    /// <param name="cookies">Of the sockets that may be ended.</param>
    private int CloseIn(string? path, IReadOnlyCollection<BackendValue> gone, HashSet<ulong> cookies)
    {
        try
        {
            using NetworkNamespace? network = path is null ? null : NetworkNamespace.Open(path);
            using SocketTable sockets = SocketTable.Open(network);
            return gone.Sum(backend => Close(sockets, backend, cookies));
        }
        catch (NetlinkException failure)
        {
            // The kernel's lack is the same in each namespace and each time.
            if (failure.Errno is not (Errno.EOPNOTSUPP or Errno.ENOENT) || Interlocked.Exchange(ref _reportedLack, 1) == 0)
            {
                LogFailed(path ?? "the node", failure.Message);
            }

            return 0;
        }
        catch (LinuxException failure)
        {
            // A pod that went took its sockets along.
            LogSkipped(path ?? "the node", failure.Message);
            return 0;
        }
    }

    private static int Close(SocketTable sockets, in BackendValue backend, HashSet<ulong> cookies)
    {
        WeftAddress address = backend.Addr;
        return sockets.ListByRemotePort((ProtocolType)backend.Proto, backend.Port)
            .Count(socket => cookies.Contains(socket.Cookie)
                && WeftAddress.From(socket.Remote.Address) == address
                && sockets.Destroy(socket));
    }

    [LoggerMessage(EventId = 150, Level = LogLevel.Information, Message = "connections to gone backends ended backends={Backends} sockets={Sockets}")]
    private partial void LogEnded(int backends, int sockets);

    [LoggerMessage(
        EventId = 151, Level = LogLevel.Warning, Message = "connections to gone backends stay until they time out in={Where} because='{Why}'")]
    private partial void LogFailed(string where, string why);

    [LoggerMessage(EventId = 152, Level = LogLevel.Debug, Message = "namespace passed over path={Where} because='{Why}'")]
    private partial void LogSkipped(string where, string why);
}
