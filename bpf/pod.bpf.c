/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_from_pod: what a pod sends, at the ingress of its lxc device.
 *
 * Who sent it -> a service? -> which flow -> where to -> may it go -> into the overlay, into
 * another pod, to the node, or out into the world.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <weft/answer.h>
#include <weft/arp.h>
#include <weft/balance.h>
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
#include <weft/nd.h>
#include <weft/packet.h>
#include <weft/policy.h>
#include <weft/route.h>

/* The frame must come from the pod's interface and carry something that we forward. */
static __always_inline int weft_pod_check_frame(struct weft_walk *walk, __be16 *protocol)
{
	struct ethhdr *eth = weft_data(walk);
	struct weft_endpoint *endpoint = walk->endpoint;

	if ((void *)(eth + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_INVALID_PACKET);
	*protocol = eth->h_proto;
	if (walk->ctx->vlan_present)
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_UNSUPPORTED_L2);
	if (!weft_mac_equal(eth->h_source, endpoint->mac))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_INVALID_SOURCE_MAC);
	if (*protocol != bpf_htons(ETH_P_ARP) && *protocol != bpf_htons(ETH_P_IP) &&
	    *protocol != bpf_htons(ETH_P_IPV6))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_UNSUPPORTED_L3);
	return 0;
}

/* What is forwarded goes to the gateway. */
static __always_inline int weft_pod_check_gateway(struct weft_walk *walk)
{
	struct ethhdr *eth = weft_data(walk);

	if ((void *)(eth + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_INVALID_PACKET);
	if (!weft_mac_equal(eth->h_dest, walk->endpoint->node_mac))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_INVALID_DESTINATION_MAC);
	return 0;
}

/* A pod that has no address of the family has all zero there, which is nobody's. */
static __always_inline int weft_pod_check_source(struct weft_walk *walk)
{
	const struct weft_addr *own =
		walk->packet->ipv6 ? &walk->endpoint->ipv6 : &walk->endpoint->ipv4;

	if (weft_addr_is_none(own) || !weft_addr_equal(&walk->packet->key.local, own))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_INVALID_SOURCE_IP);
	return 0;
}

static __always_inline int weft_pod_parse_flow(struct weft_walk *walk)
{
	int ret = weft_parse_datagram(walk);

	if (ret)
		return ret;
	/* A pod that wrote its own tunnel headers could name any identity. */
	if (walk->packet->key.proto == IPPROTO_UDP && !walk->packet->icmp_error &&
	    walk->packet->key.remote_port == weft_config.tunnel_port)
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_ENCAP_PROHIBITED);
	return 0;
}

/* What the ipcache says of the packet's other end. */
static __always_inline int weft_pod_find_dest(struct weft_walk *walk, struct weft_ipcache_value *to)
{
	struct weft_ipcache_value *found = weft_ipcache_lookup(walk);

	if (!found) {
		weft_ipcache_tell(walk, NULL);
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_UNKNOWN_L3_TARGET);
	}
	*to = *found;
	return 0;
}

/*
 * A service's address becomes that of a backend before the flow is looked up. The packet keeps what
 * the client wrote until it is sure to go, so that an answer comes from there.
 */
static __always_inline int weft_pod_balance(struct weft_walk *walk, struct weft_ipcache_value *to)
{
	struct weft_balance balance = {
		.front =
			{
				.addr = walk->packet->key.remote,
				.port = walk->packet->key.remote_port,
				.proto = walk->packet->key.proto,
			},
		.list = WEFT_SERVICE_INTERNAL,
	};
	int ret;

	if (!weft_balance_find(walk, to, &balance))
		return 0;
	ret = weft_balance(walk, &balance);
	if (ret)
		return weft_answer_refused(walk, ret);
	walk->packet->key.remote = balance.to.addr;
	walk->packet->key.remote_port = balance.to.port;
	if (weft_addr_equal(&walk->packet->key.remote, &walk->packet->key.local)) {
		struct weft_nat_target router = {
			.addr = weft_config_router(walk->packet->ipv6),
			.flags = WEFT_NAT_HAIRPIN,
		};

		/* The pod is its own backend: it must not see its own address as the client's. */
		ret = weft_nat_keep(walk, &router);
		if (ret)
			return ret;
		walk->packet->hairpin = true;
	}
	walk->packet->peer.addr = balance.to.addr;
	walk->packet->to_backend = true;
	return weft_pod_find_dest(walk, to);
}

