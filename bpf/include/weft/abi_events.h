/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Events: what the ring buffer weft_events carries; part of abi.h. */
#ifndef WEFT_ABI_EVENTS_H
#define WEFT_ABI_EVENTS_H

#include <weft/abi_addr.h>

/* --- events
 * ------------------------------------------------------------------------------------------ */

enum weft_event_type {
	WEFT_EVENT_DROP = 1,
	WEFT_EVENT_DEBUG = 2,
	WEFT_EVENT_CAPTURE = 3,
	WEFT_EVENT_TRACE = 4,
	WEFT_EVENT_POLICY = 5,
};

/* Begins every record in the ring buffer weft_events. */
struct weft_event_header {
	__u8 type;    /* enum weft_event_type */
	__u8 subtype; /* drop reason, debug message, capture point, trace point or policy verdict */
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

/* A flow was judged. Followed by len_cap bytes of the packet, as the endpoint sent or would get it.
 */
struct weft_policy_event {
	struct weft_event_header header; /* subtype: enum weft_policy_verdict */
	__u32 len_orig;
	__u16 len_cap;
	__u8 direction; /* enum weft_direction: of the flow's first packet, from the endpoint's side
			 */
	__u8 flags;	/* enum weft_policy_flags */
	__u32 peer;	/* identity of the other end */
	__u32 rule;	/* struct weft_policy_rule */
	__u16 port;	/* the receiver's, host order; of ICMP the type */
	__u8 proto;
	__u8 narrow;
	__u32 ifindex;
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
	WEFT_FILE_POLICY = 114,
};

_Static_assert(sizeof(struct weft_event_header) == 24, "weft_event_header");
_Static_assert(sizeof(struct weft_drop_event) == 48, "weft_drop_event");
_Static_assert(sizeof(struct weft_debug_event) == 40, "weft_debug_event");
_Static_assert(sizeof(struct weft_capture_event) == 40, "weft_capture_event");
_Static_assert(sizeof(struct weft_trace_event) == 64, "weft_trace_event");
_Static_assert(sizeof(struct weft_policy_event) == 48, "weft_policy_event");

#endif
