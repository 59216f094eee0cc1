using System.Runtime.InteropServices;

namespace Weft.Netlink.Uapi;

/// <summary>struct ifinfomsg (rtnetlink.h): starts RTM_*LINK.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct IfInfoMsg
{
    public byte Family;
    public byte Pad;
    public ushort Type;
    public int Index;
    public uint Flags;

    /// <summary>Which bits of <see cref="Flags"/> are to change.</summary>
    public uint Change;
}
