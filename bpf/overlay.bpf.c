/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_from_overlay: what other nodes send, at the ingress of weft_vxlan, after the kernel took the
 * outer headers off. weft_to_overlay: what goes the other way, at its egress, before the kernel
 * adds them.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <weft/config.h>
#include <weft/conntrack.h>
#include <weft/deliver.h>
#include <weft/drop.h>
#include <weft/encap.h>
#include <weft/endpoints.h>
#include <weft/packet.h>

/* The identity comes with the packet, so only nodes of the cluster may say one. */
static __always_inline int weft_overlay_check_sender(struct weft_walk *walk)
{
	struct bpf_tunnel_key key = {};
	int ret = bpf_skb_get_tunnel_key(walk->ctx, &key, WEFT_TUNNEL_KEY_GET_SIZE, 0);

	if (ret) {
		walk->ext_error = ret;
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_NO_TUNNEL_KEY);
	}
	/* No node's own identity crosses the wire as _HOST: it is _REMOTE_NODE to everybody else.
	 */
	if (key.tunnel_id == WEFT_IDENTITY_UNKNOWN || key.tunnel_id == WEFT_IDENTITY_HOST)
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_INVALID_IDENTITY);
	walk->src_identity = key.tunnel_id;
	if (!weft_node_is_known(bpf_htonl(key.remote_ipv4)))
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_UNKNOWN_SENDER);
	weft_debug(walk, WEFT_DEBUG_DECAPSULATE, key.tunnel_id, 0, 0);
	return 0;
}

static __always_inline int weft_overlay_parse(struct weft_walk *walk, __u16 *frag_off, __be32 *id)
{
	struct ethhdr *eth;

	weft_linear(walk, WEFT_HEADERS_MAX);
	eth = weft_data(walk);
	if ((void *)(eth + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_INVALID_PACKET);
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_UNSUPPORTED_L3);
	return weft_parse_ipv4_header(walk, frag_off, id);
}

static __always_inline int weft_overlay_find_endpoint(struct weft_walk *walk)
{
	struct weft_endpoint *endpoint = weft_endpoint_of_addr(&walk->key.local);

	if (!endpoint)
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_NO_LOCAL_ENDPOINT);
	weft_debug(walk, WEFT_DEBUG_LOCAL_DELIVERY, endpoint->id, walk->src_identity, 0);
	weft_walk_endpoint(walk, endpoint);
	walk->dst_identity = endpoint->identity;
	walk->dst_id = endpoint->id;
	return 0;
}

static __always_inline int weft_overlay_walk(struct weft_walk *walk)
{
	enum weft_ct_state state;
	__u16 frag_off;
	__be32 id;
	int ret;

	weft_trace(walk, WEFT_TRACE_FROM_OVERLAY, WEFT_CT_UNKNOWN, walk->ctx->ifindex, 0);
	ret = weft_overlay_check_sender(walk);
	if (ret)
		return ret;
	ret = weft_overlay_parse(walk, &frag_off, &id);
	if (ret)
		return ret;
	ret = weft_overlay_find_endpoint(walk);
	if (ret)
		return ret;
	ret = weft_parse_flow4(walk, frag_off, id);
	if (ret)
		return ret;
	state = weft_ct_lookup(walk);
	/* The policy place: ingress, for what is not an answer. */
	if (!walk->ct) {
		ret = weft_ct_create(walk);
		if (ret)
			return ret;
	}
	return weft_deliver(walk, state);
}

SEC("tc")
int weft_from_overlay(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};
	int ret;

	weft_walk_begin(&walk, ctx, WEFT_DIR_INGRESS);
	ret = weft_overlay_walk(&walk);
	return ret < 0 ? weft_drop(&walk, ret) : ret;
}

/* The pod program marks what it sends; anything else that has a tunnel key is marked here. */
static __always_inline int weft_overlay_mark(struct weft_walk *walk)
{
	struct bpf_tunnel_key key = {};
	int ret;

	if (weft_encap_is_marked(walk->ctx)) {
		walk->src_identity = weft_encap_identity(walk->ctx->mark);
		return WEFT_NEXT;
	}
	ret = bpf_skb_get_tunnel_key(walk->ctx, &key, WEFT_TUNNEL_KEY_GET_SIZE, 0);
	if (ret) {
		walk->ext_error = ret;
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_NO_TUNNEL_KEY);
	}
	walk->src_identity = key.tunnel_id;
	walk->ctx->mark = weft_encap_mark(key.tunnel_id);
	return WEFT_NEXT;
}

SEC("tc")
int weft_to_overlay(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};
	int ret;

	weft_walk_begin(&walk, ctx, WEFT_DIR_EGRESS);
	ret = weft_overlay_mark(&walk);
	if (ret < WEFT_NEXT)
		return weft_drop(&walk, ret);
	weft_trace(&walk, WEFT_TRACE_TO_OVERLAY, WEFT_CT_UNKNOWN, ctx->ifindex, 0);
	return ret;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
