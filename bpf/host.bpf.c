/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_from_host: what this node sends to pods, and what it forwards to them. The node's routes
 * lead it into weft_host; the program is at the ingress of weft_net, that device's other end.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <weft/answer.h>
#include <weft/config.h>
#include <weft/conntrack.h>
#include <weft/deliver.h>
#include <weft/drop.h>
#include <weft/encap.h>
#include <weft/endpoints.h>
#include <weft/guard.h>
#include <weft/hold.h>
#include <weft/ipcache.h>
#include <weft/nat.h>
#include <weft/packet.h>

/* Whoever's address it is sent it: the node itself, or somebody for whom the node is a router. */
static __always_inline int weft_host_find_sender(struct weft_walk *walk)
{
	struct weft_ipcache_value *from = weft_ipcache_lookup(walk);

	weft_ipcache_tell(walk, from);
	if (!from)
		return weft_refuse(walk, WEFT_FILE_HOST, WEFT_DROP_INVALID_SOURCE_IP);
	walk->packet->src_identity = from->identity;
	if (from->identity == WEFT_IDENTITY_HOST || weft_is_world(from->identity) ||
	    from->identity == WEFT_IDENTITY_REMOTE_NODE)
		return 0;
	/* Pods never send through the node's stack. */
	return weft_refuse(walk, WEFT_FILE_HOST, WEFT_DROP_INVALID_SOURCE_IP);
}

/* Answers to translated flows arrive at the router's address too: its ports are shared. */
static __always_inline int weft_host_reserve(struct weft_walk *walk)
{
	struct weft_addr router = weft_config_router(walk->packet->ipv6);
	int ret;

	if (!weft_addr_equal(&walk->packet->key.remote, &router))
		return 0;
	weft_key_swap(&walk->packet->key);
	ret = weft_nat_reserve(walk);
	if (walk->packet->nat_port)
		walk->packet->key.local_port = walk->packet->nat_port;
	weft_key_swap(&walk->packet->key);
	walk->ct = NULL;
	walk->packet->nat_port = 0;
	return ret;
}

static __always_inline int weft_host_to_node(struct weft_walk *walk)
{
	struct weft_ipcache_value *to = weft_ipcache_find(&walk->packet->key.local);
	int refusal;

	if (to && to->tunnel_endpoint) {
		walk->packet->dst_identity = to->identity;
		weft_count(walk, WEFT_FORWARDED);
		if (walk->packet->src_identity == WEFT_IDENTITY_HOST)
			walk->packet->src_identity = WEFT_IDENTITY_REMOTE_NODE;
		return weft_encap(walk, to->tunnel_endpoint, WEFT_CT_UNKNOWN);
	}
	refusal = weft_refuse(walk, WEFT_FILE_HOST, WEFT_DROP_UNKNOWN_L3_TARGET);
	if (walk->packet->key.proto == IPPROTO_TCP && !walk->packet->icmp_error &&
	    !weft_ct_is_opening(walk))
		return weft_answer_refused(walk, refusal);
	return refusal;
}

/* May the node speak to that pod? */
static __always_inline int weft_host_guard(struct weft_walk *walk,
					   const struct weft_endpoint *endpoint)
{
	struct weft_ipcache_value *to;

	if (!weft_guard_is_on())
		return 0;
	to = weft_ipcache_find(&walk->packet->key.local);
	walk->packet->dst_identity = endpoint ? endpoint->identity
				     : to     ? to->identity
					      : WEFT_IDENTITY_WORLD;
	return weft_guard_other(walk);
}

static __always_inline int weft_host_walk(struct weft_walk *walk)
{
	__be16 protocol = weft_parse_frame(walk);
	struct weft_endpoint *endpoint;
	int ret;

	walk->packet->source = weft_config.node_id;
	weft_trace(walk, WEFT_TRACE_FROM_HOST, WEFT_CT_UNKNOWN, walk->ctx->ifindex, 0);
	if (!protocol)
		return weft_refuse(walk, WEFT_FILE_HOST, WEFT_DROP_INVALID_PACKET);
	ret = weft_parse_header(walk, protocol);
	if (!ret)
		ret = weft_host_find_sender(walk);
	if (!ret)
		ret = weft_parse_datagram(walk);
	if (!ret)
		ret = weft_host_reserve(walk);
	if (ret)
		return ret;
	endpoint = weft_endpoint_of_addr(&walk->packet->key.local);
	if (walk->packet->src_identity == WEFT_IDENTITY_HOST) {
		ret = weft_host_guard(walk, endpoint);
		if (ret)
			return ret;
	}
	if (walk->packet->src_identity != WEFT_IDENTITY_HOST)
		walk->packet->ct_flags |= WEFT_CT_BY_STACK;
	return endpoint ? weft_enter_pod(walk, endpoint) : weft_host_to_node(walk);
}

SEC("tc")
int weft_from_host(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};
	int ret;

	if (!weft_walk_begin(&walk, ctx, WEFT_DIR_INGRESS))
		return WEFT_NEXT;
	ret = weft_host_walk(&walk);
	return ret < WEFT_NEXT ? weft_answer(&walk) : ret;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
