/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fragments in any order. One that comes before the first of its datagram belongs to no flow yet:
 * weft_parse_datagram() holds it, and lets go of all that wait when the first one comes. The kernel
 * has no way for a program to keep a packet, so its bytes are kept; the first fragment's own buffer
 * takes the shape of each in turn, and a copy of it is received once more on the device, behind the
 * first. Who receives a datagram does not care for the order of its parts.
 *
 * weft_held: written and read by the programs. When it is full the fragment that waits longest is
 * lost, as on any way. weft_frames: scratch, one for what is stored and one for the first fragment
 * while it is in disguise.
 */
#ifndef WEFT_HOLD_H
#define WEFT_HOLD_H

#include <weft/drop.h>
#include <weft/packet.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct weft_held_key);
	__type(value, struct weft_held);
} weft_held SEC(".maps");

#define WEFT_HOLD_TRIES 4

enum weft_frame {
	WEFT_FRAME_LATER,
	WEFT_FRAME_FIRST,
	WEFT_FRAMES,
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WEFT_FRAMES);
	__type(key, __u32);
	__type(value, struct weft_held);
} weft_frames SEC(".maps");

/* Copies the whole frame; NULL if it is too long. */
static __always_inline struct weft_held *weft_frame_save(const struct weft_walk *walk, __u32 which)
{
	struct weft_held *frame = bpf_map_lookup_elem(&weft_frames, &which);
	__u32 len = walk->ctx->len;

	if (!frame || weft_load_bytes(walk, 0, frame->frame, len, WEFT_HELD_FRAME))
		return NULL;
	frame->len = len;
	return frame;
}

/* The frame becomes this one. */
static __always_inline int weft_frame_restore(const struct weft_walk *walk, struct weft_held *frame)
{
	__u32 last = frame->len - 1;

	/* The form that old verifiers understand, see weft_load_bytes(). */
	asm volatile("" : "+r"(last));
	if (last >= WEFT_HELD_FRAME || bpf_skb_change_tail(walk->ctx, last + 1, 0))
		return -1;
	return bpf_skb_store_bytes(walk->ctx, 0, frame->frame, last + 1, 0);
}

static __always_inline struct weft_fragment_value *
weft_hold_datagram(const struct weft_walk *walk, const struct weft_fragment_key *key)
{
	struct weft_fragment_value fresh = {
		.time = weft_now(),
		.identity = walk->packet->src_identity,
	};
	struct weft_fragment_value *waiting = weft_fragment_find(key);

	if (waiting)
		return waiting;
	bpf_map_update_elem(&weft_fragments, key, &fresh, BPF_ANY);
	return bpf_map_lookup_elem(&weft_fragments, key);
}

/* Two CPUs may want the same slot: the second takes the next one. */
static __always_inline int weft_hold_frame(struct weft_fragment_value *datagram,
					   struct weft_held_key *key, struct weft_held *frame)
{
	int tries;

	key->slot = datagram->held;
	for (tries = 0; tries < WEFT_HOLD_TRIES && key->slot < WEFT_HELD_SLOTS; tries++) {
		if (!bpf_map_update_elem(&weft_held, key, frame, BPF_NOEXIST)) {
			datagram->held = key->slot + 1;
			return 0;
		}
		key->slot++;
	}
	return -1;
}

/* A verdict, 0 if the first fragment came in the meantime, or the refusal where it cannot wait. */
static __noinline int weft_hold(struct weft_walk *walk, int refusal)
{
	struct weft_held *frame = weft_frame_save(walk, WEFT_FRAME_LATER);
	struct weft_fragment_value *datagram;
	struct weft_held_key key = {};

	if (!frame)
		return refusal;
	weft_fragment_key(walk, &key.datagram);
	datagram = weft_hold_datagram(walk, &key.datagram);
	if (!datagram || weft_hold_frame(datagram, &key, frame))
		return refusal;
	barrier();
	if (!datagram->known)
		return weft_consume();
	/* Whichever of the two takes it out sends it on. */
	return bpf_map_delete_elem(&weft_held, &key) ? weft_consume() : 0;
}

static __always_inline void weft_release_one(struct weft_walk *walk, struct weft_held_key *key)
{
	struct weft_held *held = bpf_map_lookup_elem(&weft_held, key);

	if (!held || weft_frame_restore(walk, held) || bpf_map_delete_elem(&weft_held, key))
		return;
	bpf_clone_redirect(walk->ctx, walk->ctx->ifindex, BPF_F_INGRESS);
}

/* 0, or a verdict if the first fragment was lost on the way. */
static __noinline int weft_release(struct weft_walk *walk)
{
	struct weft_held *first = weft_frame_save(walk, WEFT_FRAME_FIRST);
	struct weft_held_key key = {};
	__u32 i;

	if (!first)
		return 0;
	weft_fragment_key(walk, &key.datagram);
	for (i = 0; i < WEFT_HELD_SLOTS && i < walk->packet->held; i++) {
		key.slot = i;
		weft_release_one(walk, &key);
	}
	return weft_frame_restore(walk, first) ? weft_consume() : 0;
}

/* The flow of the packet, whenever it comes: weft_parse_flow() for who knows what to do with a
 * fragment. */
static __always_inline int weft_parse_datagram(struct weft_walk *walk)
{
	int ret = weft_parse_flow(walk);

	if (ret == -WEFT_DROP_FIRST_FRAGMENT_MISSING) {
		ret = weft_hold(walk, ret);
		return ret ?: weft_parse_flow(walk);
	}
	if (ret || !walk->packet->held)
		return ret;
	return weft_release(walk);
}

#endif
