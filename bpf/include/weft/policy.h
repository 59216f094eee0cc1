/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * May the packet's flow be? weft_policy_check() asks the table of walk->endpoint, once a flow and
 * again when the endpoint's policy changes.
 *
 * weft_policies (by endpoint id): an inner table each, which leads from the identity of the peer to
 * a set of rules; swapped whole when policies change, so no packet meets half of one.
 * weft_policy_rules: the sets of all tables. Both are written by the agent: a set before the first
 * table that names it, and taken away after the last. When one is full the agent reports it and
 * leaves the table as it was.
 *
 * A table says nothing of a direction in which nothing is enforced. Where something is, identity 0
 * is in it: what holds for any peer. Two matches may be found, the peer's own and anybody's; a deny
 * goes before an allow, then the narrower before the broader (docs/decisions/0802).
 *
 * Memory order: the agent puts a new table before it raises the endpoint's epoch. A flow that is
 * marked with the new epoch was judged by the new table.
 */
#ifndef WEFT_POLICY_H
#define WEFT_POLICY_H

#include <weft/conntrack.h>
#include <weft/endpoints.h>

struct weft_policy_table {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct weft_policy_key);
	__type(value, __u32);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__array(values, struct weft_policy_table);
} weft_policies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1 << 20);
	__type(key, struct weft_policy_rule_key);
	__type(value, struct weft_policy_rule);
} weft_policy_rules SEC(".maps");

static __noinline int weft_policy_send(struct weft_walk *walk)
{
	struct weft_packet *packet = walk->packet;
	union weft_record *record =
		weft_record_begin(walk, WEFT_EVENT_POLICY, packet->policy_verdict);

	if (!record)
		return 0;
	record->policy.len_orig = walk->ctx->len;
	record->policy.len_cap = weft_capture_len(walk);
	record->policy.direction = packet->policy_direction;
	record->policy.flags = packet->policy_flags;
	record->policy.peer = packet->policy_peer;
	record->policy.rule = packet->policy_rule;
	record->policy.port = packet->policy_port;
	record->policy.proto = packet->policy_proto;
	record->policy.narrow = packet->policy_narrow;
	record->policy.ifindex = walk->ctx->ifindex;
	return weft_record_send(walk, record, sizeof(record->policy), record->policy.len_cap);
}

/* Who began the flow; an answer may stand for the beginning, if the flow's entry was lost. */
static __always_inline bool weft_policy_local_began(const struct weft_walk *walk)
{
	if (walk->ct)
		return walk->ct->flags & WEFT_CT_LOCAL_BEGAN;
	return weft_leaves_endpoint(walk) || walk->packet->ct_flags & WEFT_CT_LOCAL_BEGAN;
}

/* What the flow is to the one who decides: direction, peer, protocol and port of its beginning. */
static __always_inline void weft_policy_describe(struct weft_walk *walk)
{
	struct weft_packet *packet = walk->packet;
	bool local_began = weft_policy_local_began(walk);
	bool leaves = weft_leaves_endpoint(walk);
	__u8 icmp = packet->ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;

	packet->policy_direction = local_began ? WEFT_DIR_EGRESS : WEFT_DIR_INGRESS;
	packet->policy_peer = leaves ? packet->dst_identity : packet->src_identity;
	packet->policy_flags = walk->ct ? WEFT_POLICY_REVISED : 0;
	packet->policy_proto = packet->icmp_error ? icmp : packet->key.proto;
	if (packet->policy_proto != icmp)
		packet->policy_port =
			bpf_ntohs(local_began ? packet->key.remote_port : packet->key.local_port);
	else if (local_began == leaves)
		packet->policy_port = packet->icmp_type;
	else
		packet->policy_port = packet->ipv6 ? WEFT_ICMP6_ECHO : WEFT_ICMP_ECHO;
}

/* The rule of a set that is narrowest of those which the flow meets; NULL: none. */
static __always_inline struct weft_policy_rule *weft_policy_match(const struct weft_packet *packet,
								  const __u32 *set)
{
	struct weft_policy_rule_key key = {
		.prefix_len = WEFT_POLICY_ONE_PORT,
		.proto = packet->policy_proto,
		.port = bpf_htons(packet->policy_port),
	};

	if (!set || *set == WEFT_POLICY_NOTHING)
		return NULL;
	key.set = *set;
	return bpf_map_lookup_elem(&weft_policy_rules, &key);
}

