/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_from_netdev and weft_to_netdev: the underlay device, both directions.
 *
 * What arrives is the overlay's (the kernel does the work; it is counted and shown), the answer to
 * a flow that was translated, for a service, for a pod that somebody has a route to, or for the
 * node. Only what is for a pod or a service is ever dropped here: everything else is left to
 * whoever else is attached, and to the stack.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <weft/answer.h>
#include <weft/balance.h>
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
#include <weft/metrics.h>
#include <weft/nat.h>
#include <weft/packet.h>
#include <weft/underlay.h>

/* A first fragment or whole packet of the overlay: nothing else has to be known of it. */
static __always_inline bool weft_netdev_is_overlay(const struct weft_walk *walk, __be16 protocol)
{
	struct iphdr *ip = weft_data(walk) + ETH_HLEN;
	struct udphdr *udp;

	if (protocol != bpf_htons(ETH_P_IP) || (void *)(ip + 1) > weft_data_end(walk) ||
	    ip->protocol != IPPROTO_UDP || ip->frag_off & bpf_htons(WEFT_IP_OFFSET))
		return false;
	udp = (void *)ip + ip->ihl * 4;
	return (void *)(udp + 1) <= weft_data_end(walk) && udp->dest == weft_config.tunnel_port;
}

static __always_inline void weft_netdev_show(struct weft_walk *walk, enum weft_trace_point point,
					     __be16 protocol)
{
	bool vxlan;

	weft_count(walk, WEFT_INTERFACE);
	if (!(walk->packet->events & WEFT_EVENTS_TRACE))
		return;
	vxlan = weft_netdev_is_overlay(walk, protocol);
	weft_trace(walk, point, WEFT_CT_UNKNOWN, walk->ctx->ifindex, vxlan ? WEFT_TRACE_VXLAN : 0);
}

/* Is the packet's end here the node itself? */
static __always_inline bool weft_netdev_is_own(const struct weft_walk *walk)
{
	struct weft_addr node = weft_config_node(walk->packet->ipv6);

	return weft_addr_equal(&walk->packet->key.local, &node);
}

/*
 * The answer to a pod's masqueraded flow. If the flow's conntrack entry was lost, the answer begins
 * it again as it was: were it the pod's answer to a flow from outside, its next packet would leave
 * with the pod's own address.
 */
static __always_inline int weft_netdev_to_pod(struct weft_walk *walk, struct weft_nat_value *nat)
{
	struct weft_endpoint *endpoint = weft_endpoint_of_addr(&nat->orig_addr);
	int ret;

	if (!endpoint)
		return weft_refuse(walk, WEFT_FILE_NETDEV, WEFT_DROP_NO_LOCAL_ENDPOINT);
	walk->packet->ct_flags = WEFT_CT_LOCAL_BEGAN | WEFT_CT_MASQUERADED;
	walk->packet->nat_port = walk->packet->key.local_port;
	walk->packet->front_addr = nat->front_addr;
	walk->packet->front_port = nat->front_port;
	walk->packet->service_id = nat->service_id;
	walk->packet->key.local = nat->orig_addr;
	walk->packet->key.local_port = nat->orig_port;
	walk->packet->to_backend = true;
	ret = weft_enter_pod(walk, endpoint);
	weft_nat_refresh(walk, nat);
	return ret;
}

/* The backend lives behind the overlay: it answers to the router of this node, which passes the
 * answer on. */
