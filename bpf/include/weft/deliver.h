/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* weft_deliver(): the last step of a packet, into the pod. */
#ifndef WEFT_DELIVER_H
#define WEFT_DELIVER_H

#include <linux/if_packet.h>
#include <weft/events.h>
#include <weft/metrics.h>
#include <weft/packet.h>

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

#endif
