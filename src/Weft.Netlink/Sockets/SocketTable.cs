using System.Net.Sockets;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Sockets;

/// <summary>The TCP and UDP sockets of one network namespace that are connected; each can be ended from outside.</summary>
/// <remarks>Thread-safe. Calls are synchronous. Dispose closes the netlink socket and changes nothing.</remarks>
public sealed class SocketTable : IDisposable
{
    // net/tcp_states.h: all states in which a TCP socket has another end that still counts. UDP uses TCP_ESTABLISHED for connected.
    private const uint ConnectedStates = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 11;

    private readonly NetlinkSocket _socket;

    private SocketTable(NetlinkSocket socket) => _socket = socket;

    /// <param name="networkNamespace">Null is the namespace of the calling thread. It may be disposed after the call.</param>
    public static SocketTable Open(NetworkNamespace? networkNamespace = null) =>
        new(NetlinkSocket.Open(NetlinkH.NETLINK_SOCK_DIAG, networkNamespace));

    /// <summary>Sockets of both families whose other end has this port.</summary>
    /// <exception cref="NetlinkException">ENOENT: the kernel lists no such sockets (<c>CONFIG_INET_DIAG</c>, <c>CONFIG_INET_UDP_DIAG</c>).</exception>
    public IReadOnlyList<ConnectedSocket> ListByRemotePort(ProtocolType protocol, ushort port) =>
        [.. List(SocketH.AF_INET, protocol, port), .. List(SocketH.AF_INET6, protocol, port)];

    /// <summary>Ends a socket: its owner finds ECONNABORTED on it, and of TCP the other end gets a reset.</summary>
    /// <returns>False if it has ended already.</returns>
    /// <exception cref="NetlinkException">EOPNOTSUPP: the kernel has no <c>CONFIG_INET_DIAG_DESTROY</c>.</exception>
    public bool Destroy(ConnectedSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Span<byte> buffer = stackalloc byte[128];
        NetlinkWriter writer = new(buffer, SockDiagH.SOCK_DESTROY, 0);
        writer.PutFixed(new InetDiagRequest { Family = socket.Family, Protocol = (byte)socket.Protocol, Id = socket.Id });
        try
        {
            _socket.Execute(writer.Finish(), new NetlinkRequest($"end socket {socket}", Advise));
            return true;
        }
        catch (NetlinkException failure) when (failure.Errno is Errno.ENOENT or Errno.ESTALE)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();

    private List<ConnectedSocket> List(byte family, ProtocolType protocol, ushort port)
    {
        Span<byte> buffer = stackalloc byte[128];
        NetlinkWriter writer = new(buffer, SockDiagH.SOCK_DIAG_BY_FAMILY, 0);
        writer.PutFixed(new InetDiagRequest
        {
            Family = family,
            Protocol = (byte)protocol,
            States = ConnectedStates,
            Id = new InetDiagSockId { DestinationPort = ConnectedSocketParser.ToNetworkOrder(port) },
        });
        try
        {
            return _socket.Dump(
                writer.Finish(),
                new NetlinkRequest($"list {protocol} sockets to port {port}", Advise),
                (NetlinkMessage message, out ConnectedSocket socket) => ConnectedSocketParser.TryParse(message, protocol, out socket));
        }
        catch (NetlinkException failure) when (family == SocketH.AF_INET6 && failure.Errno == Errno.ENOENT)
        {
            // A kernel without IPv6 has no such sockets.
            return [];
        }
    }

    private static string? Advise(Errno errno) => errno switch
    {
        Errno.ENOENT => "the kernel needs CONFIG_INET_DIAG and CONFIG_INET_UDP_DIAG",
        Errno.EOPNOTSUPP => "the kernel needs CONFIG_INET_DIAG_DESTROY",
        _ => null,
    };
}