static __always_inline int weft_netdev_to_node(struct weft_walk *walk,
					       const struct weft_balance *balance, __be32 node)
{
	struct weft_nat_target router = {
		.addr = weft_config_router(walk->packet->ipv6),
		.flags = WEFT_NAT_CLIENT,
	};
	struct weft_end backend = {
		.addr = balance->to.addr,
		.port = balance->to.port,
		.side = WEFT_DESTINATION,
	};
	int ret;

	walk->packet->key.local = walk->packet->key.remote;
	walk->packet->key.local_port = walk->packet->key.remote_port;
	walk->packet->key.remote = backend.addr;
	walk->packet->key.remote_port = backend.port;
	ret = weft_nat_keep(walk, &router);
	if (!ret)
		ret = weft_rewrite(walk, &backend);
	if (!ret)
		ret = weft_nat_apply(walk, &router.addr);
	if (!ret)
		ret = weft_decrement_ttl(walk);
	if (ret)
		return ret;
	weft_count(walk, WEFT_FORWARDED);
	return weft_encap_to_underlay(walk, node);
}

/* The backend's node translates, and answers the client itself. */
static __always_inline int weft_netdev_pass_on(struct weft_walk *walk,
					       const struct weft_balance *balance, __be32 node)
{
	int ret = weft_dsr_mark(walk, &balance->to);

	if (!ret)
		ret = weft_decrement_ttl(walk);
	if (ret)
		return ret;
	weft_count(walk, WEFT_FORWARDED);
	return weft_encap_to_underlay(walk, node);
}

static __always_inline int weft_netdev_check_hop(struct weft_walk *walk)
{
	if (walk->packet->ttl <= 1)
		return weft_answer_icmp(walk,
					weft_refuse(walk, WEFT_FILE_NETDEV, WEFT_DROP_TTL_EXCEEDED),
					WEFT_REASON_TTL);
	if (!walk->packet->dont_fragment || weft_wire_len(walk) <= weft_config.overlay_mtu)
		return 0;
	walk->packet->next_mtu = weft_config.overlay_mtu;
	return weft_answer_icmp(walk,
				weft_refuse(walk, WEFT_FILE_NETDEV, WEFT_DROP_FRAGMENTATION_NEEDED),
				WEFT_REASON_TOO_BIG);
}

/* May the client use the service from outside? An ICMP error comes from whoever has trouble with
 * what the client is sent. */
static __always_inline int weft_netdev_check_client(struct weft_walk *walk,
						    const struct weft_service *service)
{
	struct weft_source_range_key range = {
		.prefix_len = 32 + WEFT_ADDR_BITS,
		.service_id = service->id,
		.addr = walk->packet->key.remote,
	};

	if (service->flags & WEFT_SERVICE_CLUSTER_ONLY)
		return weft_refuse(walk, WEFT_FILE_NETDEV, WEFT_DROP_CLUSTER_IP);
	if (service->flags & WEFT_SERVICE_SOURCE_RANGES &&
	    !bpf_map_lookup_elem(&weft_source_ranges, &range))
		return weft_refuse(walk, WEFT_FILE_NETDEV, WEFT_DROP_SOURCE_RANGE);
	return 0;
}

/* The backend is a process of this node, by the node's own address: its stack has it, and
 * weft_to_netdev gives the answers the name that the client called. */
static __always_inline int weft_netdev_to_process(struct weft_walk *walk,
						  const struct weft_balance *balance)
{
	struct weft_end process = {
		.addr = balance->to.addr,
		.port = balance->to.port,
		.side = WEFT_DESTINATION,
	};
	enum weft_ct_state state;
	int ret;

	walk->packet->key.local = process.addr;
	walk->packet->key.local_port = process.port;
	state = weft_ct_lookup(walk);
	ret = weft_guard_judge(walk);
	if (!ret)
		ret = weft_ct_require(walk);
	if (!ret)
		ret = weft_rewrite(walk, &process);
	return ret ?: weft_enter_host(walk, state);
}

static __always_inline int weft_netdev_to_local(struct weft_walk *walk,
						const struct weft_balance *balance)
{
	struct weft_endpoint *endpoint = weft_endpoint_find(&balance->to.addr);

	if (!endpoint)
		return weft_answer_refused(
			walk, weft_refuse(walk, WEFT_FILE_NETDEV, WEFT_DROP_NO_TUNNEL_ENDPOINT));
	if (endpoint->flags & WEFT_ENDPOINT_HOST)
		return weft_netdev_to_process(walk, balance);
	walk->packet->key.local = balance->to.addr;
	walk->packet->key.local_port = balance->to.port;
	walk->packet->to_backend = true;
	return weft_enter_pod(walk, endpoint);
}

