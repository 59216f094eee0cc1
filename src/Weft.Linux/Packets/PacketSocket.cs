using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Weft.Linux.Interop;

namespace Weft.Linux.Packets;

/// <summary>Sends and receives whole Ethernet frames on one device (AF_PACKET).</summary>
/// <remarks>Belongs to the network namespace that it was opened in. One thread may receive while another sends.</remarks>
public sealed partial class PacketSocket : IDisposable
{
    /// <summary>Every protocol, sent frames included.</summary>
    public const ushort ETH_P_ALL = 3;

    private readonly RawSocket _socket;
    private readonly IfIndex _device;

    private PacketSocket(RawSocket socket, IfIndex device)
    {
        _socket = socket;
        _device = device;
    }

    /// <param name="device">Of the namespace; <see cref="IfIndex.None"/> receives from all and sends nowhere.</param>
    /// <param name="options">Null: all frames, the kernel's buffer size.</param>
    /// <param name="networkNamespace">Null is the namespace of the calling thread.</param>
    public static PacketSocket Open(IfIndex device, PacketSocketOptions? options = null, NetworkNamespace? networkNamespace = null)
    {
        options ??= new PacketSocketOptions();
        return networkNamespace is null ? OpenHere(device, options) : networkNamespace.Run(() => OpenHere(device, options));
    }

    /// <summary>Sends one frame, from its Ethernet header on, out of the device.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        Errno errno = _socket.Send(frame);
        if (errno != Errno.None)
        {
            string? advice = errno switch
            {
                Errno.ENETDOWN => "set the device up",
                Errno.EMSGSIZE => "the frame exceeds the device's MTU",
                _ => null,
            };
            throw new LinuxException($"send {frame.Length} bytes on device with index {_device}", errno, advice);
        }
    }

    /// <summary>Frames received and dropped since the last call.</summary>
    public PacketStatistics ReadStatistics()
    {
        Span<uint> counters = stackalloc uint[2];
        uint length = sizeof(uint) * 2;
        return LibC.GetSockOpt(_socket.Handle, LibC.SOL_PACKET, LibC.PACKET_STATISTICS, MemoryMarshal.AsBytes(counters), ref length) == 0
            ? new PacketStatistics(counters[0], counters[1])
            : throw LinuxException.FromLastError($"read packet statistics of device with index {_device}");
    }

    public void Dispose() => _socket.Dispose();

    private static PacketSocket OpenHere(IfIndex device, PacketSocketOptions options)
    {
        // Protocol 0 receives nothing until bound: no frame of another device, or past the filter, gets in before.
        RawSocket socket = RawSocket.Open(LibC.AF_PACKET, LibC.SOCK_RAW, 0, "packet socket");
        try
        {
            Require(socket.SetOption(LibC.SOL_SOCKET, LibC.SO_TIMESTAMPNS_NEW, 1), "ask for times of packets");
            Require(socket.SetOption(LibC.SOL_PACKET, LibC.PACKET_AUXDATA, 1), "ask for checksum states of packets");
            Apply(socket, device, options);
            LibC.LinkLayerAddress address = new()
            {
                Family = LibC.AF_PACKET,
                ProtocolBigEndian = BigEndian(options.EtherType),
                Device = device.Value,
            };
            Require(
                socket.Bind(MemoryMarshal.AsBytes(new ReadOnlySpan<LibC.LinkLayerAddress>(in address))),
                $"bind packet socket to device with index {device}");
            return new PacketSocket(socket, device);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Apply(RawSocket socket, IfIndex device, PacketSocketOptions options)
    {
        if (options.BufferSize is { } size
            && socket.SetOption(LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, size) != Errno.None)
        {
            Require(socket.SetOption(LibC.SOL_SOCKET, LibC.SO_RCVBUF, size), "set the buffer size of a packet socket");
        }

        if (options.Promiscuous)
        {
            LibC.PacketMembership membership = new() { Device = device.Value, Type = LibC.PACKET_MR_PROMISC };
            Require(
                socket.SetOption(
                    LibC.SOL_PACKET,
                    LibC.PACKET_ADD_MEMBERSHIP,
                    MemoryMarshal.AsBytes(new ReadOnlySpan<LibC.PacketMembership>(in membership))),
                $"make device with index {device} promiscuous");
        }

        if (!options.Filter.IsDefaultOrEmpty)
        {
            Attach(socket, options.Filter.AsSpan());
        }
    }

    private static unsafe void Attach(RawSocket socket, ReadOnlySpan<PacketFilterInstruction> filter)
    {
        fixed (PacketFilterInstruction* instructions = filter)
        {
            LibC.FilterProgram program = new() { Length = checked((ushort)filter.Length), Instructions = instructions };
            Require(
                socket.SetOption(LibC.SOL_SOCKET, LibC.SO_ATTACH_FILTER, new ReadOnlySpan<byte>(&program, sizeof(LibC.FilterProgram))),
                "attach a filter to a packet socket");
        }
    }

    private static ushort BigEndian(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static void Require(Errno errno, string attempt)
    {
        if (errno != Errno.None)
        {
            throw new LinuxException(attempt, errno, errno == Errno.EPERM ? "needs CAP_NET_RAW" : null);
        }
    }
}
