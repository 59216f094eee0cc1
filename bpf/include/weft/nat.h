/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Translation of sources. weft_nat_map() gives a flow a port of the node, weft_nat_find() finds the
 * flow that an answer belongs to.
 *
 * weft_nat: written by the programs, read by `weft bpf nat list`; the agent deletes entries whose
 * time is over, with the conntrack entry that has their port. When it is full, the one unused
 * longest goes; its flow takes its port again with the next packet that it sends, since that port
 * is in the flow's conntrack entry.
 *
 * Invariants: an entry past its time is as good as none. An entry belongs to the flow whose source
 * it names; whoever finds another's where its own should be takes another port. The sequence of
 * ports that are tried depends on the flow alone, so a flow whose conntrack entry was lost finds
 * its old port again while that is still its own.
 */
#ifndef WEFT_NAT_H
#define WEFT_NAT_H

#include <weft/conntrack.h>
#include <weft/rewrite.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct weft_nat_key);
	__type(value, struct weft_nat_value);
} weft_nat SEC(".maps");

#define WEFT_NAT_TRIES 32

/* walk->packet->key seen from the translated side: local is what stands for the source. */
static __always_inline void weft_nat_key(const struct weft_walk *walk, struct weft_nat_key *key)
{
	key->remote = walk->packet->key.remote;
	key->addr = walk->packet->key.local;
	key->remote_port = walk->packet->key.remote_port;
	key->port = walk->packet->key.local_port;
	key->proto = walk->packet->key.proto;
}

static __always_inline bool weft_nat_is_range(__be16 port)
{
	return bpf_ntohs(port) >= WEFT_NAT_PORT_MIN;
}

static __always_inline bool weft_nat_has_ports(__u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP;
}

static __always_inline struct weft_nat_value *weft_nat_find(const struct weft_walk *walk)
{
	struct weft_nat_value *nat;
	struct weft_nat_key key = {};

	/* Nobody is given a lower port. */
	if (weft_nat_has_ports(walk->packet->key.proto) &&
	    !weft_nat_is_range(walk->packet->key.local_port))
		return NULL;
	weft_nat_key(walk, &key);
	nat = bpf_map_lookup_elem(&weft_nat, &key);
	return nat && nat->expires >= weft_walk_now(walk) ? nat : NULL;
}

/* A source may reach one backend by two frontends: whose answer it is only the port can tell. A
 * pod's flow to the world has its frontend in its conntrack entry. */
static __always_inline bool weft_nat_is_of(const struct weft_nat_value *there,
					   const struct weft_nat_value *value)
{
	if (there->orig_port != value->orig_port ||
	    !weft_addr_equal(&there->orig_addr, &value->orig_addr))
		return false;
	return value->flags == WEFT_NAT_POD ||
	       (there->front_port == value->front_port &&
		weft_addr_equal(&there->front_addr, &value->front_addr));
}

/* Seconds are coarse, so a busy flow stores its time once a second, not once a packet. */
static __always_inline void weft_nat_extend(struct weft_nat_value *nat, __u32 expires)
{
	if (nat->expires != expires)
		nat->expires = expires;
}

/* The answers to a flow keep its port too. */
static __always_inline void weft_nat_refresh(const struct weft_walk *walk,
					     struct weft_nat_value *nat)
{
	if (walk->ct)
		weft_nat_extend(nat, walk->ct->expires);
}

/* Whether the entry at key is, or has become, that of the flow that value is for. */
static __always_inline bool weft_nat_take(struct weft_nat_key *key,
					  const struct weft_nat_value *value)
{
	struct weft_nat_value *there = bpf_map_lookup_elem(&weft_nat, key);

	if (there && weft_nat_is_of(there, value)) {
		weft_nat_extend(there, value->expires);
		return true;
	}
	if (there) {
		if (there->expires >= value->created)
			return false;
		bpf_map_delete_elem(&weft_nat, key);
	}
	/* Of two CPUs that want the port one gets it. */
	return !bpf_map_update_elem(&weft_nat, key, value, BPF_NOEXIST);
}

/* FNV-1a over what names the flow. */
static __always_inline __u32 weft_nat_hash(const struct weft_ct_key *key)
{
	const __u32 *word = (const __u32 *)key;
	__u32 hash = 2166136261U;
	__u32 i;

#pragma unroll
	for (i = 0; i < sizeof(*key) / sizeof(*word); i++)
		hash = (hash ^ word[i]) * 16777619U;
	return hash ^ hash >> 15;
}

static __always_inline __be16 weft_nat_port(__u32 number)
{
	return bpf_htons(WEFT_NAT_PORT_MIN | (number & (WEFT_NAT_PORT_MAX - WEFT_NAT_PORT_MIN)));
}

/* What a source is to become, for weft_nat_map(). */
struct weft_nat_target {
	struct weft_addr addr;
	__u32 expires; /* 0: as the flow begins */
	__u16 flags;   /* enum weft_nat_flags */
};

static __always_inline void weft_nat_begin(const struct weft_walk *walk,
					   const struct weft_nat_target *target,
					   struct weft_nat_value *value)
{
	value->orig_addr = walk->packet->key.local;
	value->orig_port = walk->packet->key.local_port;
	value->front_addr = walk->packet->front_addr;
	value->front_port = walk->packet->front_port;
	value->service_id = walk->packet->service_id;
	value->flags = target->flags;
	value->created = weft_walk_now(walk);
	value->expires = target->expires ?: value->created + WEFT_CT_TIMEOUT_SYN;
}

