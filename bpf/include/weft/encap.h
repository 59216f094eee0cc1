/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The overlay as the kernel's VXLAN device sees it: the VNI is the identity of the sender, the
 * tunnel key names the node. Both ways through the overlay will share weft_encap_mark() and the
 * checks here.
 */
#ifndef WEFT_ENCAP_H
#define WEFT_ENCAP_H

#include <stddef.h>
#include <bpf/bpf_endian.h>
#include <weft/config.h>
#include <weft/events.h>
#include <weft/ipcache.h>

#define WEFT_TUNNEL_TTL 64

/* The kernel takes a key cut off at one of these fields; what is behind them is younger than
 * Linux 5.10. */
#define WEFT_TUNNEL_KEY_SET_SIZE offsetof(struct bpf_tunnel_key, tunnel_ext)
#define WEFT_TUNNEL_KEY_GET_SIZE offsetof(struct bpf_tunnel_key, remote_ipv6[1])

static __always_inline __u32 weft_encap_mark(__u32 identity)
{
	return (identity & 0xffff) << 16 | WEFT_MARK_OVERLAY | ((identity >> 16) & 0xff);
}

static __always_inline __u32 weft_encap_identity(__u32 mark)
{
	return mark >> 16 | (mark & 0xff) << 16;
}

static __always_inline bool weft_encap_is_marked(const struct __sk_buff *ctx)
{
	return (ctx->mark & WEFT_MARK_MASK) == WEFT_MARK_OVERLAY;
}

/* Numbers of this node mean nothing to another one. */
static __always_inline void weft_encap_generalize(struct weft_walk *walk)
{
	if (weft_is_world(walk->packet->src_identity))
		walk->packet->src_identity = WEFT_IDENTITY_WORLD;
}

/* Sends the packet of walk->packet->src_identity to the pods of node. */
static __always_inline int weft_encap(struct weft_walk *walk, __be32 node, enum weft_ct_state state)
{
	__u32 ifindex = weft_config.overlay_ifindex;
	struct bpf_tunnel_key key = {
		.remote_ipv4 = bpf_ntohl(node),
		.tunnel_ttl = WEFT_TUNNEL_TTL,
	};
	int ret;

	weft_encap_generalize(walk);
	key.tunnel_id = walk->packet->src_identity;
	weft_debug(walk, WEFT_DEBUG_ENCAPSULATE, key.remote_ipv4, walk->packet->src_identity, 0);
	/* No outer checksum: the inner ones protect the data. */
	ret = bpf_skb_set_tunnel_key(walk->ctx, &key, WEFT_TUNNEL_KEY_SET_SIZE, BPF_F_ZERO_CSUM_TX);
	if (ret) {
		walk->packet->ext_error = ret;
		return weft_refuse(walk, WEFT_FILE_ENCAP, WEFT_DROP_WRITE_ERROR);
	}
	weft_trace(walk, WEFT_TRACE_TO_OVERLAY, state, ifindex, 0);
	weft_capture(walk, WEFT_CAPTURE_DELIVERY, ifindex);
	walk->ctx->mark = weft_encap_mark(walk->packet->src_identity);
	return bpf_redirect(ifindex, 0);
}

#endif
