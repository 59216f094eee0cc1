using System.Runtime.InteropServices;

namespace Weft.Netlink.Uapi;

/// <summary>struct sockaddr_nl. Port 0 is the kernel; bound to 0, the kernel picks a free one.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct SockAddrNl
{
    public ushort Family;
    public ushort Pad;
    public uint PortId;
    public uint Groups;
}