/* What may stop a packet that has somewhere to go; the sender is told. 0: nothing. */
static __always_inline int weft_pod_check_ttl(struct weft_walk *walk)
{
	if (walk->packet->ttl > 1)
		return 0;
	return weft_answer_icmp(walk, weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_TTL_EXCEEDED),
				WEFT_REASON_TTL);
}

static __always_inline int weft_pod_check_size(struct weft_walk *walk)
{
	/* Without DF the kernel cuts the outer packet. */
	if (!walk->packet->dont_fragment || weft_wire_len(walk) <= weft_config.overlay_mtu)
		return 0;
	walk->packet->next_mtu = weft_config.overlay_mtu;
	return weft_answer_icmp(walk,
				weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_FRAGMENTATION_NEEDED),
				WEFT_REASON_TOO_BIG);
}

/* The packet is sure to go now: the flow gets its entry, the packet its addresses. */
static __always_inline int weft_pod_depart(struct weft_walk *walk)
{
	int ret = weft_ct_require(walk);

	if (ret)
		return ret;
	if (walk->packet->to_backend) {
		struct weft_end dest = {
			.addr = walk->packet->key.remote,
			.port = walk->packet->key.remote_port,
			.side = WEFT_DESTINATION,
		};

		ret = weft_rewrite(walk, &dest);
		if (ret)
			return ret;
		walk->packet->to_backend = false;
	}
	return weft_reverse(walk);
}

/* Into the overlay: a pod or process of another node. */
static __always_inline int weft_pod_to_node(struct weft_walk *walk, __be32 node,
					    enum weft_ct_state state)
{
	int ret = weft_pod_check_ttl(walk);

	if (!ret)
		ret = weft_pod_check_size(walk);
	if (!ret)
		ret = weft_pod_depart(walk);
	if (!ret)
		ret = weft_decrement_ttl(walk);
	if (ret)
		return ret;
	weft_count(walk, WEFT_FORWARDED);
	return weft_encap(walk, node, state);
}

/* Into a pod of this node, which has a flow entry of its own. */
static __always_inline int weft_pod_to_pod(struct weft_walk *walk, struct weft_endpoint *to)
{
	int ret = weft_pod_check_ttl(walk);

	if (!ret)
		ret = weft_pod_depart(walk);
	if (!ret)
		ret = weft_decrement_ttl(walk);
	if (ret)
		return ret;
	weft_count(walk, WEFT_FORWARDED);
	weft_walk_turn(walk);
	return weft_enter_pod(walk, to);
}

/* Back into the pod that sent it: a client that is its own backend. */
static __always_inline int weft_pod_to_itself(struct weft_walk *walk)
{
	struct weft_end source = {
		.addr = weft_config_router(walk->packet->ipv6),
		.port = walk->packet->nat_port,
		.side = WEFT_SOURCE,
	};
	struct weft_endpoint *self = walk->endpoint;
	int ret = weft_rewrite(walk, &source);

	if (ret)
		return ret;
	weft_count(walk, WEFT_FORWARDED);
	walk->packet->key.local = source.addr;
	walk->packet->key.local_port = source.port;
	weft_walk_turn(walk);
	return weft_enter_pod(walk, self);
}

