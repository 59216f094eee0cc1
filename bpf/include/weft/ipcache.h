/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_ipcache_lookup(): who the other end of a packet is and which node it lives on;
 * weft_ipcache_find(): who has an address.
 *
 * weft_ipcache: an LPM trie, written by the agent from the store's watch, read by the pod program
 * and `weft bpf ipcache list`. Key order: prefix length, then the address from its first byte on.
 * When it is full the agent reports it and retries.
 *
 * weft_ipcache_single: the entries of single addresses once more, by address. A trie is as deep as
 * it has entries, a step of each lookup being a cache miss: 155 ns with 10,000 of them, where the
 * hash takes 30 with any number. What is missing here is in the trie, so the agent may write the
 * two one after the other.
 */
#ifndef WEFT_IPCACHE_H
#define WEFT_IPCACHE_H

#include <weft/addr.h>
#include <weft/events.h>
#include <weft/walk.h>

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 512000);
	__type(key, struct weft_ipcache_key);
	__type(value, struct weft_ipcache_value);
} weft_ipcache SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 512000);
	__type(key, struct weft_addr);
	__type(value, struct weft_ipcache_value);
} weft_ipcache_single SEC(".maps");

static __always_inline struct weft_ipcache_value *weft_ipcache_find(const struct weft_addr *addr)
{
	struct weft_ipcache_value *single = bpf_map_lookup_elem(&weft_ipcache_single, addr);
	struct weft_ipcache_key key = {.prefix_len = WEFT_ADDR_BITS, .addr = *addr};

	return single ?: bpf_map_lookup_elem(&weft_ipcache, &key);
}

/* World as a whole, or a prefix of it. */
static __always_inline bool weft_is_world(__u32 identity)
{
	return identity == WEFT_IDENTITY_WORLD || identity >> 24 == WEFT_IDENTITY_PREFIXES >> 24;
}

/* What was found of the packet's other end; NULL: nothing. */
static __always_inline void weft_ipcache_tell(struct weft_walk *walk,
					      const struct weft_ipcache_value *value)
{
	__be32 addr = walk->packet->peer.addr.word[3];

	if (value)
		weft_debug(walk, WEFT_DEBUG_IPCACHE_HIT, addr, value->identity, 0);
	else
		weft_debug(walk, WEFT_DEBUG_IPCACHE_MISS, addr, 0, 0);
}

static __always_inline struct weft_ipcache_value *weft_ipcache_lookup(struct weft_walk *walk)
{
	struct weft_ipcache_value *single =
		bpf_map_lookup_elem(&weft_ipcache_single, &walk->packet->peer.addr);

	return single ?: bpf_map_lookup_elem(&weft_ipcache, &walk->packet->peer);
}

/* Of a sender that is known to be outside the cluster; one that is a prefix's only if its own
 * address says so. */
static __always_inline __u32 weft_ipcache_world(struct weft_walk *walk)
{
	struct weft_ipcache_value *from = weft_ipcache_lookup(walk);

	return from && weft_is_world(from->identity) ? from->identity : WEFT_IDENTITY_WORLD;
}

#endif
