/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every struct and number that the datapath and user space share. The C# side (src/Weft.Abi) marks
 * its mirror of each with [BtfStruct] or [BtfEnum]; tests/Weft.Abi.Tests compares sizes, offsets
 * and values with the BTF of the compiled objects, so neither side can drift.
 *
 * Byte order is in the type: __be16 and __be32 are network order, everything else is host order.
 * Addresses have one 16-byte form; IPv4 is v4-mapped (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2), so
 * maps and lookups know one family only.
 */
#ifndef WEFT_ABI_H
#define WEFT_ABI_H

#include <linux/types.h>

struct weft_addr {
	__be32 word[4];
};

/* Identities below 256 are reserved (FACTS: the numbers that users of Cilium know). */
enum weft_identity {
	WEFT_IDENTITY_UNKNOWN = 0,
	WEFT_IDENTITY_HOST = 1,
	WEFT_IDENTITY_WORLD = 2,
	WEFT_IDENTITY_UNMANAGED = 3,
	WEFT_IDENTITY_HEALTH = 4,
	WEFT_IDENTITY_INIT = 5,
	WEFT_IDENTITY_REMOTE_NODE = 6,
};

/* --- configuration ------------------------------------------------------------------------------
 */

/* Fixed when the objects are loaded: `const volatile struct weft_config weft_config` in .rodata of
 * each object. */
struct weft_config {
	struct weft_addr node_addr;    /* this node on the underlay */
	struct weft_addr node_addr6;   /* all zero: none */
	struct weft_addr router_addr;  /* the pods' gateway, on weft_host; source of ICMP errors
					  that the datapath sends */
	struct weft_addr router_addr6; /* all zero: none */
	__u32 overlay_ifindex;	       /* weft_vxlan */
	__u32 netdev_ifindex;	       /* ens3 */
	__u32 host_ifindex;	       /* weft_host */
	__u32 overlay_mtu;	       /* largest inner IP packet, bytes: underlay MTU - 50 */
	__u32 flags;		       /* enum weft_config_flags */
	__be16 tunnel_port;	       /* UDP destination port of the overlay */
	__u16 node_id; /* endpoint id of the node itself (reserved:host), source of its events */
	__u16 node_port_min; /* first and last port that is looked up as NodePort on addresses of */
	__u16 node_port_max; /* nodes, host order */
	__u32 pad;
	__u64 netns_cookie; /* of the node's network namespace; 0: it is the initial one */
};

enum weft_config_flags {
	WEFT_CONFIG_MASQUERADE4 = 1 << 0,
	WEFT_CONFIG_MASQUERADE6 = 1 << 1,
	WEFT_CONFIG_SET_RETVAL = 1 << 2, /* socket programs may call bpf_set_retval (6.1) */
};

/* Switched while packets flow: the only element of map weft_runtime (mmapable array). */
struct weft_runtime {
	__u32 events;	   /* WEFT_EVENTS_* wanted from every endpoint and device */
	__u32 aggregation; /* enum weft_aggregation */
	__u32 capture_len; /* bytes of each packet copied into an event, at most WEFT_CAPTURE_MAX */
	__u32 endpoints_flagged; /* non-zero: some endpoint has an events mask of its own, so look
				  */
};

#define WEFT_CAPTURE_MAX 256

enum weft_events {
	WEFT_EVENTS_DROP = 1 << 0,
	WEFT_EVENTS_DEBUG = 1 << 1,
	WEFT_EVENTS_TRACE = 1 << 2,
	WEFT_EVENTS_CAPTURE = 1 << 3,
};

enum weft_aggregation {
	WEFT_AGGREGATION_NONE = 0,   /* every trace point of every packet */
	WEFT_AGGREGATION_LOW = 1,    /* no from-* points */
	WEFT_AGGREGATION_MEDIUM = 2, /* and one event a flow per new TCP flag or per 5 s */
};

/* --- endpoints, ipcache, nodes -------------------------------------------------------------------
 */

enum weft_endpoint_flags {
	WEFT_ENDPOINT_HOST = 1 << 0, /* an address of this node itself; no device, no MACs */
};

