// include/uapi/linux/netfilter/nf_tables.h
namespace Weft.Netlink.Uapi;

internal static class NfTablesH
{
    public const byte NFT_MSG_NEWTABLE = 0;
    public const byte NFT_MSG_GETTABLE = 1;
    public const byte NFT_MSG_DELTABLE = 2;
    public const byte NFT_MSG_NEWCHAIN = 3;
    public const byte NFT_MSG_GETCHAIN = 4;
    public const byte NFT_MSG_NEWRULE = 6;
    public const byte NFT_MSG_GETRULE = 7;
    public const byte NFT_MSG_NEWSET = 9;
    public const byte NFT_MSG_GETSET = 10;
    public const byte NFT_MSG_NEWSETELEM = 12;
    public const byte NFT_MSG_GETSETELEM = 13;
    public const byte NFT_MSG_TRACE = 17;

    public const ushort NFTA_TABLE_NAME = 1;
    public const ushort NFTA_TABLE_FLAGS = 2;
    public const ushort NFTA_TABLE_HANDLE = 4;
    public const ushort NFTA_TABLE_OWNER = 7;

    public const ushort NFTA_CHAIN_TABLE = 1;
    public const ushort NFTA_CHAIN_HANDLE = 2;
    public const ushort NFTA_CHAIN_NAME = 3;
    public const ushort NFTA_CHAIN_HOOK = 4;
    public const ushort NFTA_CHAIN_POLICY = 5;
    public const ushort NFTA_CHAIN_TYPE = 7;

    public const ushort NFTA_HOOK_HOOKNUM = 1;
    public const ushort NFTA_HOOK_PRIORITY = 2;
    public const ushort NFTA_HOOK_DEV = 3;

    public const ushort NFTA_RULE_TABLE = 1;
    public const ushort NFTA_RULE_CHAIN = 2;
    public const ushort NFTA_RULE_HANDLE = 3;
    public const ushort NFTA_RULE_EXPRESSIONS = 4;
    public const ushort NFTA_RULE_USERDATA = 7;

    public const ushort NFTA_LIST_ELEM = 1;
    public const ushort NFTA_EXPR_NAME = 1;
    public const ushort NFTA_EXPR_DATA = 2;
    public const ushort NFTA_DATA_VALUE = 1;
    public const ushort NFTA_DATA_VERDICT = 2;
    public const ushort NFTA_VERDICT_CODE = 1;
    public const ushort NFTA_VERDICT_CHAIN = 2;

    public const ushort NFTA_SET_TABLE = 1;
    public const ushort NFTA_SET_NAME = 2;
    public const ushort NFTA_SET_FLAGS = 3;
    public const ushort NFTA_SET_KEY_TYPE = 4;
    public const ushort NFTA_SET_KEY_LEN = 5;
    public const ushort NFTA_SET_DATA_TYPE = 6;

    public const ushort NFTA_SET_ELEM_KEY = 1;
    public const ushort NFTA_SET_ELEM_DATA = 2;
    public const ushort NFTA_SET_ELEM_FLAGS = 3;
    public const ushort NFTA_SET_ELEM_KEY_END = 10;
    public const ushort NFTA_SET_ELEM_LIST_TABLE = 1;
    public const ushort NFTA_SET_ELEM_LIST_SET = 2;
    public const ushort NFTA_SET_ELEM_LIST_ELEMENTS = 3;

    public const ushort NFTA_IMMEDIATE_DREG = 1;
    public const ushort NFTA_IMMEDIATE_DATA = 2;

    public const ushort NFTA_BITWISE_SREG = 1;
    public const ushort NFTA_BITWISE_DREG = 2;
    public const ushort NFTA_BITWISE_LEN = 3;
    public const ushort NFTA_BITWISE_MASK = 4;
    public const ushort NFTA_BITWISE_XOR = 5;
    public const ushort NFTA_BITWISE_OP = 6;
    public const ushort NFTA_BITWISE_DATA = 7;

    public const ushort NFTA_BYTEORDER_SREG = 1;
    public const ushort NFTA_BYTEORDER_DREG = 2;

    public const ushort NFTA_CMP_SREG = 1;
    public const ushort NFTA_CMP_OP = 2;
    public const ushort NFTA_CMP_DATA = 3;

