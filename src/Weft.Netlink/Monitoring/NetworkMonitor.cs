using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Weft.Linux;
using Weft.Netlink.Uapi;

namespace Weft.Netlink.Monitoring;

/// <summary>Hears of changes of devices, addresses, routes and neighbours of a network namespace.</summary>
/// <remarks>
/// Nothing is missed from <see cref="Open"/> on: open, then list, then read. One reader at a time.
/// </remarks>
public sealed class NetworkMonitor : IDisposable
{
    private readonly Socket _socket;

    private NetworkMonitor(Socket socket) => _socket = socket;

    /// <param name="groups">What to hear of.</param>
    /// <param name="networkNamespace">Null is the namespace of the calling thread.</param>
    /// <param name="bufferSize">Bytes of kernel memory for changes that wait to be read; null is the system's default.</param>
    public static NetworkMonitor Open(MonitoredGroups groups, NetworkNamespace? networkNamespace = null, int? bufferSize = null)
    {
        using RawSocket socket = NetlinkSockets.Open(NetlinkH.NETLINK_ROUTE, networkNamespace);
        if (bufferSize is { } size && socket.SetOption(SocketH.SOL_SOCKET, SocketH.SO_RCVBUFFORCE, size) != Errno.None)
        {
            Require(socket.SetOption(SocketH.SOL_SOCKET, SocketH.SO_RCVBUF, size), "set the buffer size of an rtnetlink socket");
        }

        foreach (int group in GroupNumbers(groups))
        {
            Require(
                socket.SetOption(NetlinkH.SOL_NETLINK, NetlinkH.NETLINK_ADD_MEMBERSHIP, group), $"join rtnetlink group {group}");
        }

        Socket reader = socket.ToAsyncSocket();
        reader.Blocking = false;
        return new NetworkMonitor(reader);
    }

    /// <summary>Yields changes until cancelled.</summary>
    public async IAsyncEnumerable<NetworkChange> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(NetlinkSocket.ReceiveSize);
        List<NetworkChange> changes = [];
        while (true)
        {
            int length = await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            NetworkChangeParser.Parse(buffer.AsSpan(0, length), changes);
            foreach (NetworkChange change in changes)
            {
                yield return change;
            }

            changes.Clear();
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>0 for an overrun: the kernel sends no empty datagrams.</returns>
    private async ValueTask<int> ReceiveAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            Drain(buffer);
            return 0;
        }
    }

    /// <summary>Empties the socket after an overrun.</summary>
    /// <remarks>
    /// Until its queue is empty the kernel drops every further change without another error (NETLINK_S_CONGESTED in
    /// net/netlink/af_netlink.c): who listed again before that would miss changes made after the list.
    /// </remarks>
    private void Drain(byte[] buffer)
    {
        SocketError error;
        do
        {
            _socket.Receive(buffer, 0, buffer.Length, SocketFlags.None, out error);
        }
        while (error is SocketError.Success or SocketError.NoBufferSpaceAvailable);
    }

    private static IEnumerable<int> GroupNumbers(MonitoredGroups groups)
    {
        if (groups.HasFlag(MonitoredGroups.Links))
        {
            yield return RtNetlinkH.RTNLGRP_LINK;
        }

        if (groups.HasFlag(MonitoredGroups.Addresses))
        {
            yield return RtNetlinkH.RTNLGRP_IPV4_IFADDR;
            yield return RtNetlinkH.RTNLGRP_IPV6_IFADDR;
        }

        if (groups.HasFlag(MonitoredGroups.Routes))
        {
            yield return RtNetlinkH.RTNLGRP_IPV4_ROUTE;
            yield return RtNetlinkH.RTNLGRP_IPV6_ROUTE;
        }

        if (groups.HasFlag(MonitoredGroups.Neighbours))
        {
            yield return RtNetlinkH.RTNLGRP_NEIGH;
        }
    }

    private static void Require(Errno errno, string attempt)
    {
        if (errno != Errno.None)
        {
            throw new LinuxException(attempt, errno);
        }
    }
}
