/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Only the first fragment of a datagram has ports. weft_fragment_store() keeps them for the others,
 * which weft_fragment_lookup() gives them to.
 *
 * weft_fragments: written and read by the pod and overlay programs. When it is full the datagram
 * unused longest goes: what still comes of it is dropped with WEFT_DROP_FIRST_FRAGMENT_MISSING.
 */
#ifndef WEFT_FRAGMENTS_H
#define WEFT_FRAGMENTS_H

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

/* A failure costs the later fragments, not this one. */
static __always_inline void weft_fragment_store(const struct weft_walk *walk, __be16 sport,
						__be16 dport)
{
	struct weft_fragment_value value = {.sport = sport, .dport = dport};
	struct weft_fragment_key key = {};

	weft_fragment_key(walk, &key);
	bpf_map_update_elem(&weft_fragments, &key, &value, BPF_ANY);
}

static __always_inline int weft_fragment_lookup(struct weft_walk *walk, __be16 *sport,
						__be16 *dport)
{
	struct weft_fragment_key key = {};
	struct weft_fragment_value *value;

	weft_fragment_key(walk, &key);
	value = bpf_map_lookup_elem(&weft_fragments, &key);
	if (!value)
		return weft_refuse(walk, WEFT_FILE_FRAGMENTS, WEFT_DROP_FIRST_FRAGMENT_MISSING);
	*sport = value->sport;
	*dport = value->dport;
	return 0;
}

#endif
