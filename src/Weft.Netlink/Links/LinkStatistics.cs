using System.Runtime.InteropServices;

namespace Weft.Netlink.Links;

/// <summary>Counters of a device since it exists: the start of struct rtnl_link_stats64 (if_link.h).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct LinkStatistics(
    ulong ReceivedPackets,
    ulong SentPackets,
    ulong ReceivedBytes,
    ulong SentBytes,
    ulong ReceiveErrors,
    ulong SendErrors,
    ulong ReceiveDropped,
    ulong SendDropped);
