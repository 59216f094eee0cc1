/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is known of flows: connection tracking, translated sources, fragments; part of abi.h. */
#ifndef WEFT_ABI_FLOWS_H
#define WEFT_ABI_FLOWS_H

#include <weft/abi_addr.h>

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
	__u8 pad;
	__u32 policy_epoch; /* of the endpoint when the flow was judged last; the one field that is
			       written again */
	struct weft_addr front_addr; /* what the client called instead of the backend, which is the
					remote's or, without _LOCAL_BEGAN, the local side's; all
					zero: no service */
};

enum weft_ct_flags {
	WEFT_CT_LOCAL_BEGAN = 1 << 0, /* OUT: the endpoint sent the first packet */
	WEFT_CT_MASQUERADED = 1 << 1, /* the remote sees the node's address and nat_port */
	WEFT_CT_HAIRPIN = 1 << 2,     /* of _SCOPE_SERVICE: the backend is the client itself, which
					 sees the router's address and nat_port */
	WEFT_CT_BY_STACK = 1 << 3, /* the node's stack forwarded it to the pod, and has to see the
				      answers: its netfilter may have translated it */
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

_Static_assert(sizeof(struct weft_ct_key) == 40, "weft_ct_key");
_Static_assert(sizeof(struct weft_ct_value) == 88, "weft_ct_value");
_Static_assert(sizeof(struct weft_nat_key) == 40, "weft_nat_key");
_Static_assert(sizeof(struct weft_nat_value) == 52, "weft_nat_value");
_Static_assert(sizeof(struct weft_fragment_key) == 40, "weft_fragment_key");
_Static_assert(sizeof(struct weft_fragment_value) == 20, "weft_fragment_value");
_Static_assert(sizeof(struct weft_held_key) == 44, "weft_held_key");
_Static_assert(sizeof(struct weft_held) == 2048, "weft_held");

#endif
