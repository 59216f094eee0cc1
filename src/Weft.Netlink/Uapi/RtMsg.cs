using System.Runtime.InteropServices;

namespace Weft.Netlink.Uapi;

/// <summary>struct rtmsg (rtnetlink.h): starts RTM_*ROUTE; struct fib_rule_hdr of RTM_*RULE has the same layout.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct RtMsg
{
    public byte Family;
    public byte DestinationLength;
    public byte SourceLength;
    public byte TypeOfService;

    /// <summary>Tables above 255 are 0 (RT_TABLE_UNSPEC) here and stand in RTA_TABLE or FRA_TABLE.</summary>
    public byte Table;
    public byte Protocol;
    public byte Scope;

    /// <summary>RTN_*; the action FR_ACT_* in a rule.</summary>
    public byte Type;
    public uint Flags;
}
