using System.Runtime.InteropServices;

namespace Weft.Netlink.Uapi;

/// <summary>struct ndmsg (neighbour.h): starts RTM_*NEIGH, of neighbours and, with family AF_BRIDGE, of forwarding entries.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct NdMsg
{
    public byte Family;
    public byte Pad1;
    public ushort Pad2;
    public int Index;
    public ushort State;
    public byte Flags;
    public byte Type;
}
