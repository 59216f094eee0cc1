/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_reverse(): what a backend answers comes from what the client called. The flow's conntrack
 * entry says what that was, so the service itself may be gone.
 */
#ifndef WEFT_REVERSE_H
#define WEFT_REVERSE_H

#include <weft/conntrack.h>
#include <weft/rewrite.h>

/* Whether the packet comes from the side that the client called by another name. */
static __always_inline bool weft_is_from_backend(const struct weft_walk *walk)
{
	bool local_began = walk->ct->flags & WEFT_CT_LOCAL_BEGAN;

	return local_began != weft_leaves_endpoint(walk) &&
	       !weft_addr_is_none(&walk->ct->front_addr);
}

/* The source becomes the frontend; of a router's ICMP error only in what it quotes. */
static __always_inline int weft_reverse_as(struct weft_walk *walk, const struct weft_addr *addr,
					   __be16 port)
{
	const struct weft_addr *backend =
		weft_leaves_endpoint(walk) ? &walk->packet->key.local : &walk->packet->key.remote;
	const struct weft_addr *source =
		weft_leaves_endpoint(walk) ? backend : &walk->packet->peer.addr;
	struct weft_end front = {.addr = *addr, .port = port, .side = WEFT_SOURCE};

	weft_debug(walk, WEFT_DEBUG_REVERSE_NAT, addr->word[3], bpf_ntohs(port), 0);
	if (!walk->packet->icmp_error || weft_addr_equal(source, backend))
		return weft_rewrite(walk, &front);
	return weft_rewrite_quote(walk, &front)
		       ? weft_refuse(walk, WEFT_FILE_REWRITE, WEFT_DROP_WRITE_ERROR)
		       : 0;
}

static __always_inline int weft_reverse(struct weft_walk *walk)
{
	if (!walk->ct || !weft_is_from_backend(walk))
		return 0;
	return weft_reverse_as(walk, &walk->ct->front_addr, walk->ct->front_port);
}

#endif