static __always_inline int weft_netdev_balance(struct weft_walk *walk, struct weft_balance *balance)
{
	struct weft_ipcache_value *to;
	int ret = weft_balance(walk, balance);

	if (ret)
		return weft_answer_refused(walk, ret);
	to = weft_ipcache_find(&balance->to.addr);
	if (!to || !to->tunnel_endpoint)
		return weft_netdev_to_local(walk, balance);
	walk->packet->dst_identity = to->identity;
	ret = weft_netdev_check_hop(walk);
	if (ret)
		return ret;
	if (balance->flags & WEFT_SERVICE_DSR)
		return weft_netdev_pass_on(walk, balance, to->tunnel_endpoint);
	return weft_netdev_to_node(walk, balance, to->tunnel_endpoint);
}

/* For a pod by its own address, from somebody who has a route to it. Pods of other nodes come by
 * the overlay: whoever claims to be one here lies. */
static __always_inline int weft_netdev_check_source(struct weft_walk *walk)
{
	struct weft_ipcache_value *from = weft_ipcache_lookup(walk);

	weft_ipcache_tell(walk, from);
	if (!from ||
	    (!weft_is_world(from->identity) && from->identity != WEFT_IDENTITY_REMOTE_NODE))
		return weft_refuse(walk, WEFT_FILE_NETDEV, WEFT_DROP_INVALID_SOURCE_IP);
	walk->packet->src_identity = from->identity;
	return 0;
}

/* For a service: its own address, or a NodePort. */
static __always_inline int weft_netdev_to_service(struct weft_walk *walk)
{
	struct weft_ipcache_value *who = weft_ipcache_find(&walk->packet->key.local);
	struct weft_balance balance = {
		.front =
			{
				.addr = walk->packet->key.local,
				.port = walk->packet->key.local_port,
				.proto = walk->packet->key.proto,
			},
		.list = WEFT_SERVICE_EXTERNAL,
	};
	int ret;

	if (!who || !weft_balance_find(walk, who, &balance))
		return WEFT_NEXT;
	ret = weft_netdev_check_source(walk);
	if (!ret)
		ret = weft_netdev_check_client(walk, balance.service);
	return ret ?: weft_netdev_balance(walk, &balance);
}

/* The overlay's own fragments, those of other nodes, are the kernel's to put together. */
static __always_inline int weft_netdev_parse_flow(struct weft_walk *walk)
{
	if (walk->packet->later_fragment &&
	    (!weft_netdev_is_own(walk) || weft_node_is_known(&walk->packet->key.remote)))
		return weft_parse_flow(walk);
	return weft_parse_datagram(walk);
}

/* For a process of the node, as far as the node's policy goes. */
static __always_inline int weft_netdev_to_node_itself(struct weft_walk *walk)
{
	struct weft_ipcache_value *from;
	int ret;

	if (!weft_guard_is_on())
		return WEFT_NEXT;
	from = weft_ipcache_lookup(walk);
	walk->packet->src_identity = from ? from->identity : WEFT_IDENTITY_WORLD;
	ret = weft_guard(walk);
	return ret ?: WEFT_NEXT;
}

/* What has no flow is not ours, unless it is for a node that is under policy. */
static __always_inline int weft_netdev_without_flow(struct weft_walk *walk, int refusal)
{
	if (refusal >= WEFT_NEXT || !weft_guard_is_on() || !weft_guard_find(walk))
		return refusal < WEFT_NEXT ? WEFT_NEXT : refusal;
	return weft_drop(walk);
}

