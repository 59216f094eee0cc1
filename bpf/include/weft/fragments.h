/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Only the first fragment of a datagram has ports. weft_fragment_store() keeps them for the others,
 * which weft_fragment_lookup() gives them to. hold.h has what becomes of those that come too early.
 *
 * weft_fragments: written and read by the programs. When it is full the datagram unused longest
 * goes: what still comes of it is as if its first fragment had not been seen.
 */
#ifndef WEFT_FRAGMENTS_H
#define WEFT_FRAGMENTS_H

#include <weft/clock.h>
#include <weft/walk.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct weft_fragment_key);
	__type(value, struct weft_fragment_value);
} weft_fragments SEC(".maps");

static __always_inline void weft_fragment_key(const struct weft_walk *walk,
					      struct weft_fragment_key *key)
{
	bool leaves = weft_leaves_endpoint(walk);

	key->saddr = leaves ? walk->packet->key.local : walk->packet->key.remote;
	key->daddr = leaves ? walk->packet->key.remote : walk->packet->key.local;
	key->id = walk->packet->fragment_id;
	/* RFC 8200 section 4.5: the first fragment may have headers more than the others name. */
	key->proto = walk->packet->ipv6 ? 0 : walk->packet->key.proto;
}

/* Identifiers come again: what is older is another datagram's. */
static __always_inline struct weft_fragment_value *
weft_fragment_find(const struct weft_fragment_key *key)
{
	struct weft_fragment_value *value = bpf_map_lookup_elem(&weft_fragments, key);

	return value && weft_now() - value->time <= WEFT_FRAGMENT_TIME ? value : NULL;
}

/* A failure costs the later fragments, not this one. Those that wait for it are in packet->held. */
static __always_inline void weft_fragment_store(const struct weft_walk *walk, __be16 sport,
						__be16 dport)
{
	struct weft_fragment_value value = {
		.sport = sport,
		.dport = dport,
		.time = weft_now(),
		.identity = walk->packet->src_identity,
		.known = 1,
	};
	struct weft_fragment_key key = {};
	struct weft_fragment_value *waiting;

	weft_fragment_key(walk, &key);
	waiting = weft_fragment_find(&key);
	if (!waiting) {
		bpf_map_update_elem(&weft_fragments, &key, &value, BPF_ANY);
		return;
	}
	waiting->sport = sport;
	waiting->dport = dport;
	/* Known before it is asked how many wait: who comes meanwhile looks once more. */
	waiting->known = 1;
	barrier();
	walk->packet->held = waiting->held;
}

static __always_inline int weft_fragment_lookup(struct weft_walk *walk, __be16 *sport,
						__be16 *dport)
{
	struct weft_fragment_key key = {};
	struct weft_fragment_value *value;

	weft_fragment_key(walk, &key);
	value = weft_fragment_find(&key);
	if (!value || !value->known)
		return weft_refuse(walk, WEFT_FILE_FRAGMENTS, WEFT_DROP_FIRST_FRAGMENT_MISSING);
	*sport = value->sport;
	*dport = value->dport;
	return 0;
}

#endif
