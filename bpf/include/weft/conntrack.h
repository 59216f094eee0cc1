/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connection tracking: weft_ct_lookup() says what a packet is to its flow and keeps the flow's
 * entry up to date; weft_ct_create() makes the entry once the packet may pass.
 *
 * weft_ct_tcp, weft_ct_any: written by the pod and overlay programs, read by `weft bpf ct list`;
 * the agent deletes what has expired. Key as in abi.h. When one is full, the flow unused longest
 * goes and its next packet is new again.
 *
 * Invariants: one entry a flow and endpoint, found from both directions by the same key. An entry
 * past its time is as good as none. ICMP errors find the entry of the flow that they quote and
 * leave it as it is, so that nobody keeps a flow alive by them. tx fields are written by the CPU
 * that handles the packets which the endpoint sends, rx fields by that of those which it receives:
 * RSS and the socket keep each direction on one CPU, so plain stores do; a flow that changes CPU
 * can lose a count, never its state.
 */
#ifndef WEFT_CONNTRACK_H
#define WEFT_CONNTRACK_H

#include <weft/clock.h>
#include <weft/events.h>
#include <weft/packet.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct weft_ct_key);
	__type(value, struct weft_ct_value);
} weft_ct_tcp SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct weft_ct_key);
	__type(value, struct weft_ct_value);
} weft_ct_any SEC(".maps");

/* Two calls, not one on either map: so the JIT calls the map's own function. */
static __always_inline struct weft_ct_value *weft_ct_find(const struct weft_ct_key *key)
{
	if (key->proto == IPPROTO_TCP)
		return bpf_map_lookup_elem(&weft_ct_tcp, key);
	return bpf_map_lookup_elem(&weft_ct_any, key);
}

static __always_inline bool weft_ct_is_opening(const struct weft_walk *walk)
{
	return (walk->packet->tcp_flags & (WEFT_TCP_SYN | WEFT_TCP_ACK)) == WEFT_TCP_SYN;
}

/* FIN closes its own direction. So does RST, but if one side never spoke there is nothing left to
 * wait for. */
static __always_inline void weft_ct_close(struct weft_walk *walk, struct weft_ct_value *ct)
{
	bool both_spoke = ct->tx_flags_seen & ct->rx_flags_seen & WEFT_TCP_SYN;
	bool reset = walk->packet->tcp_flags & WEFT_TCP_RST && !both_spoke;

	if (reset || weft_leaves_endpoint(walk))
		ct->tx_closing = 1;
	if (reset || !weft_leaves_endpoint(walk))
		ct->rx_closing = 1;
}

/* Idle time that the flow has from now on; 0: it keeps the time that it has. */
static __always_inline __u32 weft_ct_track_tcp(struct weft_walk *walk, struct weft_ct_value *ct)
{
	bool leaves = weft_leaves_endpoint(walk);
	__u8 seen = leaves ? ct->tx_flags_seen : ct->rx_flags_seen;
	__u8 flags = walk->packet->tcp_flags;

	if (flags & ~seen) {
		if (leaves)
			ct->tx_flags_seen = seen | flags;
		else
			ct->rx_flags_seen = seen | flags;
		walk->packet->report = true;
	}
	if (flags && !(flags & WEFT_TCP_SYN) && !ct->seen_non_syn)
		ct->seen_non_syn = 1;
	if (flags & (WEFT_TCP_FIN | WEFT_TCP_RST))
		weft_ct_close(walk, ct);
	if (ct->tx_closing && ct->rx_closing)
		return flags & (WEFT_TCP_FIN | WEFT_TCP_RST) ? WEFT_CT_TIMEOUT_CLOSE : 0;
	return ct->seen_non_syn ? WEFT_CT_TIMEOUT_TCP : WEFT_CT_TIMEOUT_SYN;
}

static __always_inline void weft_ct_count(struct weft_walk *walk, struct weft_ct_value *ct,
					  __u32 now)
{
	if (weft_leaves_endpoint(walk)) {
		ct->tx_packets++;
		ct->tx_bytes += walk->ctx->len;
		if (now - ct->tx_report >= WEFT_CT_REPORT_INTERVAL) {
			ct->tx_report = now;
			walk->packet->report = true;
		}
	} else {
		ct->rx_packets++;
		ct->rx_bytes += walk->ctx->len;
		if (now - ct->rx_report >= WEFT_CT_REPORT_INTERVAL) {
			ct->rx_report = now;
			walk->packet->report = true;
		}
	}
}

/* Seconds are coarse, so a busy flow stores its time once a second, not once a packet. */
static __always_inline void weft_ct_extend(struct weft_ct_value *ct, __u32 now, __u32 timeout)
{
	if (timeout && ct->expires != now + timeout)
		ct->expires = now + timeout;
}

/* The same ends, but the client called the backend by another name: its answers come from there
 * now, so the flow begins again. Of a service's own entry the name is part of the key. */
static __always_inline bool weft_ct_is_renamed(const struct weft_walk *walk,
					       const struct weft_ct_value *ct)
{
	bool local_began = ct->flags & WEFT_CT_LOCAL_BEGAN;

	return walk->packet->key.scope == WEFT_CT_SCOPE_ENDPOINT &&
	       local_began == weft_leaves_endpoint(walk) &&
	       ct->service_id != walk->packet->service_id;
}

static __always_inline enum weft_ct_state weft_ct_track(struct weft_walk *walk,
							struct weft_ct_value *ct, __u32 now)
{
	bool local_began = ct->flags & WEFT_CT_LOCAL_BEGAN;
	__u32 timeout = WEFT_CT_TIMEOUT_ANY;