static __always_inline int weft_netdev_receive(struct weft_walk *walk)
{
	bool own = weft_netdev_is_own(walk);
	struct weft_nat_value *nat = own ? weft_nat_find(walk) : NULL;
	struct weft_endpoint *endpoint;
	int ret;

	if (nat && nat->flags & WEFT_NAT_POD) {
		walk->packet->src_identity = weft_ipcache_world(walk);
		return weft_netdev_to_pod(walk, nat);
	}
	if (nat && nat->flags & WEFT_NAT_HOST) {
		ret = weft_nat_return(walk, nat);
		walk->packet->key.local_port = nat->orig_port;
		return ret ?: weft_netdev_to_node_itself(walk);
	}
	ret = weft_netdev_to_service(walk);
	if (ret != WEFT_NEXT)
		return ret;
	if (own)
		return weft_netdev_to_node_itself(walk);
	endpoint = weft_endpoint_of_addr(&walk->packet->key.local);
	if (!endpoint)
		return WEFT_NEXT;
	ret = weft_netdev_check_source(walk);
	return ret ?: weft_enter_pod(walk, endpoint);
}

SEC("tc")
int weft_from_netdev(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};
	__be16 protocol;
	int ret;

	if (!weft_walk_begin(&walk, ctx, WEFT_DIR_INGRESS))
		return WEFT_NEXT;
	walk.packet->source = weft_config.node_id;
	protocol = weft_parse_frame(&walk);
	weft_netdev_show(&walk, WEFT_TRACE_FROM_NETWORK, protocol);
	/* For another host, on a device that listens to all, or for another device, by its VLAN. */
	if (ctx->pkt_type != PACKET_HOST || ctx->vlan_present)
		return WEFT_NEXT;
	if (weft_netdev_is_overlay(&walk, protocol) || weft_parse_header(&walk, protocol))
		return WEFT_NEXT;
	ret = weft_netdev_parse_flow(&walk);
	if (ret)
		return weft_netdev_without_flow(&walk, ret);
	ret = weft_netdev_receive(&walk);
	return ret < WEFT_NEXT ? weft_answer(&walk) : ret;
}

/* What the node itself says to the world: as a service's backend, or by a port of its own. */
static __always_inline int weft_netdev_leave(struct weft_walk *walk, __be16 protocol)
{
	int ret;

	if (weft_parse_header(walk, protocol) || !weft_netdev_is_own(walk) || weft_parse_flow(walk))
		return WEFT_NEXT;
	weft_ct_lookup(walk);
	if (weft_guard_is_on()) {
		weft_guard_find_peer(walk);
		ret = weft_guard_judge(walk);
		if (ret)
			return ret;
	}
	if (walk->ct && weft_is_from_backend(walk)) {
		ret = weft_reverse(walk);
		return ret ?: WEFT_NEXT;
	}
	ret = weft_config.flags & (WEFT_CONFIG_MASQUERADE4 | WEFT_CONFIG_MASQUERADE6)
		      ? weft_nat_reserve(walk)
		      : 0;
	if (!ret)
		ret = weft_guard_keep(walk);
	return ret ?: WEFT_NEXT;
}

SEC("tc")
int weft_to_netdev(struct __sk_buff *ctx)
{
	__u32 mark = ctx->mark & WEFT_MARK_MASK;
	struct weft_walk walk = {};
	__be16 protocol;
	int ret;

	if (!weft_walk_begin(&walk, ctx, WEFT_DIR_EGRESS))
		return WEFT_NEXT;
	walk.packet->source = weft_config.node_id;
	if (mark == WEFT_MARK_OVERLAY)
		walk.packet->src_identity = weft_encap_identity(ctx->mark);
	protocol = weft_parse_frame(&walk);
	weft_netdev_show(&walk, WEFT_TRACE_TO_NETWORK, protocol);
	if (mark == WEFT_MARK_OVERLAY || mark == WEFT_MARK_TRANSLATED || ctx->vlan_present)
		return WEFT_NEXT;
	ret = weft_netdev_leave(&walk, protocol);
	return ret < WEFT_NEXT ? weft_drop(&walk) : ret;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
