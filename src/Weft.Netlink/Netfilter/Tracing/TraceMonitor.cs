using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Weft.Linux;
using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>Hears of the steps of traced packets in a network namespace, in the kernel's order.</summary>
/// <remarks>
/// All that listen hear of all packets that any rule has traced. Nothing is missed from <see cref="Open"/> on, except as
/// <see cref="ReadAsync"/> says. One reader at a time.
/// </remarks>
public sealed class TraceMonitor : IDisposable
{
    private const int BufferSize = 8 * 1024 * 1024;
    private readonly Socket _socket;

    private TraceMonitor(Socket socket) => _socket = socket;

    /// <param name="networkNamespace">Null is the namespace of the calling thread.</param>
    public static TraceMonitor Open(NetworkNamespace? networkNamespace = null)
    {
        using RawSocket socket = NetlinkSockets.Open(NetlinkH.NETLINK_NETFILTER, networkNamespace);
        if (socket.SetOption(SocketH.SOL_SOCKET, SocketH.SO_RCVBUFFORCE, BufferSize) != Errno.None)
        {
            _ = socket.SetOption(SocketH.SOL_SOCKET, SocketH.SO_RCVBUF, BufferSize);
        }

        Errno errno = socket.SetOption(NetlinkH.SOL_NETLINK, NetlinkH.NETLINK_ADD_MEMBERSHIP, NfNetlinkH.NFNLGRP_NFTRACE);
        if (errno != Errno.None)
        {
            throw new LinuxException("join the trace group of nfnetlink", errno, NfTablesAdvice.Of(errno));
        }

        Socket reader = socket.ToAsyncSocket();
        reader.Blocking = false;
        return new TraceMonitor(reader);
    }

    /// <summary>Yields steps until cancelled; null where the kernel had more than the buffer holds, and left some out there.</summary>
    public async IAsyncEnumerable<TraceStep?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(NetlinkSocket.ReceiveSize);
        List<TraceStep> steps = [];
        while (true)
        {
            int length = await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (length == 0)
            {
                yield return null;
            }

            TraceStepParser.Parse(buffer.AsSpan(0, length), steps);
            foreach (TraceStep step in steps)
            {
                yield return step;
            }

            steps.Clear();
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
            return 0;
        }
    }
}
