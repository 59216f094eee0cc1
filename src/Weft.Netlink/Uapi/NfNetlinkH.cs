// include/uapi/linux/netfilter/nfnetlink.h; include/uapi/linux/netfilter.h
namespace Weft.Netlink.Uapi;

internal static class NfNetlinkH
{
    public const int NFNLGRP_NFTRACE = 9;

    public const byte NFNL_SUBSYS_NFTABLES = 10;

    public const ushort NFNL_MSG_BATCH_BEGIN = 16;
    public const ushort NFNL_MSG_BATCH_END = 17;

    public const byte NFPROTO_INET = 1;
    public const byte NFPROTO_IPV4 = 2;
    public const byte NFPROTO_ARP = 3;
    public const byte NFPROTO_NETDEV = 5;
    public const byte NFPROTO_BRIDGE = 7;
    public const byte NFPROTO_IPV6 = 10;

    public const uint NF_DROP = 0;
    public const uint NF_ACCEPT = 1;
    public const uint NF_STOLEN = 2;
    public const uint NF_QUEUE = 3;
    public const uint NF_VERDICT_MASK = 0xff;

    public const int NF_INET_PRE_ROUTING = 0;
    public const int NF_INET_LOCAL_IN = 1;
    public const int NF_INET_FORWARD = 2;
    public const int NF_INET_LOCAL_OUT = 3;
    public const int NF_INET_POST_ROUTING = 4;
    public const int NF_INET_INGRESS = 5;
}