    public const ushort NFTA_RANGE_SREG = 1;
    public const ushort NFTA_RANGE_OP = 2;
    public const ushort NFTA_RANGE_FROM_DATA = 3;
    public const ushort NFTA_RANGE_TO_DATA = 4;

    public const ushort NFTA_LOOKUP_SET = 1;
    public const ushort NFTA_LOOKUP_SREG = 2;
    public const ushort NFTA_LOOKUP_DREG = 3;
    public const ushort NFTA_LOOKUP_FLAGS = 5;

    public const ushort NFTA_DYNSET_SET_NAME = 1;
    public const ushort NFTA_DYNSET_OP = 3;
    public const ushort NFTA_DYNSET_SREG_KEY = 4;
    public const ushort NFTA_DYNSET_SREG_DATA = 5;
    public const ushort NFTA_DYNSET_TIMEOUT = 6;
    public const ushort NFTA_DYNSET_EXPR = 7;
    public const ushort NFTA_DYNSET_EXPRESSIONS = 10;

    public const ushort NFTA_PAYLOAD_DREG = 1;
    public const ushort NFTA_PAYLOAD_BASE = 2;
    public const ushort NFTA_PAYLOAD_OFFSET = 3;
    public const ushort NFTA_PAYLOAD_LEN = 4;
    public const ushort NFTA_PAYLOAD_SREG = 5;

    public const ushort NFTA_EXTHDR_DREG = 1;
    public const ushort NFTA_EXTHDR_TYPE = 2;
    public const ushort NFTA_EXTHDR_OFFSET = 3;
    public const ushort NFTA_EXTHDR_LEN = 4;
    public const ushort NFTA_EXTHDR_FLAGS = 5;
    public const ushort NFTA_EXTHDR_OP = 6;
    public const ushort NFTA_EXTHDR_SREG = 7;

    public const ushort NFTA_META_DREG = 1;
    public const ushort NFTA_META_KEY = 2;
    public const ushort NFTA_META_SREG = 3;

    public const ushort NFTA_RT_DREG = 1;
    public const ushort NFTA_RT_KEY = 2;

    public const ushort NFTA_SOCKET_KEY = 1;
    public const ushort NFTA_SOCKET_DREG = 2;

    public const ushort NFTA_CT_DREG = 1;
    public const ushort NFTA_CT_KEY = 2;
    public const ushort NFTA_CT_DIRECTION = 3;
    public const ushort NFTA_CT_SREG = 4;

    public const ushort NFTA_LIMIT_RATE = 1;
    public const ushort NFTA_LIMIT_UNIT = 2;
    public const ushort NFTA_LIMIT_BURST = 3;
    public const ushort NFTA_LIMIT_TYPE = 4;
    public const ushort NFTA_LIMIT_FLAGS = 5;

    public const ushort NFTA_CONNLIMIT_COUNT = 1;
    public const ushort NFTA_CONNLIMIT_FLAGS = 2;

    public const ushort NFTA_COUNTER_BYTES = 1;
    public const ushort NFTA_COUNTER_PACKETS = 2;

    public const ushort NFTA_LOG_GROUP = 1;
    public const ushort NFTA_LOG_PREFIX = 2;
    public const ushort NFTA_LOG_SNAPLEN = 3;
    public const ushort NFTA_LOG_QTHRESHOLD = 4;
    public const ushort NFTA_LOG_LEVEL = 5;
    public const ushort NFTA_LOG_FLAGS = 6;

    public const ushort NFTA_QUEUE_NUM = 1;
    public const ushort NFTA_QUEUE_TOTAL = 2;
    public const ushort NFTA_QUEUE_FLAGS = 3;

    public const ushort NFTA_QUOTA_BYTES = 1;
    public const ushort NFTA_QUOTA_FLAGS = 2;

    public const ushort NFTA_REJECT_TYPE = 1;
    public const ushort NFTA_REJECT_ICMP_CODE = 2;

    public const ushort NFTA_NAT_TYPE = 1;
    public const ushort NFTA_NAT_FAMILY = 2;
    public const ushort NFTA_NAT_REG_ADDR_MIN = 3;
    public const ushort NFTA_NAT_REG_ADDR_MAX = 4;
    public const ushort NFTA_NAT_REG_PROTO_MIN = 5;
    public const ushort NFTA_NAT_REG_PROTO_MAX = 6;
    public const ushort NFTA_NAT_FLAGS = 7;