/* The answer of such a backend, which goes to the router: back to the client, from the service. */
static __always_inline int weft_pod_return(struct weft_walk *walk, struct weft_nat_value *nat)
{
	struct weft_end client = {
		.addr = nat->orig_addr,
		.port = nat->orig_port,
		.side = WEFT_DESTINATION,
	};
	struct weft_addr front_addr = nat->front_addr;
	__be16 front_port = nat->front_port;
	enum weft_ct_state state;
	int ret = weft_rewrite(walk, &client);

	if (!ret)
		ret = weft_reverse_as(walk, &front_addr, front_port);
	if (ret)
		return ret;
	weft_count(walk, WEFT_FORWARDED);
	walk->packet->key.remote = client.addr;
	walk->packet->key.remote_port = client.port;
	walk->packet->key.local = front_addr;
	walk->packet->key.local_port = front_port;
	weft_walk_turn(walk);
	walk->packet->key.scope = WEFT_CT_SCOPE_SERVICE;
	walk->packet->dst_identity = walk->endpoint->identity;
	walk->packet->dst_id = walk->endpoint->id;
	state = weft_ct_lookup(walk);
	weft_nat_refresh(walk, nat);
	return weft_deliver(walk, state);
}

/* An address of this node: its stack has the process. */
static __always_inline int weft_pod_to_host(struct weft_walk *walk, enum weft_ct_state state)
{
	struct weft_nat_value *nat = NULL;
	int ret;

	if (weft_nat_is_range(walk->packet->key.remote_port)) {
		weft_key_swap(&walk->packet->key);
		nat = weft_nat_find(walk);
		weft_key_swap(&walk->packet->key);
	}
	if (nat && nat->flags & WEFT_NAT_HAIRPIN)
		return weft_pod_return(walk, nat);
	ret = weft_pod_depart(walk);
	if (!ret && nat && nat->flags & WEFT_NAT_HOST) {
		weft_key_swap(&walk->packet->key);
		ret = weft_nat_return(walk, nat);
		weft_key_swap(&walk->packet->key);
	}
	if (!ret)
		ret = weft_guard_other(walk);
	return ret ?: weft_enter_host(walk, state);
}

static __always_inline bool weft_pod_is_masqueraded(const struct weft_walk *walk,
						    const struct weft_ipcache_value *to)
{
	__u32 flag = walk->packet->ipv6 ? WEFT_CONFIG_MASQUERADE6 : WEFT_CONFIG_MASQUERADE4;

	if (walk->ct)
		return walk->ct->flags & WEFT_CT_MASQUERADED;
	return weft_config.flags & flag && !(to->flags & WEFT_IPCACHE_NATIVE);
}

/* ICMP that is neither echo nor error of a flow has nothing that could stand for a port. */
static __always_inline bool weft_pod_has_port(const struct weft_walk *walk)
{
	return (walk->packet->key.proto != IPPROTO_ICMP &&
		walk->packet->key.proto != IPPROTO_ICMPV6) ||
	       walk->packet->key.local_port;
}

static __always_inline int weft_pod_masquerade(struct weft_walk *walk)
{
	struct weft_nat_target node = {
		.addr = weft_config_node(walk->packet->ipv6),
		.flags = WEFT_NAT_POD,
	};
	int ret = weft_nat_keep(walk, &node);

	return ret ?: weft_nat_apply(walk, &node.addr);
}

/* Out of the node, by its routes. */
static __always_inline int weft_pod_to_world(struct weft_walk *walk, struct weft_ipcache_value *to,
					     enum weft_ct_state state)
{
	struct bpf_redir_neigh hop = {};
	__u32 ifindex = 0;
	bool masquerade;
	int ret = weft_pod_check_ttl(walk);

	if (ret)
		return ret;
	/* With route_localnet the node's stack would take it. */
	if (weft_addr_is_loopback(&walk->packet->key.remote))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_UNKNOWN_L3_TARGET);
	ret = weft_route_lookup(walk, &hop, &ifindex);
	if (ret == WEFT_NEXT)
		return weft_pod_to_host(walk, state);
	if (ret == -WEFT_DROP_FRAGMENTATION_NEEDED)
		return weft_answer_icmp(walk, ret, WEFT_REASON_TOO_BIG);
	if (ret)
		return weft_answer_icmp(walk, ret, WEFT_REASON_NO_ROUTE);
	masquerade = ifindex == weft_config.netdev_ifindex && weft_pod_is_masqueraded(walk, to);
	if (masquerade) {
		if (!weft_pod_has_port(walk))
			return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_NAT_UNSUPPORTED);
		walk->packet->ct_flags |= WEFT_CT_MASQUERADED;
	}
	ret = weft_pod_depart(walk);
	if (!ret && masquerade)
		ret = weft_pod_masquerade(walk);
	if (!ret)
		ret = weft_decrement_ttl(walk);
	return ret ?: weft_route_send(walk, &hop, ifindex, state);
}