	if (weft_ct_is_renamed(walk, ct))
		return WEFT_CT_REOPENED;
	if (walk->packet->key.proto == IPPROTO_TCP) {
		if (weft_ct_is_opening(walk) && (ct->tx_closing || ct->rx_closing))
			return WEFT_CT_REOPENED;
		timeout = weft_ct_track_tcp(walk, ct);
	}
	weft_ct_count(walk, ct, now);
	weft_ct_extend(ct, now, timeout);
	return local_began == weft_leaves_endpoint(walk) ? WEFT_CT_ESTABLISHED : WEFT_CT_REPLY;
}

static __always_inline void weft_ct_debug_lookup(struct weft_walk *walk)
{
	bool leaves = weft_leaves_endpoint(walk);
	const struct weft_ct_key *key = &walk->packet->key;
	__u32 sport = bpf_ntohs(leaves ? key->local_port : key->remote_port);
	__u32 dport = bpf_ntohs(leaves ? key->remote_port : key->local_port);
	__be32 source = leaves ? key->local.word[3] : key->remote.word[3];
	__be32 dest = leaves ? key->remote.word[3] : key->local.word[3];

	weft_debug(walk, WEFT_DEBUG_CT_LOOKUP_ADDRS, source, dest, dport << 16 | sport);
	weft_debug(walk, WEFT_DEBUG_CT_LOOKUP_PROTO, key->proto, leaves, 0);
}

static __noinline int weft_ct_look(struct weft_walk *walk)
{
	enum weft_ct_state state = WEFT_CT_NEW;
	struct weft_ct_value *ct = NULL;
	__u32 now = weft_walk_now(walk);

	walk->ct = NULL;
	if (walk->packet->events & WEFT_EVENTS_DEBUG)
		weft_ct_debug_lookup(walk);
	if (!walk->packet->quote_untracked)
		ct = weft_ct_find(&walk->packet->key);
	if (ct && ct->expires >= now) {
		state = walk->packet->icmp_error ? WEFT_CT_RELATED : weft_ct_track(walk, ct, now);
		if (state != WEFT_CT_REOPENED)
			walk->ct = ct;
		weft_debug(walk, WEFT_DEBUG_CT_FOUND, ct->expires, ct->service_id, 0);
	}
	if (!walk->ct || walk->packet->icmp_error)
		walk->packet->report = true;
	weft_debug(walk, WEFT_DEBUG_CT_VERDICT, state, walk->ct ? walk->ct->service_id : 0, 0);
	walk->packet->ct_state = state;
	return 0;
}

/*
 * Leaves the entry in walk->ct unless the flow is new or begins again. The state comes by way of
 * the map's memory: the verifier of Linux 6.1 would follow the rest of the way once for each.
 */
static __always_inline enum weft_ct_state weft_ct_lookup(struct weft_walk *walk)
{
	weft_ct_look(walk);
	return walk->packet->ct_state;
}

/*
 * Begins the flow with this packet; nothing is kept of an ICMP error that belongs to none. Two CPUs
 * that begin the same flow at once overwrite each other with the same state.
 */
static __noinline int weft_ct_create(struct weft_walk *walk)
{
	struct weft_ct_value ct = {
		.service_id = walk->packet->service_id,
		.backend_id = walk->packet->backend_id,
		.nat_port = walk->packet->nat_port,
		.front_port = walk->packet->front_port,
		.front_addr = walk->packet->front_addr,
		.policy_epoch = walk->packet->policy_epoch,
	};
	bool leaves = weft_leaves_endpoint(walk);
	__u32 now = weft_walk_now(walk);
	int ret;

	if (walk->packet->icmp_error)
		return 0;
	ct.flags = walk->packet->ct_flags | (leaves ? WEFT_CT_LOCAL_BEGAN : 0);
	/* An answer may begin the entry of a flow that was lost. */
	ct.src_identity = !leaves && ct.flags & WEFT_CT_LOCAL_BEGAN ? walk->packet->dst_identity
								    : walk->packet->src_identity;
	*(leaves ? &ct.tx_packets : &ct.rx_packets) = 1;
	*(leaves ? &ct.tx_bytes : &ct.rx_bytes) = walk->ctx->len;
	*(leaves ? &ct.tx_report : &ct.rx_report) = now;
	if (walk->packet->key.proto == IPPROTO_TCP) {
		weft_ct_extend(&ct, now, weft_ct_track_tcp(walk, &ct));
		ret = bpf_map_update_elem(&weft_ct_tcp, &walk->packet->key, &ct, BPF_ANY);
	} else {
		weft_ct_extend(&ct, now, WEFT_CT_TIMEOUT_ANY);
		ret = bpf_map_update_elem(&weft_ct_any, &walk->packet->key, &ct, BPF_ANY);
	}
	weft_debug(walk, WEFT_DEBUG_CT_CREATE, walk->packet->service_id & 0xffff,
		   walk->packet->src_identity, walk->packet->front_addr.word[3]);
	if (ret) {
		walk->packet->ext_error = ret;
		return weft_refuse(walk, WEFT_FILE_CONNTRACK, WEFT_DROP_CT_INSERT_FAILED);
	}
	return 0;
}

/* Begins the flow if need be, and leaves its entry in walk->ct unless the packet is an ICMP error
 * of no flow. */
static __always_inline int weft_ct_require(struct weft_walk *walk)
{
	int ret;

	if (walk->ct)
		return 0;
	ret = weft_ct_create(walk);
	if (!ret && !walk->packet->icmp_error)
		walk->ct = weft_ct_find(&walk->packet->key);
	return ret;
}

#endif