/* Value of weft_endpoints (key: struct weft_addr) and weft_devices (key: __u32 ifindex of the lxc
 * device). */
struct weft_endpoint {
	__u32 ifindex; /* host side of the veth pair, in the node's namespace */
	__u32 identity;
	__u16 id;
	__u16 flags;	  /* enum weft_endpoint_flags */
	__u32 events;	  /* WEFT_EVENTS_* wanted from this endpoint beyond weft_runtime.events */
	__u8 mac[6];	  /* of eth0 in the pod */
	__u8 node_mac[6]; /* of the lxc device: what the pod sees as its gateway's */
	__u32 pad;
	struct weft_addr ipv4; /* v4-mapped; all zero: none */
	struct weft_addr ipv6; /* all zero: none */
};

/* Key of weft_ipcache, an LPM trie. prefix_len counts bits of addr: an IPv4 /n is 96 + n. */
struct weft_ipcache_key {
	__u32 prefix_len;
	struct weft_addr addr;
};

struct weft_ipcache_value {
	__u32 identity;
	__be32 tunnel_endpoint; /* node to encapsulate to; 0: this node or not behind the overlay */
	__u32 flags;		/* enum weft_ipcache_flags */
	__u32 pad;
};

enum weft_ipcache_flags {
	WEFT_IPCACHE_SERVICE = 1 << 0, /* some service has this address: ask weft_services */
	WEFT_IPCACHE_NATIVE = 1 << 1,  /* reached with the pod's own address, never masqueraded */
};

/* Value of weft_nodes (key: struct weft_addr, the node's underlay address): the nodes that may send
 * to us. */
struct weft_node {
	__u32 identity; /* WEFT_IDENTITY_REMOTE_NODE, or _HOST for this node */
	__u16 id;	/* node number, for events; 0: none given */
	__u16 pad;
};

/* --- connection tracking
 * -------------------------------------------------------------------------- */

/*
 * Seen from one endpoint: local is the endpoint's own address, remote the other end. A packet that
 * the endpoint sends and the answer that it receives have the same key, so one lookup serves both
 * directions; who began is in the value (WEFT_CT_LOCAL_BEGAN). ICMP echo: the port of the side that
 * asked is the echo identifier, that of the side that answers 0, so that two pings with the same
 * identifier that cross are two entries.
 */
struct weft_ct_key {
	struct weft_addr local;
	struct weft_addr remote;
	__be16 local_port;
	__be16 remote_port;
	__u8 proto; /* IPPROTO_* */
	__u8 scope; /* enum weft_ct_scope */
	__u16 pad;
};

enum weft_ct_scope {
	WEFT_CT_SCOPE_ENDPOINT = 0,
	/* A client's flow to a service, before translation: which backend it has. From a pod,
	 * local is the pod and remote the frontend; from outside, local is the frontend and remote
	 * the client. */
	WEFT_CT_SCOPE_SERVICE = 1,
};

/*
 * Value of weft_ct_tcp and weft_ct_any (LRU: when full, the entry unused longest goes). Written by
 * the datapath only; the agent's garbage collector deletes expired entries. All times are
 * CLOCK_MONOTONIC seconds. tx: from the endpoint; rx: to it. Per-direction bytes, not bit fields,
 * so that two CPUs that see the two directions at once do not undo each other's write.
 */
struct weft_ct_value {
	__u64 tx_packets;
	__u64 tx_bytes; /* length of the inner packet from its Ethernet header on */
	__u64 rx_packets;
	__u64 rx_bytes;
	__u32 expires;
	__u32 tx_report; /* when the last trace event for this direction was sent */
	__u32 rx_report;
	__u32 src_identity; /* of the side that began */
	__u32 service_id;   /* service that the flow was translated for; 0: none */
	__u32 backend_id;   /* of _SCOPE_SERVICE: the backend that the flow has */
	__u16 flags;	    /* enum weft_ct_flags, set at creation only */
	__be16 nat_port; /* source port (or echo identifier) towards the remote; 0: not translated
			  */
	__be16 front_port;
	__u8 tx_flags_seen; /* TCP flags, as in byte 13 of the header */
	__u8 rx_flags_seen;
	__u8 tx_closing; /* FIN or RST seen */
	__u8 rx_closing;
	__u8 seen_non_syn; /* TCP: past the handshake's first packet */
	__u8 pad[5];
	struct weft_addr front_addr; /* what the client called instead of the backend, which is the
					remote's or, without _LOCAL_BEGAN, the local side's; all
					zero: no service */
};

