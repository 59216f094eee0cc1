/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a packet ends on this node: weft_enter_pod() and weft_enter_host(). */
#ifndef WEFT_DELIVER_H
#define WEFT_DELIVER_H

#include <linux/if_packet.h>
#include <weft/config.h>
#include <weft/conntrack.h>
#include <weft/endpoints.h>
#include <weft/metrics.h>
#include <weft/policy.h>
#include <weft/reverse.h>

/*
 * walk->endpoint receives the packet as if its gateway had sent it. redirect_peer moves it to the
 * other namespace as it is, so nothing of this one may stick to it: a packet for another host's MAC
 * (PACKET_OTHERHOST) would vanish there without a trace, and a mark would reach the pod's
 * netfilter.
 */
static __always_inline int weft_deliver(struct weft_walk *walk, enum weft_ct_state state)
{
	struct weft_endpoint *endpoint = walk->endpoint;
	struct ethhdr *eth = weft_data(walk);

	if ((void *)(eth + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_DELIVER, WEFT_DROP_INVALID_PACKET);
	__builtin_memcpy(eth->h_dest, endpoint->mac, ETH_ALEN);
	__builtin_memcpy(eth->h_source, endpoint->node_mac, ETH_ALEN);
	if (walk->ctx->pkt_type != PACKET_HOST)
		bpf_skb_change_type(walk->ctx, PACKET_HOST);
	walk->ctx->mark = 0;
	weft_trace(walk, WEFT_TRACE_TO_ENDPOINT, state, endpoint->ifindex, 0);
	weft_capture(walk, WEFT_CAPTURE_DELIVERY, endpoint->ifindex);
	weft_count(walk, WEFT_FORWARDED);
	return bpf_redirect_peer(endpoint->ifindex, 0);
}

/* The rest of a packet's way to a pod of this node, whose side walk->packet->key is of. */
static __always_inline int weft_enter_pod(struct weft_walk *walk, struct weft_endpoint *endpoint)
{
	enum weft_ct_state state;
	int ret;

	weft_debug(walk, WEFT_DEBUG_LOCAL_DELIVERY, endpoint->id, walk->packet->src_identity, 0);
	weft_walk_endpoint(walk, endpoint);
	walk->packet->dst_identity = endpoint->identity;
	walk->packet->dst_id = endpoint->id;
	state = weft_ct_lookup(walk);
	ret = weft_policy_check(walk, state);
	if (!ret)
		ret = weft_ct_require(walk);
	if (ret)
		return ret;
	if (walk->packet->to_backend) {
		struct weft_end dest = {
			.addr = walk->packet->key.local,
			.port = walk->packet->key.local_port,
			.side = WEFT_DESTINATION,
		};

		ret = weft_rewrite(walk, &dest);
		if (ret)
			return ret;
	}
	ret = weft_reverse(walk);
	if (ret)
		return ret;
	return weft_deliver(walk, state);
}

/* To the stack of this node, by the device that the packet is on. */
static __always_inline int weft_enter_host(struct weft_walk *walk, enum weft_ct_state state)
{
	walk->packet->dst_identity = WEFT_IDENTITY_HOST;
	walk->packet->dst_id = weft_config.node_id;
	weft_debug(walk, WEFT_DEBUG_TO_HOST, 0, 0, 0);
	if (walk->ctx->pkt_type != PACKET_HOST)
		bpf_skb_change_type(walk->ctx, PACKET_HOST);
	walk->ctx->mark = 0;
	weft_trace(walk, WEFT_TRACE_TO_STACK, state, walk->ctx->ifindex, 0);
	weft_count(walk, WEFT_FORWARDED);
	return WEFT_NEXT;
}

#endif
