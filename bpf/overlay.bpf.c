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
#include <weft/dsr.h>
#include <weft/encap.h>
#include <weft/endpoints.h>
#include <weft/guard.h>
#include <weft/hold.h>
#include <weft/ipcache.h>
#include <weft/nat.h>
#include <weft/packet.h>
#include <weft/route.h>

/* The identity comes with the packet, so only nodes of the cluster may say one. */
static __always_inline int weft_overlay_check_sender(struct weft_walk *walk)
{
	struct bpf_tunnel_key key = {};
	struct weft_addr sender;
	int ret = bpf_skb_get_tunnel_key(walk->ctx, &key, WEFT_TUNNEL_KEY_GET_SIZE, 0);

	if (ret) {
		walk->packet->ext_error = ret;
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_NO_TUNNEL_KEY);
	}
	/* No node's own identity crosses the wire as _HOST: it is _REMOTE_NODE to everybody else.
	 */
	if (key.tunnel_id == WEFT_IDENTITY_UNKNOWN || key.tunnel_id == WEFT_IDENTITY_HOST)
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_INVALID_IDENTITY);
	walk->packet->src_identity = key.tunnel_id;
	weft_addr_set4(&sender, bpf_htonl(key.remote_ipv4));
	if (!weft_node_is_known(&sender))
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_UNKNOWN_SENDER);
	weft_debug(walk, WEFT_DEBUG_DECAPSULATE, key.tunnel_id, 0, 0);
	return 0;
}

static __always_inline int weft_overlay_parse(struct weft_walk *walk)
{
	__be16 protocol = weft_parse_frame(walk);

	if (!protocol)
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_INVALID_PACKET);
	return weft_parse_header(walk, protocol);
}

/* A fragment that was held lost its tunnel key; its sender was checked when it came first. */
static __always_inline int weft_overlay_check_held(struct weft_walk *walk, int refusal)
{
	struct weft_fragment_value *datagram;
	struct weft_fragment_key key = {};

	if (!walk->packet->later_fragment)
		return refusal;
	weft_fragment_key(walk, &key);
	datagram = weft_fragment_find(&key);
	if (!datagram || !datagram->known || !datagram->identity)
		return refusal;
	walk->packet->src_identity = datagram->identity;
	return 0;
}

/* A backend's answer to a client from outside, whose flow this node translated: out again, from
 * what the client called. */
static __always_inline int weft_overlay_to_client(struct weft_walk *walk,
						  struct weft_nat_value *nat)
{
	struct weft_addr front_addr = nat->front_addr;
	struct bpf_redir_neigh hop = {};
	enum weft_ct_state state;
	struct weft_end client = {
		.addr = nat->orig_addr,
		.port = nat->orig_port,
		.side = WEFT_DESTINATION,
	};
	__be16 front_port = nat->front_port;
	__u32 ifindex = 0;
	int ret = walk->packet->ttl > 1
			  ? weft_rewrite(walk, &client)
			  : weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_TTL_EXCEEDED);

	if (!ret)
		ret = weft_reverse_as(walk, &front_addr, front_port);
	if (ret)
		return ret;
	/* The client's flow, seen from what it called. */
	walk->packet->key.local = front_addr;
	walk->packet->key.local_port = front_port;
	walk->packet->key.remote = client.addr;
	walk->packet->key.remote_port = client.port;
	walk->packet->key.scope = WEFT_CT_SCOPE_SERVICE;
	walk->packet->direction = WEFT_DIR_EGRESS;
	state = weft_ct_lookup(walk);
	weft_nat_refresh(walk, nat);
	walk->packet->dst_identity = WEFT_IDENTITY_WORLD;
	ret = weft_route_lookup(walk, &hop, &ifindex);
	if (ret)
		return ret == WEFT_NEXT ? weft_enter_host(walk, state) : ret;
	ret = weft_decrement_ttl(walk);
	return ret ?: weft_route_send(walk, &hop, ifindex, state);
}

