/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Direct server return: the node that a client called passes the packet on as it came, and the
 * backend's node translates it and answers the client itself. So the backend sees the client's
 * address and the answer takes the short way.
 *
 * Which backend was chosen must come with the packet. The inner Ethernet header has room: its
 * addresses mean nothing in the overlay, where every delivery writes them anew. weft_dsr_mark()
 * puts the low half of the backend's address and its port there; the high half is that of every pod
 * of the node that reads it (a pod CIDR of IPv6 is at least a /64). No byte is added, so no MTU
 * changes, and IPv4 and IPv6 are alike, without options that routers on the way might refuse.
 */
#ifndef WEFT_DSR_H
#define WEFT_DSR_H

#include <weft/config.h>
#include <weft/packet.h>

/* In place of destination and source of the Ethernet header. */
struct weft_dsr {
	__be32 low[2]; /* words 2 and 3 of the backend's address */
	__be16 port;
	__be16 magic;
};

#define WEFT_DSR_MAGIC 0x5744

_Static_assert(sizeof(struct weft_dsr) == 2 * ETH_ALEN, "weft_dsr");

static __always_inline int weft_dsr_mark(struct weft_walk *walk, const struct weft_backend *backend)
{
	struct weft_dsr dsr = {
		.low = {backend->addr.word[2], backend->addr.word[3]},
		.port = backend->port,
		.magic = bpf_htons(WEFT_DSR_MAGIC),
	};

	if (bpf_skb_store_bytes(walk->ctx, 0, &dsr, sizeof(dsr), 0))
		return weft_refuse(walk, WEFT_FILE_REWRITE, WEFT_DROP_WRITE_ERROR);
	return 0;
}

/* Whether another node chose a backend for the packet. It is a pod of this node, or none. */
static __always_inline bool weft_dsr_read(const struct weft_walk *walk, struct weft_addr *addr,
					  __be16 *port)
{
	struct weft_dsr dsr;

	if (bpf_skb_load_bytes(walk->ctx, 0, &dsr, sizeof(dsr)) ||
	    dsr.magic != bpf_htons(WEFT_DSR_MAGIC))
		return false;
	addr->word[0] = walk->packet->ipv6 ? weft_config.router_addr6.word[0] : 0;
	addr->word[1] = walk->packet->ipv6 ? weft_config.router_addr6.word[1] : 0;
	addr->word[2] = dsr.low[0];
	addr->word[3] = dsr.low[1];
	*port = dsr.port;
	return true;
}

#endif
