using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>A socket of a family that .NET's own class does not know, with its address as plain bytes.</summary>
/// <remarks>
/// It belongs to the network namespace of the thread that opened it, for good. Sending and receiving from several threads is safe.
/// </remarks>
public sealed class RawSocket : IDisposable
{
    private readonly FileDescriptor _fd;

    private RawSocket(FileDescriptor fd) => _fd = fd;

    public FileDescriptor Handle => _fd;

    /// <param name="family">AF_*.</param>
    /// <param name="type">SOCK_*; close-on-exec is added.</param>
    /// <param name="protocol">As the family defines it.</param>
    /// <param name="name">What it is, for messages: <c>rtnetlink socket</c>.</param>
    public static RawSocket Open(int family, int type, int protocol, string name) =>
        new(FileDescriptor.OwnResult(LibC.Socket(family, type | LibC.SOCK_CLOEXEC, protocol), $"open {name}"));

    /// <summary>Two local datagram sockets that are connected to each other.</summary>
    public static (RawSocket One, RawSocket Other) CreatePair()
    {
        Span<int> pair = stackalloc int[2];
        return LibC.SocketPair(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0, pair) == 0
            ? (new RawSocket(FileDescriptor.Own(pair[0])), new RawSocket(FileDescriptor.Own(pair[1])))
            : throw LinuxException.FromLastError("open a pair of sockets");
    }

    public Errno Bind(ReadOnlySpan<byte> address) => Result(LibC.Bind(_fd, address, (uint)address.Length));

    public Errno Connect(ReadOnlySpan<byte> address) => Result(LibC.Connect(_fd, address, (uint)address.Length));

    public Errno SetOption(int level, int name, int value) =>
        SetOption(level, name, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    public Errno SetOption(int level, int name, ReadOnlySpan<byte> value) =>
        Result(LibC.SetSockOpt(_fd, level, name, value, (uint)value.Length));

    /// <summary>Sends one message whole.</summary>
    public Errno Send(ReadOnlySpan<byte> message)
    {
        while (LibC.Send(_fd, message, (nuint)message.Length, 0) < 0)
        {
            if (LinuxException.LastError != Errno.EINTR)
            {
                return LinuxException.LastError;
            }
        }

        return Errno.None;
    }

    /// <summary>Receives one message, waiting for it as long as the socket's options say.</summary>
    /// <param name="buffer">Filled from its start.</param>
    /// <param name="length">Length of the message, more than the buffer's if it was cut.</param>
    public Errno Receive(Span<byte> buffer, out int length)
    {
        const int MSG_TRUNC = 0x20;
        while (true)
        {
            nint received = LibC.Receive(_fd, buffer, (nuint)buffer.Length, MSG_TRUNC);
            length = (int)Math.Max(received, 0);
            if (received >= 0)
            {
                return Errno.None;
            }

            if (LinuxException.LastError != Errno.EINTR)
            {
                return LinuxException.LastError;
            }
        }
    }

    /// <summary>Waits until a message or an error can be received.</summary>
    /// <returns>False if the time passed without.</returns>
    public bool WaitReadable(TimeSpan timeout)
    {
        long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            int left = (int)Math.Clamp(end - Environment.TickCount64, 0, int.MaxValue);
            LibC.PollEntry entry = new() { Fd = _fd.Number, Events = LibC.POLLIN };
            int ready = LibC.Poll(ref entry, 1, left);
            if (ready >= 0)
            {
                return ready > 0;
            }

            if (LinuxException.LastError != Errno.EINTR)
            {
                throw LinuxException.FromLastError("wait for a message on a socket");
            }
        }
    }

    /// <summary>The same socket as a .NET one, for reception without a blocked thread; to be disposed on its own.</summary>
    /// <remarks>.NET sets it non-blocking, for both: from here on only one of them is of use.</remarks>
    public Socket ToAsyncSocket()
    {
        FileDescriptor copy = _fd.Duplicate();
        SafeSocketHandle handle = new(copy.Number, ownsHandle: true);
        copy.SetHandleAsInvalid();
        return new Socket(handle);
    }

    public void Dispose() => _fd.Dispose();

    private static Errno Result(int returned) => returned == 0 ? Errno.None : LinuxException.LastError;
}