enum weft_ct_flags {
	WEFT_CT_LOCAL_BEGAN = 1 << 0, /* OUT: the endpoint sent the first packet */
	WEFT_CT_MASQUERADED = 1 << 1, /* the remote sees the node's address and nat_port */
	WEFT_CT_HAIRPIN = 1 << 2,     /* of _SCOPE_SERVICE: the backend is the client itself, which
					 sees the router's address and nat_port */
};

/* What a lookup says of a packet; also the reason of trace events. */
enum weft_ct_state {
	WEFT_CT_NEW = 0,
	WEFT_CT_ESTABLISHED = 1,
	WEFT_CT_REPLY = 2,
	WEFT_CT_RELATED = 3,
	WEFT_CT_REOPENED = 4,
	WEFT_CT_UNKNOWN = 5, /* no lookup was made */
};

/* Idle times in seconds. */
enum weft_ct_timeout {
	WEFT_CT_TIMEOUT_SYN = 60,
	WEFT_CT_TIMEOUT_TCP = 8000,
	WEFT_CT_TIMEOUT_ANY = 60,
	WEFT_CT_TIMEOUT_CLOSE = 10,
	WEFT_CT_REPORT_INTERVAL = 5,
};

/* --- address translation
 * ------------------------------------------------------------------------- */

/*
 * One entry a translated source, keyed as the answer arrives: remote is who sends the answer, addr
 * and port are what stands for the original source. ICMP echo: port is the identifier, remote_port
 * 0. Map weft_nat, LRU.
 */
struct weft_nat_key {
	struct weft_addr remote;
	struct weft_addr addr;
	__be16 remote_port;
	__be16 port;
	__u8 proto; /* IPPROTO_* */
	__u8 pad[3];
};

struct weft_nat_value {
	struct weft_addr orig_addr;
	struct weft_addr front_addr; /* of a service's client: the answer comes from here instead of
					remote; all zero: no service */
	__be16 orig_port;
	__be16 front_port;
	__u32 created; /* CLOCK_MONOTONIC seconds, as is expires */
	__u32 expires; /* as the flow's conntrack entry */
	__u32 service_id;
	__u16 flags; /* enum weft_nat_flags */
	__u16 pad;
};

enum weft_nat_flags {
	WEFT_NAT_POD = 1 << 0,	  /* a pod's flow to the world, as the node */
	WEFT_NAT_HOST = 1 << 1,	  /* a flow of the node itself, which keeps its port if it can */
	WEFT_NAT_CLIENT = 1 << 2, /* a service's client from outside, as the router */
	WEFT_NAT_HAIRPIN =
		1 << 3, /* a pod's flow to a service that led back to it, as the router */
};

/* Source ports (and echo identifiers) given by translation, host order. */
enum weft_nat_ports {
	WEFT_NAT_PORT_MIN = 32768,
	WEFT_NAT_PORT_MAX = 65535,
};

/* --- services
 * ------------------------------------------------------------------------------------ */

/* Key of weft_services. addr all zero but for the family (::ffff:0.0.0.0 or ::): a NodePort, on
 * every address of a node. */
struct weft_service_key {
	struct weft_addr addr;
	__be16 port;
	__u8 proto; /* IPPROTO_TCP or _UDP */
	__u8 pad;
};

/* Who asks decides which backends may answer (traffic policies, readiness: all applied when the
 * list was written). */
