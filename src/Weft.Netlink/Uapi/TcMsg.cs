using System.Runtime.InteropServices;

namespace Weft.Netlink.Uapi;

/// <summary>struct tcmsg (rtnetlink.h): starts RTM_*QDISC and RTM_*TFILTER.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TcMsg
{
    public byte Family;
    private readonly byte _pad1;
    private readonly ushort _pad2;
    public int Index;
    public uint Handle;
    public uint Parent;
    public uint Info;
}
