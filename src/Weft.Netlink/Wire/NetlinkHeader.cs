using System.Runtime.InteropServices;

namespace Weft.Netlink.Wire;

/// <summary>struct nlmsghdr: starts every message; host byte order, as everything in netlink that does not say otherwise.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct NetlinkHeader
{
    public const int Size = 16;

    /// <summary>Of the message, in bytes, this header included and the padding to 4 left out.</summary>
    public uint Length;
    public ushort Type;
    public ushort Flags;
    public uint Sequence;
    public uint PortId;
}