enum weft_service_list {
	WEFT_SERVICE_INTERNAL = 0, /* pods and the node's processes */
	WEFT_SERVICE_EXTERNAL = 1, /* from outside, at the underlay's device */
	WEFT_SERVICE_LISTS = 2,
};

/*
 * Value of weft_services. The slots of a list are 0 to count - 1 of this generation; a change
 * writes the slots of another generation first, then this value whole, then takes away the old
 * slots, so that no packet sees half a list.
 */
struct weft_service {
	__u32 id;		/* of the frontend, never 0; unique on the node */
	__u32 affinity_timeout; /* seconds since last use; 0: no affinity */
	__u16 flags;		/* enum weft_service_flags */
	__u16 generation;
	__u16 count[2]; /* by enum weft_service_list; 0: refused at once */
};

enum weft_service_flags {
	WEFT_SERVICE_CLUSTER_ONLY = 1 << 0,  /* ClusterIP: not for the world */
	WEFT_SERVICE_SOURCE_RANGES = 1 << 1, /* from outside only for weft_source_ranges */
	WEFT_SERVICE_MAGLEV = 1 << 2, /* _EXTERNAL picks from weft_maglev instead of a slot */
	WEFT_SERVICE_DSR = 1 << 3,    /* a remote backend's node answers the client itself */
};

struct weft_service_slot_key {
	__u32 service_id;
	__u16 generation;
	__u8 list; /* enum weft_service_list */
	__u8 pad;
	__u32 slot;
};

/* Value of weft_service_slots is the backend's id. Value of weft_backends (key: id, never 0): a
 * backend stays while flows may have it, in a list or not; when its entry is gone, so are they. */
struct weft_backend {
	struct weft_addr addr;
	__be16 port;
	__u8 proto;
	__u8 pad;
};

/* Entries of an inner table of weft_maglev (key: service id, values: backend ids). */
#define WEFT_MAGLEV_SIZE 16381

/* Key of weft_affinity, LRU. */
struct weft_affinity_key {
	struct weft_addr client; /* or, by_cookie, a network namespace's cookie in the first two
				    words */
	__u32 service_id;
	__u8 by_cookie;
	__u8 pad[3];
};

struct weft_affinity {
	__u32 backend_id;
	__u32 used; /* CLOCK_MONOTONIC seconds */
};

/* Key of weft_source_ranges, an LPM trie (value: __u8, 1). prefix_len counts service_id too: an
 * IPv4 /n is 32 + 96 + n. */
struct weft_source_range_key {
	__u32 prefix_len;
	__u32 service_id;
	struct weft_addr addr;
};

/* Key of weft_sock_nat, LRU: what a socket called and got another address for. Also of
 * weft_sock_flows, LRU: the backend (value: its id) that an unconnected UDP socket keeps for a
 * frontend. */
struct weft_sock_nat_key {
	__u64 cookie;	       /* of the socket */
	struct weft_addr addr; /* of the backend; in weft_sock_flows of the frontend */
	__be16 port;
	__u8 pad[6];
};

struct weft_sock_nat_value {
	struct weft_addr front_addr;
	__be16 front_port;
	__u16 pad;
	__u32 service_id;
};

/* --- fragments
 * ----------------------------------------------------------------------------------- */

/* A datagram in fragments. Map weft_fragments, LRU. */
struct weft_fragment_key {
	struct weft_addr saddr;
	struct weft_addr daddr;
	__be32 id;
	__u8 proto;
	__u8 pad[3];
};

/* The ports of its first fragment, which the others have not; or, before that one came, how many of
 * the others wait for it. */
struct weft_fragment_value {
	__be16 sport;
	__be16 dport;
	__u32 time;	/* CLOCK_MONOTONIC seconds of the first packet of the datagram that came */
	__u32 identity; /* of the sender, if it came by the overlay; else 0 */
	__u32 held;	/* in weft_held, from slot 0 on; some may have been released or lost */
	__u8 known;	/* the first fragment came: the ports are its */
	__u8 pad[3];
};

