/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known of the packet that a program has in hand. One weft_walk lives on the stack of every
 * SEC function and is passed to everything that it calls; the weft_packet that it points to is the
 * CPU's own map element. Were that on the stack too, the verifier would know its bits and follow
 * every combination of them: more than a million instructions for weft_from_pod.
 *
 * Functions that can refuse a packet return 0 or a verdict (TC_ACT_*), or a negative enum
 * weft_reason made by weft_refuse(), which notes why and where. Only the SEC function turns a
 * refusal into a drop, by weft_drop(), or into an answer, by weft_answer(): from what is noted, so
 * that the verifier follows that way once and not once a reason.
 */
#ifndef WEFT_WALK_H
#define WEFT_WALK_H

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <weft/abi.h>
#include <weft/reasons.h>

/* Leave the packet to the next program on the device, or to the stack if there is none. */
#define WEFT_NEXT TC_ACT_UNSPEC

/* Leave the packet to the stack, past whatever else hangs on the device. */
#define WEFT_STACK TC_ACT_OK

/* What has been read of a packet and found out about it: no pointers, so that it can lie in a map.
 */
struct weft_packet {
	struct weft_ct_key key; /* the flow, from the endpoint's side */
	struct weft_ipcache_key
		peer; /* the packet's other end: an ICMP error's is not its flow's */

	/* What the flow's entry is to remember when it is created (struct weft_ct_value). */
	struct weft_addr front_addr;
	__be16 front_port;
	__be16 nat_port;
	__u16 ct_flags;
	__u32 service_id;
	__u32 backend_id;

	/* How the flow was judged (policy.h); the epoch is remembered too. */
	__u32 policy_epoch;
	__u32 policy_rule;
	__u32 policy_peer;
	__u16 policy_port;   /* host order */
	__u8 policy_verdict; /* enum weft_policy_verdict */
	__u8 policy_flags;   /* enum weft_policy_flags */
	__u8 policy_narrow;
	__u8 policy_proto;
	__u8 policy_direction; /* enum weft_direction */
	__u8 icmp_type;

	__u32 src_identity;
	__u32 dst_identity;
	__u16 source; /* endpoint id that events are reported from */
	__u16 dst_id; /* endpoint id that the packet is for, 0: not here */

	__u32 events;	   /* WEFT_EVENTS_* wanted of this packet */
	__u32 capture_len; /* bytes of it to copy into an event */
	__u32 aggregation; /* enum weft_aggregation */

	__u32 now;	     /* weft_walk_now(); 0: not asked yet */
	__be32 fragment_id;  /* of a fragment's datagram */
	__u32 held;	     /* fragments that waited for this first one */
	__u32 l3_len;	     /* of the IP packet, by its header */
	__u16 l3_header_len; /* with options or extension headers */
	__u16 l4_header_len; /* 0 in a fragment that is not the first */
	__u16 next_mtu;	     /* of the hop that the packet is too big for */
	__u16 quote_l4;	     /* offset of the quoted L4 header in the frame, if icmp_error */
	__u8 quote_proto;    /* IPPROTO_* of the quoted packet; 0: nothing that is translated */
	__u8 ttl;
	__u8 tcp_flags; /* as in byte 13 of the header; 0: not TCP, or not the first fragment */
	__u8 direction; /* enum weft_direction, from the endpoint's side */
	__u8 ct_state;	/* enum weft_ct_state, of the last weft_ct_lookup() */
	bool ipv6;
	bool dont_fragment; /* always in IPv6 */
	bool more_fragments;
	bool later_fragment;  /* not the first one: no L4 header */
	bool icmp_error;      /* key is that of the packet quoted in it */
	bool quote_untracked; /* ... which is of no flow that could be tracked */
	bool to_backend;      /* the destination becomes key.remote (a pod's) or key.local */
	bool hairpin;	      /* ... which is the sender itself */
	bool report;	      /* the flow is due an event at WEFT_AGGREGATION_MEDIUM */

	__u8 drop_reason; /* enum weft_reason */
	__u8 answer;	  /* enum weft_icmp_reason */
	__u8 drop_file;	  /* enum weft_file */
	__s8 ext_error;
	__u16 drop_line;
};

struct weft_walk {
	struct __sk_buff *ctx;
	struct weft_packet *packet;
	struct weft_endpoint *endpoint; /* the pod that sends or receives; its map's memory */
	struct weft_ct_value *ct;	/* entry of the flow; NULL: none yet */
};

/* Notes where and why a packet is refused; `return weft_refuse(...)` from any depth. */
static __always_inline int weft_refuse_at(struct weft_walk *walk, enum weft_file file, __u16 line,
					  enum weft_reason reason)
{
	walk->packet->drop_reason = reason;
	walk->packet->drop_file = file;
	walk->packet->drop_line = line;
	return -(int)reason;
}

#define weft_refuse(walk, file, reason) weft_refuse_at(walk, file, __LINE__, reason)

/*
 * Copies 1 to max bytes of the packet to where there is room for max. The verifier of Linux 6.1
 * concludes nothing from "len is not 0" ("R3 min value is outside of the allowed memory range"),
 * but does from len - 1 < max, as long as the compiler does not see through it.
 */
static __always_inline int weft_load_bytes(const struct weft_walk *walk, __u32 offset, void *to,
					   __u32 len, __u32 max)
{
	__u32 last = len - 1;

	asm volatile("" : "+r"(last));
	if (last >= max)
		return -1;
	return bpf_skb_load_bytes(walk->ctx, offset, to, last + 1);
}

static __always_inline bool weft_leaves_endpoint(const struct weft_walk *walk)
{
	return walk->packet->direction == WEFT_DIR_EGRESS;
}

static __always_inline void weft_key_swap(struct weft_ct_key *key)
{
	struct weft_addr addr = key->local;
	__be16 port = key->local_port;

	key->local = key->remote;
	key->local_port = key->remote_port;
	key->remote = addr;
	key->remote_port = port;
}

/* The same packet as its other end sees it; what was found for this end is forgotten. */
static __always_inline void weft_walk_turn(struct weft_walk *walk)
{
	weft_key_swap(&walk->packet->key);
	walk->packet->direction = weft_leaves_endpoint(walk) ? WEFT_DIR_INGRESS : WEFT_DIR_EGRESS;
	walk->packet->peer.addr = walk->packet->key.remote;
	walk->ct = NULL;
	walk->packet->ct_flags = 0;
	walk->packet->nat_port = 0;
	walk->packet->front_port = 0;
	walk->packet->service_id = 0;
	walk->packet->backend_id = 0;
	__builtin_memset(&walk->packet->front_addr, 0, sizeof(walk->packet->front_addr));
}

#endif
