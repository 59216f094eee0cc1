using System.Runtime.InteropServices;

namespace Weft.Netlink.Uapi;

/// <summary>struct ifaddrmsg (if_addr.h): starts RTM_*ADDR.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct IfAddrMsg
{
    public byte Family;
    public byte PrefixLength;

    /// <summary>The low 8 bits only; IFA_FLAGS has all.</summary>
    public byte Flags;
    public byte Scope;
    public int Index;
}