enum weft_fragment_limits {
	WEFT_FRAGMENT_TIME = 15, /* seconds that the parts of a datagram may be apart */
	WEFT_HELD_SLOTS = 64,	 /* fragments of one datagram that may wait */
	WEFT_HELD_FRAME = 2044,	 /* longest frame that may */
};

/* Key and value of weft_held, LRU: fragments that wait for the first one of their datagram. */
struct weft_held_key {
	struct weft_fragment_key datagram;
	__u32 slot;
};

struct weft_held {
	__u32 len;
	__u8 frame[WEFT_HELD_FRAME];
};

/* --- counters
 * -------------------------------------------------------------------------------------- */

enum weft_direction {
	WEFT_DIR_UNKNOWN = 0,
	WEFT_DIR_INGRESS = 1,
	WEFT_DIR_EGRESS = 2,
};

/* Value of weft_metrics, a per-CPU array indexed by reason << 2 | direction. */
struct weft_metric {
	__u64 packets;
	__u64 bytes;
};

/* --- events
 * ------------------------------------------------------------------------------------------ */

enum weft_event_type {
	WEFT_EVENT_DROP = 1,
	WEFT_EVENT_DEBUG = 2,
	WEFT_EVENT_CAPTURE = 3,
	WEFT_EVENT_TRACE = 4,
};

/* Begins every record in the ring buffer weft_events. */
struct weft_event_header {
	__u8 type;    /* enum weft_event_type */
	__u8 subtype; /* drop reason, debug message, capture point or trace point */
	__u16 source; /* endpoint id; 0: none */
	__u32 hash;   /* skb->hash: the flow */
	__u64 time;   /* CLOCK_MONOTONIC ns */
	__u32 mark;   /* skb->mark */
	__u16 cpu;
	__u16 pad;
};

/* Followed by len_cap bytes of the packet from its Ethernet header on. */
struct weft_drop_event {
	struct weft_event_header header;
	__u32 len_orig;
	__u16 len_cap;
	__u16 dst_id;
	__u32 src_identity;
	__u32 dst_identity;
	__u16 line;	/* in the source file that dropped */
	__u8 file;	/* enum weft_file */
	__s8 ext_error; /* negative errno of the helper that failed, or 0 */
	__u32 ifindex;
};

struct weft_debug_event {
	struct weft_event_header header;
	__u32 arg1;
	__u32 arg2;
	__u32 arg3;
	__u32 pad;
};

struct weft_capture_event {
	struct weft_event_header header;
	__u32 len_orig;
	__u16 len_cap;
	__u16 pad;
	__u32 arg1;
	__u32 arg2;
};

struct weft_trace_event {
	struct weft_event_header header;
	__u32 len_orig;
	__u16 len_cap;
	__u8 reason; /* enum weft_ct_state */
	__u8 flags;  /* enum weft_trace_flags */
	__u32 src_identity;
	__u32 dst_identity;
	__u16 dst_id;
	__u16 pad;
	__u32 ifindex;
	struct weft_addr orig_addr; /* source before translation; all zero: same */
};

enum weft_trace_flags {
	WEFT_TRACE_IPV6 = 1 << 0,
	WEFT_TRACE_L3_DEVICE = 1 << 1,
	WEFT_TRACE_VXLAN = 1 << 2, /* the captured bytes begin with the outer Ethernet header of a
				      VXLAN packet */
};

enum weft_trace_point {
	WEFT_TRACE_TO_ENDPOINT = 0,
	WEFT_TRACE_TO_PROXY = 1,
	WEFT_TRACE_TO_HOST = 2,
	WEFT_TRACE_TO_STACK = 3,
	WEFT_TRACE_TO_OVERLAY = 4,
	WEFT_TRACE_FROM_ENDPOINT = 5,
	WEFT_TRACE_FROM_PROXY = 6,
	WEFT_TRACE_FROM_HOST = 7,
	WEFT_TRACE_FROM_STACK = 8,
	WEFT_TRACE_FROM_OVERLAY = 9,
	WEFT_TRACE_FROM_NETWORK = 10,
	WEFT_TRACE_TO_NETWORK = 11,
};