static __always_inline bool weft_policy_outweighs(const struct weft_policy_rule *one,
						  const struct weft_policy_rule *other)
{
	if (!one || !other)
		return one;
	return one->deny != other->deny ? one->deny : one->narrow > other->narrow;
}

static __always_inline void weft_policy_decide(struct weft_packet *packet,
					       const struct weft_policy_rule *own,
					       const struct weft_policy_rule *any)
{
	bool by_any = weft_policy_outweighs(any, own);
	const struct weft_policy_rule *rule = by_any ? any : own;

	packet->policy_verdict = WEFT_POLICY_DENIED_BY_DEFAULT;
	packet->policy_rule = 0;
	packet->policy_narrow = 0;
	if (by_any)
		packet->policy_flags |= WEFT_POLICY_ANYBODY;
	if (!rule) {
		packet->policy_flags |= WEFT_POLICY_BY_NOBODY;
		return;
	}
	packet->policy_verdict = rule->deny ? WEFT_POLICY_DENIED_BY_RULE : WEFT_POLICY_ALLOWED;
	packet->policy_rule = rule->rule;
	packet->policy_narrow = rule->narrow;
}

/* Leaves the verdict in the packet. False: nothing is enforced in that direction. */
static __noinline int weft_policy_judge(struct weft_walk *walk)
{
	struct weft_packet *packet = walk->packet;
	struct weft_policy_key key = {};
	__u32 id = walk->endpoint->id;
	__u32 *own, *any;
	void *table;

	weft_policy_describe(walk);
	table = bpf_map_lookup_elem(&weft_policies, &id);
	if (!table)
		return 0;
	key.direction = packet->policy_direction;
	any = bpf_map_lookup_elem(table, &key);
	if (!any)
		return 0;
	key.identity = packet->policy_peer;
	own = bpf_map_lookup_elem(table, &key);
	weft_policy_decide(packet, weft_policy_match(packet, own), weft_policy_match(packet, any));
	return 1;
}

static __always_inline int weft_policy_apply(struct weft_walk *walk)
{
	struct weft_packet *packet = walk->packet;
	bool denied = packet->policy_verdict != WEFT_POLICY_ALLOWED;

	if (denied && walk->endpoint->flags & WEFT_ENDPOINT_AUDIT) {
		packet->policy_flags |= WEFT_POLICY_AUDIT;
		denied = false;
	}
	/* A flow that goes on as before is nothing to tell. */
	if (packet->events &
		    (denied ? WEFT_EVENTS_POLICY | WEFT_EVENTS_DROP : WEFT_EVENTS_POLICY) &&
	    (!walk->ct || packet->policy_verdict != WEFT_POLICY_ALLOWED))
		weft_policy_send(walk);
	if (!denied)
		return 0;
	return weft_refuse(walk, WEFT_FILE_POLICY,
			   packet->policy_verdict == WEFT_POLICY_DENIED_BY_RULE
				   ? WEFT_DROP_POLICY_DENY
				   : WEFT_DROP_POLICY);
}

/* After weft_ct_lookup(), before the flow gets its entry. Nothing is asked of ICMP errors that
 * belong to a flow which may be. */
static __always_inline int weft_policy_check(struct weft_walk *walk, enum weft_ct_state state)
{
	struct weft_endpoint *endpoint = walk->endpoint;
	__u32 epoch = endpoint->policy_epoch;
	int ret;

	walk->packet->policy_epoch = epoch;
	if (!(endpoint->flags & WEFT_ENDPOINT_POLICY) || state == WEFT_CT_RELATED ||
	    (walk->ct && walk->ct->policy_epoch == epoch))
		return 0;
	ret = weft_policy_judge(walk) ? weft_policy_apply(walk) : 0;
	if (!ret && walk->ct)
		walk->ct->policy_epoch = epoch;
	return ret;
}

#endif