/*
 * Gives walk's flow (key.local is its source) a port at target, in walk->packet->nat_port; a port
 * that is there is tried first, then the flow's own.
 */
static __noinline int weft_nat_map(struct weft_walk *walk, struct weft_nat_target *target)
{
	struct weft_nat_value value = {};
	struct weft_nat_key key = {};
	__u32 number = 0, step = 0, i;

	weft_nat_begin(walk, target, &value);
	weft_nat_key(walk, &key);
	key.addr = target->addr;
	if (walk->packet->nat_port)
		key.port = walk->packet->nat_port;
	else if (!weft_nat_is_range(key.port))
		key.port = weft_nat_port(weft_nat_hash(&walk->packet->key));
	for (i = 0; i < WEFT_NAT_TRIES; i++) {
		if (weft_nat_take(&key, &value)) {
			walk->packet->nat_port = key.port;
			weft_debug(walk, WEFT_DEBUG_NAT_PORT,
				   bpf_ntohs(walk->packet->key.local_port), bpf_ntohs(key.port), 0);
			return 0;
		}
		if (!i) {
			number = weft_nat_hash(&walk->packet->key);
			step = number >> 16 |
			       1; /* odd: it meets every port before it repeats one */
		}
		number += step;
		key.port = weft_nat_port(number);
	}
	return weft_refuse(walk, WEFT_FILE_NAT, WEFT_DROP_NAT_NO_MAPPING);
}

/* The source becomes what weft_nat_map() found. */
static __always_inline int weft_nat_apply(struct weft_walk *walk, const struct weft_addr *addr)
{
	struct weft_end source = {
		.addr = *addr,
		.port = walk->packet->nat_port,
		.side = WEFT_SOURCE,
	};

	return weft_rewrite(walk, &source);
}

/*
 * The port of a flow that has a conntrack entry, which keeps it: walk->ct. The two end together.
 */
static __always_inline int weft_nat_keep(struct weft_walk *walk, struct weft_nat_target *target)
{
	struct weft_ct_value *ct = walk->ct;
	int ret;

	if (!ct)
		return weft_refuse(walk, WEFT_FILE_NAT, WEFT_DROP_NAT_UNSUPPORTED);
	walk->packet->nat_port = ct->nat_port;
	target->expires = ct->expires;
	ret = weft_nat_map(walk, target);
	if (!ret && ct->nat_port != walk->packet->nat_port)
		ct->nat_port = walk->packet->nat_port;
	return ret;
}

/* How long a port is kept for a flow of the node itself, whose state nobody here knows. */
static __always_inline __u32 weft_nat_host_timeout(const struct weft_walk *walk)
{
	if (walk->packet->key.proto != IPPROTO_TCP)
		return WEFT_CT_TIMEOUT_ANY;
	if (walk->packet->tcp_flags & (WEFT_TCP_SYN | WEFT_TCP_FIN | WEFT_TCP_RST))
		return WEFT_CT_TIMEOUT_SYN;
	return WEFT_CT_TIMEOUT_TCP;
}

static __always_inline bool weft_nat_concerns(const struct weft_walk *walk)
{
	if (walk->packet->icmp_error)
		return false;
	return weft_nat_has_ports(walk->packet->key.proto)
		       ? weft_nat_is_range(walk->packet->key.local_port)
		       : walk->packet->key.local_port != 0;
}

/*
 * The flow has no entry at its own port: it takes that, unless it has left by another one before or
 * the port is another flow's. A flow never changes its port while it lasts.
 */
static __noinline int weft_nat_reserve_port(struct weft_walk *walk, struct weft_nat_target *target)
{
	struct weft_nat_value value = {};
	struct weft_nat_key key = {};
	int ret;

	/* Who looked it up has counted the packet. */
	if (!walk->ct)
		weft_ct_lookup(walk);
	weft_nat_begin(walk, target, &value);
	weft_nat_key(walk, &key);
	if (!walk->ct && weft_nat_take(&key, &value))
		return 0;
	ret = weft_ct_require(walk);
	if (!ret)
		ret = weft_nat_keep(walk, target);
	return ret ?: weft_nat_apply(walk, &target->addr);
}

/*
 * A flow of the node itself (key.local) leaves by an address that flows are translated to: nobody
 * else is to get its port for the same remote.
 */
static __always_inline int weft_nat_reserve(struct weft_walk *walk)
{
	struct weft_nat_target target = {.addr = walk->packet->key.local, .flags = WEFT_NAT_HOST};
	struct weft_nat_value *nat;

	if (!weft_nat_concerns(walk))
		return 0;
	target.expires = weft_walk_now(walk) + weft_nat_host_timeout(walk);
	nat = weft_nat_find(walk);
	if (!nat || nat->flags != WEFT_NAT_HOST || nat->orig_port != walk->packet->key.local_port)
		return weft_nat_reserve_port(walk, &target);
	weft_nat_extend(nat, target.expires);
	return 0;
}

/* An answer to a flow of the node itself: to the port that it knows. */
static __always_inline int weft_nat_return(struct weft_walk *walk, const struct weft_nat_value *nat)
{
	struct weft_end dest = {
		.addr = nat->orig_addr,
		.port = nat->orig_port,
		.side = WEFT_DESTINATION,
	};

	if (nat->orig_port == walk->packet->key.local_port)
		return 0;
	return weft_rewrite(walk, &dest);
}

#endif