/* Source files, for drop events. Numbers are never reused. */
enum weft_file {
	WEFT_FILE_HOST = 1,
	WEFT_FILE_POD = 2,
	WEFT_FILE_OVERLAY = 3,
	WEFT_FILE_SOCK = 5,
	WEFT_FILE_NETDEV = 6,
	WEFT_FILE_CONNTRACK = 101,
	WEFT_FILE_ANSWER = 102,
	WEFT_FILE_ENCAP = 103,
	WEFT_FILE_PACKET = 104,
	WEFT_FILE_DELIVER = 105,
	WEFT_FILE_ARP = 106,
	WEFT_FILE_FRAGMENTS = 107,
	WEFT_FILE_NAT = 108,
	WEFT_FILE_SERVICES = 109,
	WEFT_FILE_ROUTE = 110,
	WEFT_FILE_ND = 111,
	WEFT_FILE_REWRITE = 112,
	WEFT_FILE_HOLD = 113,
};

/*
 * skb->mark between our programs on one node. Bits 8-11 say what the rest is; for _OVERLAY the low
 * 16 bits of the sender's identity are in bits 16-31 and the upper 8 in bits 0-7. Shared with
 * netfilter's users.
 */
enum weft_mark {
	WEFT_MARK_MASK = 0x0f00,
	WEFT_MARK_TRANSLATED = 0x0300, /* leaves as it is: no port is to be found for it */
	WEFT_MARK_OVERLAY = 0x0400,
};

_Static_assert(sizeof(struct weft_config) == 104, "weft_config");
_Static_assert(sizeof(struct weft_runtime) == 16, "weft_runtime");
_Static_assert(sizeof(struct weft_endpoint) == 64, "weft_endpoint");
_Static_assert(sizeof(struct weft_ipcache_key) == 20, "weft_ipcache_key");
_Static_assert(sizeof(struct weft_ipcache_value) == 16, "weft_ipcache_value");
_Static_assert(sizeof(struct weft_node) == 8, "weft_node");
_Static_assert(sizeof(struct weft_ct_key) == 40, "weft_ct_key");
_Static_assert(sizeof(struct weft_ct_value) == 88, "weft_ct_value");
_Static_assert(sizeof(struct weft_nat_key) == 40, "weft_nat_key");
_Static_assert(sizeof(struct weft_nat_value) == 52, "weft_nat_value");
_Static_assert(sizeof(struct weft_service_key) == 20, "weft_service_key");
_Static_assert(sizeof(struct weft_service) == 16, "weft_service");
_Static_assert(sizeof(struct weft_service_slot_key) == 12, "weft_service_slot_key");
_Static_assert(sizeof(struct weft_backend) == 20, "weft_backend");
_Static_assert(sizeof(struct weft_affinity_key) == 24, "weft_affinity_key");
_Static_assert(sizeof(struct weft_affinity) == 8, "weft_affinity");
_Static_assert(sizeof(struct weft_source_range_key) == 24, "weft_source_range_key");
_Static_assert(sizeof(struct weft_sock_nat_key) == 32, "weft_sock_nat_key");
_Static_assert(sizeof(struct weft_sock_nat_value) == 24, "weft_sock_nat_value");
_Static_assert(sizeof(struct weft_fragment_key) == 40, "weft_fragment_key");
_Static_assert(sizeof(struct weft_fragment_value) == 20, "weft_fragment_value");
_Static_assert(sizeof(struct weft_held_key) == 44, "weft_held_key");
_Static_assert(sizeof(struct weft_held) == 2048, "weft_held");
_Static_assert(sizeof(struct weft_metric) == 16, "weft_metric");
_Static_assert(sizeof(struct weft_event_header) == 24, "weft_event_header");
_Static_assert(sizeof(struct weft_drop_event) == 48, "weft_drop_event");
_Static_assert(sizeof(struct weft_debug_event) == 40, "weft_debug_event");
_Static_assert(sizeof(struct weft_capture_event) == 40, "weft_capture_event");
_Static_assert(sizeof(struct weft_trace_event) == 64, "weft_trace_event");

#endif