    public const ushort NFTA_MASQ_FLAGS = 1;
    public const ushort NFTA_MASQ_REG_PROTO_MIN = 2;
    public const ushort NFTA_MASQ_REG_PROTO_MAX = 3;

    public const ushort NFTA_REDIR_REG_PROTO_MIN = 1;
    public const ushort NFTA_REDIR_REG_PROTO_MAX = 2;
    public const ushort NFTA_REDIR_FLAGS = 3;

    public const ushort NFTA_FIB_DREG = 1;
    public const ushort NFTA_FIB_RESULT = 2;
    public const ushort NFTA_FIB_FLAGS = 3;

    public const ushort NFTA_OBJREF_IMM_TYPE = 1;
    public const ushort NFTA_OBJREF_IMM_NAME = 2;

    public const ushort NFTA_NG_DREG = 1;
    public const ushort NFTA_NG_MODULUS = 2;
    public const ushort NFTA_NG_TYPE = 3;
    public const ushort NFTA_NG_OFFSET = 4;


    // nf_tables_compat.h
    public const ushort NFTA_MATCH_NAME = 1;
    public const ushort NFTA_MATCH_REV = 2;
    public const ushort NFTA_MATCH_INFO = 3;
    public const ushort NFTA_TARGET_NAME = 1;
    public const ushort NFTA_TARGET_REV = 2;
    public const ushort NFTA_TARGET_INFO = 3;

    public const ushort NFTA_TRACE_TABLE = 1;
    public const ushort NFTA_TRACE_CHAIN = 2;
    public const ushort NFTA_TRACE_RULE_HANDLE = 3;
    public const ushort NFTA_TRACE_TYPE = 4;
    public const ushort NFTA_TRACE_VERDICT = 5;
    public const ushort NFTA_TRACE_ID = 6;
    public const ushort NFTA_TRACE_LL_HEADER = 7;
    public const ushort NFTA_TRACE_NETWORK_HEADER = 8;
    public const ushort NFTA_TRACE_TRANSPORT_HEADER = 9;
    public const ushort NFTA_TRACE_IIF = 10;
    public const ushort NFTA_TRACE_OIF = 12;
    public const ushort NFTA_TRACE_MARK = 14;
    public const ushort NFTA_TRACE_NFPROTO = 15;
    public const ushort NFTA_TRACE_POLICY = 16;

    public const uint NFT_TABLE_F_OWNER = 2;
    public const uint NFT_SET_ANONYMOUS = 1;
    public const uint NFT_SET_INTERVAL = 4;
    public const uint NFT_SET_MAP = 8;
    public const uint NFT_SET_CONCAT = 128;
    public const uint NFT_SET_ELEM_INTERVAL_END = 1;
    public const uint NFT_SET_ELEM_CATCHALL = 2;
    public const uint NFT_LOOKUP_F_INV = 1;

    public const int NFT_CONTINUE = -1;
    public const int NFT_BREAK = -2;
    public const int NFT_JUMP = -3;
    public const int NFT_GOTO = -4;
    public const int NFT_RETURN = -5;

    public const uint NFT_REG_1 = 1;
    public const uint NFT_REG_4 = 4;
    public const uint NFT_REG32_00 = 8;
    public const uint NFT_REG32_15 = 23;

    public const uint NFT_CMP_EQ = 0;
    public const uint NFT_CMP_NEQ = 1;
    public const uint NFT_CMP_LT = 2;
    public const uint NFT_CMP_LTE = 3;
    public const uint NFT_CMP_GT = 4;
    public const uint NFT_CMP_GTE = 5;


    public const uint NFT_PAYLOAD_LL_HEADER = 0;
    public const uint NFT_PAYLOAD_NETWORK_HEADER = 1;
    public const uint NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    public const uint NFT_PAYLOAD_INNER_HEADER = 3;

    public const uint NFT_EXTHDR_OP_TCPOPT = 1;

