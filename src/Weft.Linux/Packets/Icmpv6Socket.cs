using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Linux.Interop;

namespace Weft.Linux.Packets;

/// <summary>A raw socket for ICMPv6 that tells hop limits, which .NET's class does not; the kernel fills in checksums.</summary>
/// <remarks>It sees all ICMPv6 that its network namespace gets, and belongs to that of the thread that opened it. One receiver at a time.</remarks>
public sealed class Icmpv6Socket : IDisposable
{
    private const int ControlSize = 64;

    private readonly RawSocket _socket;
    private readonly Socket _async;
    private readonly byte[] _peeked = new byte[1];

    private Icmpv6Socket(RawSocket socket)
    {
        _socket = socket;
        _async = socket.ToAsyncSocket();
    }

    public static Icmpv6Socket Open()
    {
        RawSocket socket = RawSocket.Open(LibC.AF_INET6, LibC.SOCK_RAW, LibC.IPPROTO_ICMPV6, "raw socket for ICMPv6");
        Errno error = socket.SetOption(LibC.IPPROTO_IPV6, LibC.IPV6_RECVHOPLIMIT, 1);
        if (error == Errno.None)
        {
            return new Icmpv6Socket(socket);
        }

        socket.Dispose();
        throw new LinuxException("ask a raw socket for hop limits", error);
    }

    /// <param name="message">From the ICMPv6 header on, its checksum left out.</param>
    /// <exception cref="SocketException">The kernel says why not, such as that there is no route.</exception>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> message, IPAddress destination, CancellationToken cancellationToken) =>
        _async.SendToAsync(message, new IPEndPoint(destination, 0), cancellationToken);

    /// <param name="buffer">Filled from the ICMPv6 header on.</param>
    public async ValueTask<IPv6Datagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _async.ReceiveAsync(_peeked, SocketFlags.Peek, cancellationToken);
            if (TryReceiveNow(buffer.Span, out IPv6Datagram datagram))
            {
                return datagram;
            }
        }
    }

    public void Dispose()
    {
        _async.Dispose();
        _socket.Dispose();
    }

    private unsafe bool TryReceiveNow(Span<byte> buffer, out IPv6Datagram datagram)
    {
        const int addressAt = 8; // struct sockaddr_in6: family, port, flow information
        const int addressSize = 28;
        byte* from = stackalloc byte[addressSize];
        byte* control = stackalloc byte[ControlSize];
        fixed (byte* start = buffer)
        {
            LibC.IoVector vector = new() { Start = start, Length = (nuint)buffer.Length };
            LibC.MessageHeader message = new()
            {
                Name = from,
                NameLength = addressSize,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlSize,
            };
            nint received = LibC.ReceiveMessage(_socket.Handle, ref message, LibC.MSG_TRUNC | LibC.MSG_DONTWAIT);
            if (received < 0)
            {
                datagram = default;
                return LinuxException.LastError is Errno.EAGAIN or Errno.EINTR
                    ? false
                    : throw LinuxException.FromLastError("receive ICMPv6");
            }

            IPAddress source = new(new ReadOnlySpan<byte>(from + addressAt, 16));
            datagram = new IPv6Datagram((int)received, source, ReadHopLimit(new ReadOnlySpan<byte>(control, (int)message.ControlLength)));
            return true;
        }
    }

    private static int ReadHopLimit(ReadOnlySpan<byte> control)
    {
        ControlReader reader = new(control);
        while (reader.TryRead(out LibC.ControlHeader header, out ReadOnlySpan<byte> data))
        {
            if (header is { Level: LibC.IPPROTO_IPV6, Type: LibC.IPV6_HOPLIMIT } && MemoryMarshal.TryRead(data, out int limit))
            {
                return limit;
            }
        }

        return 0;
    }
}
