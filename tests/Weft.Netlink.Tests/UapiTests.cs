using System.Runtime.CompilerServices;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Neighbours;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class UapiTests
{
    private static readonly string[] s_headers =
    [
        "sys/socket.h", "net/if.h", "linux/netlink.h", "linux/rtnetlink.h", "linux/if_link.h", "linux/if_addr.h", "linux/neighbour.h",
        "linux/lwtunnel.h", "linux/fib_rules.h", "linux/veth.h", "linux/sock_diag.h", "linux/inet_diag.h", "linux/netfilter.h",
        "linux/netfilter/nfnetlink.h", "linux/netfilter/nf_tables.h", "linux/netfilter/nf_tables_compat.h",
        "linux/pkt_sched.h",
    ];

    [Fact]
    public void Constants_are_the_kernels() => CHeaders.HaveTheSame(
        s_headers,
        [
            typeof(NetlinkH), typeof(RtNetlinkH), typeof(SocketH), typeof(IfLink), typeof(IfAddr), typeof(NeighbourH), typeof(LwTunnel),
            typeof(FibRules), typeof(Veth), typeof(SockDiagH), typeof(PktSched), typeof(NfNetlinkH), typeof(NfTablesH), typeof(LinkFlags), typeof(AddressFlags),
            typeof(NeighbourStates),
        ],
        // Since 6.3; and linux/if.h, which has it, does not go with net/if.h.
        "IFLA_GSO_IPV4_MAX_SIZE",
        "IFLA_GRO_IPV4_MAX_SIZE",
        "IFF_LOWER_UP");

    [Fact]
    public void Structs_are_as_long_as_the_kernels() => CHeaders.HaveTheSameSize(
        s_headers,
        ("struct nlmsghdr", Unsafe.SizeOf<NetlinkHeader>()),
        ("struct sockaddr_nl", Unsafe.SizeOf<SockAddrNl>()),
        ("struct ifinfomsg", Unsafe.SizeOf<IfInfoMsg>()),
        ("struct ifaddrmsg", Unsafe.SizeOf<IfAddrMsg>()),
        ("struct rtmsg", Unsafe.SizeOf<RtMsg>()),
        ("struct fib_rule_hdr", Unsafe.SizeOf<RtMsg>()),
        ("struct ndmsg", Unsafe.SizeOf<NdMsg>()),
        ("struct tcmsg", Unsafe.SizeOf<TcMsg>()),
        ("struct nfgenmsg", Unsafe.SizeOf<NfGenMsg>()),
        ("struct inet_diag_req_v2", Unsafe.SizeOf<InetDiagRequest>()),
        ("struct inet_diag_msg", Unsafe.SizeOf<InetDiagMessage>()));
}