    public const uint NFT_META_LEN = 0;
    public const uint NFT_META_PROTOCOL = 1;
    public const uint NFT_META_PRIORITY = 2;
    public const uint NFT_META_MARK = 3;
    public const uint NFT_META_IIF = 4;
    public const uint NFT_META_OIF = 5;
    public const uint NFT_META_IIFNAME = 6;
    public const uint NFT_META_OIFNAME = 7;
    public const uint NFT_META_IIFTYPE = 8;
    public const uint NFT_META_OIFTYPE = 9;
    public const uint NFT_META_SKUID = 10;
    public const uint NFT_META_SKGID = 11;
    public const uint NFT_META_NFTRACE = 12;
    public const uint NFT_META_RTCLASSID = 13;
    public const uint NFT_META_NFPROTO = 15;
    public const uint NFT_META_L4PROTO = 16;
    public const uint NFT_META_PKTTYPE = 19;
    public const uint NFT_META_CPU = 20;
    public const uint NFT_META_IIFGROUP = 21;
    public const uint NFT_META_OIFGROUP = 22;
    public const uint NFT_META_CGROUP = 23;
    public const uint NFT_META_SECPATH = 25;

    public const uint NFT_RT_TCPMSS = 3;

    public const uint NFT_SOCKET_TRANSPARENT = 0;
    public const uint NFT_SOCKET_MARK = 1;
    public const uint NFT_SOCKET_WILDCARD = 2;

    public const uint NFT_CT_STATE = 0;
    public const uint NFT_CT_DIRECTION = 1;
    public const uint NFT_CT_STATUS = 2;
    public const uint NFT_CT_MARK = 3;
    public const uint NFT_CT_EXPIRATION = 5;
    public const uint NFT_CT_HELPER = 6;
    public const uint NFT_CT_L3PROTOCOL = 7;
    public const uint NFT_CT_PROTOCOL = 10;
    public const uint NFT_CT_PROTO_SRC = 11;
    public const uint NFT_CT_PROTO_DST = 12;
    public const uint NFT_CT_PKTS = 14;
    public const uint NFT_CT_BYTES = 15;
    public const uint NFT_CT_AVGPKT = 16;
    public const uint NFT_CT_ZONE = 17;
    public const uint NFT_CT_SRC_IP = 19;
    public const uint NFT_CT_DST_IP = 20;
    public const uint NFT_CT_SRC_IP6 = 21;
    public const uint NFT_CT_DST_IP6 = 22;
    public const uint NFT_CT_ID = 23;

    public const uint NFT_LIMIT_PKTS = 0;
    public const uint NFT_LIMIT_PKT_BYTES = 1;
    public const uint NFT_LIMIT_F_INV = 1;
    public const uint NFT_CONNLIMIT_F_INV = 1;
    public const uint NFT_QUOTA_F_INV = 1;


    public const uint NFT_QUEUE_FLAG_BYPASS = 1;
    public const uint NFT_QUEUE_FLAG_CPU_FANOUT = 2;

    public const uint NFT_REJECT_ICMP_UNREACH = 0;
    public const uint NFT_REJECT_TCP_RST = 1;
    public const uint NFT_REJECT_ICMPX_UNREACH = 2;

    public const uint NFT_NAT_SNAT = 0;
    public const uint NFT_NAT_DNAT = 1;

    public const uint NFT_FIB_RESULT_OIF = 1;
    public const uint NFT_FIB_RESULT_OIFNAME = 2;
    public const uint NFT_FIB_RESULT_ADDRTYPE = 3;
    public const uint NFTA_FIB_F_SADDR = 1;
    public const uint NFTA_FIB_F_DADDR = 2;
    public const uint NFTA_FIB_F_MARK = 4;
    public const uint NFTA_FIB_F_IIF = 8;
    public const uint NFTA_FIB_F_OIF = 16;
    public const uint NFTA_FIB_F_PRESENT = 32;

    public const uint NFT_DYNSET_OP_ADD = 0;
    public const uint NFT_DYNSET_OP_UPDATE = 1;
    public const uint NFT_DYNSET_OP_DELETE = 2;

    public const uint NFT_NG_INCREMENTAL = 0;
    public const uint NFT_NG_RANDOM = 1;

    public const uint NFT_TRACETYPE_POLICY = 1;
    public const uint NFT_TRACETYPE_RETURN = 2;
    public const uint NFT_TRACETYPE_RULE = 3;
}