/* A pod that is gone is silent; whoever still speaks to it by TCP is told. */
static __always_inline int weft_pod_to_nobody(struct weft_walk *walk, int refusal)
{
	if (walk->packet->key.proto == IPPROTO_TCP && !walk->packet->icmp_error &&
	    !weft_ct_is_opening(walk))
		return weft_answer_refused(walk, refusal);
	return refusal;
}

static __always_inline int weft_pod_forward(struct weft_walk *walk)
{
	struct weft_ipcache_value to = {};
	struct weft_endpoint *local;
	enum weft_ct_state state;
	int ret = weft_pod_find_dest(walk, &to);

	if (!ret && (to.flags & WEFT_IPCACHE_SERVICE || weft_is_node(&to)))
		ret = weft_pod_balance(walk, &to);
	if (ret == -WEFT_DROP_UNKNOWN_L3_TARGET)
		return weft_pod_to_nobody(walk, ret);
	if (ret)
		return ret;
	if (walk->packet->hairpin)
		return weft_pod_to_itself(walk);
	walk->packet->dst_identity = to.identity;
	state = weft_ct_lookup(walk);
	weft_ipcache_tell(walk, &to);
	ret = weft_policy_check(walk, state);
	if (ret)
		return ret;
	if (walk->ct && walk->ct->flags & WEFT_CT_BY_STACK)
		return weft_pod_to_host(walk, state);
	if (to.tunnel_endpoint)
		return weft_pod_to_node(walk, to.tunnel_endpoint, state);
	local = weft_endpoint_find(&walk->packet->peer.addr);
	if (local && local->flags & WEFT_ENDPOINT_HOST)
		return weft_pod_to_host(walk, state);
	if (local)
		return weft_pod_to_pod(walk, local);
	if (weft_is_world(to.identity))
		return weft_pod_to_world(walk, &to, state);
	return weft_pod_to_nobody(walk,
				  weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_UNKNOWN_L3_TARGET));
}

static __always_inline int weft_pod_walk(struct weft_walk *walk)
{
	struct weft_endpoint *endpoint = weft_endpoint_of_device(walk->ctx->ifindex);
	__be16 protocol;
	int ret;

	if (!endpoint)
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_NO_CONFIG);
	weft_walk_endpoint(walk, endpoint);
	walk->packet->src_identity = endpoint->identity;
	weft_trace(walk, WEFT_TRACE_FROM_ENDPOINT, WEFT_CT_UNKNOWN, 0, 0);
	weft_linear(walk, WEFT_HEADERS_MIN);
	ret = weft_pod_check_frame(walk, &protocol);
	if (ret)
		return ret;
	if (protocol == bpf_htons(ETH_P_ARP))
		return weft_arp_answer(walk);
	ret = weft_parse_header(walk, protocol);
	if (ret)
		return ret;
	if (walk->packet->ipv6 && weft_nd_concerns(walk))
		return weft_nd_answer(walk);
	ret = weft_pod_check_gateway(walk);
	if (!ret)
		ret = weft_pod_check_source(walk);
	if (!ret)
		ret = weft_pod_parse_flow(walk);
	return ret ?: weft_pod_forward(walk);
}

/*
 * Never WEFT_NEXT: while the agent puts a link in the place of a new pod's filter, the next program
 * on the device is this one, and a packet that it has rewritten already would be refused.
 */
SEC("tc")
int weft_from_pod(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};
	int ret;

	if (!weft_walk_begin(&walk, ctx, WEFT_DIR_EGRESS))
		return WEFT_STACK;
	ret = weft_pod_walk(&walk);
	if (ret < WEFT_NEXT)
		ret = weft_answer(&walk);
	return ret == WEFT_NEXT ? WEFT_STACK : ret;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