/* For an address of this node: a process, or what was translated to the router's address. */
static __always_inline int weft_overlay_to_host(struct weft_walk *walk)
{
	struct weft_nat_value *nat = weft_nat_find(walk);
	int ret = 0;

	if (nat && nat->flags & WEFT_NAT_CLIENT)
		return weft_overlay_to_client(walk, nat);
	if (nat && nat->flags & WEFT_NAT_HOST)
		ret = weft_nat_return(walk, nat);
	if (!ret)
		ret = weft_guard(walk);
	return ret ?: weft_enter_host(walk, WEFT_CT_UNKNOWN);
}

/* For a backend here that another node chose for its client: the answer goes to the client
 * directly, from what it called. */
static __always_inline int weft_overlay_to_backend(struct weft_walk *walk)
{
	struct weft_packet *packet = walk->packet;
	struct weft_endpoint *endpoint;
	struct weft_addr backend;
	__be16 port;

	if (!weft_dsr_read(walk, &backend, &port))
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_NO_LOCAL_ENDPOINT);
	endpoint = weft_endpoint_of_addr(&backend);
	if (!endpoint)
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_NO_LOCAL_ENDPOINT);
	packet->front_addr = packet->key.local;
	packet->front_port = packet->key.local_port;
	packet->key.local = backend;
	packet->key.local_port = port;
	packet->to_backend = true;
	return weft_enter_pod(walk, endpoint);
}

static __always_inline int weft_overlay_walk(struct weft_walk *walk)
{
	struct weft_endpoint *endpoint;
	int refusal, ret;

	weft_trace(walk, WEFT_TRACE_FROM_OVERLAY, WEFT_CT_UNKNOWN, walk->ctx->ifindex, 0);
	refusal = weft_overlay_check_sender(walk);
	if (refusal && refusal != -WEFT_DROP_NO_TUNNEL_KEY)
		return refusal;
	ret = weft_overlay_parse(walk);
	if (refusal)
		ret = ret ? refusal : weft_overlay_check_held(walk, refusal);
	if (!ret)
		ret = weft_parse_datagram(walk);
	if (ret)
		return ret;
	if (walk->packet->src_identity == WEFT_IDENTITY_WORLD)
		walk->packet->src_identity = weft_ipcache_world(walk);
	endpoint = weft_endpoint_find(&walk->packet->key.local);
	if (!endpoint)
		return weft_overlay_to_backend(walk);
	if (endpoint->flags & WEFT_ENDPOINT_HOST)
		return weft_overlay_to_host(walk);
	return weft_enter_pod(walk, endpoint);
}

SEC("tc")
int weft_from_overlay(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};
	int ret;

	if (!weft_walk_begin(&walk, ctx, WEFT_DIR_INGRESS))
		return WEFT_NEXT;
	ret = weft_overlay_walk(&walk);
	return ret < WEFT_NEXT ? weft_drop(&walk) : ret;
}

/* The pod program marks what it sends; anything else that has a tunnel key is marked here. */
static __always_inline int weft_overlay_mark(struct weft_walk *walk)
{
	struct bpf_tunnel_key key = {};
	int ret;

	if (weft_encap_is_marked(walk->ctx)) {
		walk->packet->src_identity = weft_encap_identity(walk->ctx->mark);
		return WEFT_NEXT;
	}
	ret = bpf_skb_get_tunnel_key(walk->ctx, &key, WEFT_TUNNEL_KEY_GET_SIZE, 0);
	if (ret) {
		walk->packet->ext_error = ret;
		return weft_refuse(walk, WEFT_FILE_OVERLAY, WEFT_DROP_NO_TUNNEL_KEY);
	}
	walk->packet->src_identity = key.tunnel_id;
	walk->ctx->mark = weft_encap_mark(key.tunnel_id);
	return WEFT_NEXT;
}

SEC("tc")
int weft_to_overlay(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};
	int ret;

	if (!weft_walk_begin(&walk, ctx, WEFT_DIR_EGRESS))
		return WEFT_NEXT;
	ret = weft_overlay_mark(&walk);
	if (ret < WEFT_NEXT)
		return weft_drop(&walk);
	weft_trace(&walk, WEFT_TRACE_TO_OVERLAY, WEFT_CT_UNKNOWN, ctx->ifindex, 0);
	return ret;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
