using System.Runtime.InteropServices;
using Weft.Linux.Interop;

namespace Weft.Linux.Packets;

/// <summary>Reception, with what the kernel tells beside the bytes.</summary>
public sealed partial class PacketSocket
{
    private const int ControlSize = 256;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Waits for a frame and copies it.</summary>
    /// <param name="buffer">Filled from its start with as much of the frame as fits.</param>
    /// <param name="timeout">How long to wait if there is none.</param>
    /// <param name="info">Lengths, time and direction.</param>
    /// <returns>False if none came in time.</returns>
    public bool TryReceive(Span<byte> buffer, TimeSpan timeout, out PacketInfo info)
    {
        if (TryReceiveNow(buffer, out info))
        {
            return true;
        }

        return _socket.WaitReadable(timeout) && TryReceiveNow(buffer, out info);
    }

    /// <summary>Waits until one of several has a frame, or a fault to tell; without any, for the whole time.</summary>
    public static void WaitAny(IReadOnlyList<PacketSocket> sockets, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(sockets);
        LibC.PollEntry[] entries = [.. sockets.Select(socket => new LibC.PollEntry { Fd = socket._socket.Handle.Number, Events = LibC.POLLIN })];
        LibC.PollEntry none = default;
        ref LibC.PollEntry first = ref entries.Length == 0 ? ref none : ref entries[0];
        if (LibC.Poll(ref first, (nuint)entries.Length, (int)timeout.TotalMilliseconds) < 0 && LinuxException.LastError != Errno.EINTR)
        {
            throw LinuxException.FromLastError("wait for packets on several devices");
        }
    }

    private unsafe bool TryReceiveNow(Span<byte> buffer, out PacketInfo info)
    {
        LibC.LinkLayerAddress from = default;
        byte* control = stackalloc byte[ControlSize];
        fixed (byte* start = buffer)
        {
            LibC.IoVector vector = new() { Start = start, Length = (nuint)buffer.Length };
            LibC.MessageHeader message = new()
            {
                Name = &from,
                NameLength = (uint)sizeof(LibC.LinkLayerAddress),
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlSize,
            };
            nint received = LibC.ReceiveMessage(_socket.Handle, ref message, LibC.MSG_TRUNC | LibC.MSG_DONTWAIT);
            if (received < 0)
            {
                info = default;
                return LinuxException.LastError is Errno.EAGAIN or Errno.EINTR
                    ? false
                    : throw LinuxException.FromLastError(
                        $"receive on device with index {_device}",
                        LinuxException.LastError == Errno.ENETDOWN ? "the device went down or away" : null);
            }

            int length = (int)received;
            (ulong time, bool pending) = ReadControl(new ReadOnlySpan<byte>(control, (int)message.ControlLength));
            info = new PacketInfo(
                length, Math.Min(length, buffer.Length), time, (PacketDirection)from.PacketType, new IfIndex(from.Device), pending);
            return true;
        }
    }

    private static (ulong Time, bool IsChecksumPending) ReadControl(ReadOnlySpan<byte> control)
    {
        ulong time = 0;
        bool pending = false;
        ControlReader reader = new(control);
        while (reader.TryRead(out LibC.ControlHeader header, out ReadOnlySpan<byte> data))
        {
            if (header is { Level: LibC.SOL_SOCKET, Type: LibC.SO_TIMESTAMPNS_NEW } && data.Length >= 2 * sizeof(ulong))
            {
                time = (MemoryMarshal.Read<ulong>(data) * NanosecondsPerSecond) + MemoryMarshal.Read<ulong>(data[sizeof(ulong)..]);
            }
            else if (header is { Level: LibC.SOL_PACKET, Type: LibC.PACKET_AUXDATA }
                && MemoryMarshal.TryRead(data, out LibC.PacketAuxData aux))
            {
                pending = (aux.Status & LibC.TP_STATUS_CSUMNOTREADY) != 0;
            }
        }

        return (time, pending);
    }
}
