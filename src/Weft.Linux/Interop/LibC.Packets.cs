using System.Runtime.InteropServices;

namespace Weft.Linux.Interop;

internal static unsafe partial class LibC
{
    // include/linux/socket.h
    public const int AF_PACKET = 17;
    public const int SOCK_RAW = 3;
    public const int SOL_PACKET = 263;

    // include/uapi/asm-generic/socket.h
    public const int SO_RCVBUF = 8;
    public const int SO_ATTACH_FILTER = 26;
    public const int SO_RCVBUFFORCE = 33;

    /// <summary>SO_TIMESTAMPNS_NEW: 64-bit seconds and nanoseconds on every architecture (5.1).</summary>
    public const int SO_TIMESTAMPNS_NEW = 64;

    // include/uapi/linux/if_packet.h
    public const int PACKET_ADD_MEMBERSHIP = 1;
    public const int PACKET_STATISTICS = 6;
    public const int PACKET_AUXDATA = 8;
    public const ushort PACKET_MR_PROMISC = 1;
    public const uint TP_STATUS_CSUMNOTREADY = 8;

    public const int MSG_TRUNC = 0x20;
    public const int MSG_DONTWAIT = 0x40;

    [LibraryImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(FileDescriptor fd, ref MessageHeader message, int flags);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSockOpt(FileDescriptor fd, int level, int name, Span<byte> value, ref uint length);

    /// <summary>struct sockaddr_ll. Protocol in network order.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct LinkLayerAddress
    {
        public ushort Family;
        public ushort ProtocolBigEndian;
        public int Device;
        public ushort HardwareType;
        public byte PacketType;
        public byte AddressLength;
        public ulong Address;
    }

    /// <summary>struct packet_mreq.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PacketMembership
    {
        public int Device;
        public ushort Type;
        public ushort AddressLength;
        public ulong Address;
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FilterProgram
    {
        public ushort Length;
        public void* Instructions;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public void* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct cmsghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    /// <summary>struct tpacket_auxdata.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PacketAuxData
    {
        public uint Status;
        public uint Length;
        public uint Captured;
        public ushort MacOffset;
        public ushort NetOffset;
        public ushort VlanTci;
        public ushort VlanProtocol;
    }
}
