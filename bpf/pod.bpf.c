/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_from_pod: what a pod sends, at the ingress of its lxc device.
 *
 * Who sent it -> which flow -> where to -> may it go -> into the overlay.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <weft/arp.h>
#include <weft/config.h>
#include <weft/conntrack.h>
#include <weft/drop.h>
#include <weft/encap.h>
#include <weft/endpoints.h>
#include <weft/answer.h>
#include <weft/ipcache.h>
#include <weft/nat.h>
#include <weft/packet.h>
#include <weft/services.h>

/* The frame must come from the pod's interface and be for its gateway, and carry something that we
 * forward. */
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
	if (*protocol == bpf_htons(ETH_P_ARP))
		return 0;
	if (*protocol != bpf_htons(ETH_P_IP))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_UNSUPPORTED_L3);
	if (!weft_mac_equal(eth->h_dest, endpoint->node_mac))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_INVALID_DESTINATION_MAC);
	return 0;
}

static __always_inline int weft_pod_parse(struct weft_walk *walk)
{
	__u16 frag_off;
	__be32 id;
	int ret = weft_parse_ipv4_header(walk, &frag_off, &id);

	if (ret)
		return ret;
	if (!weft_addr_equal(&walk->key.local, &walk->endpoint->ipv4))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_INVALID_SOURCE_IP);
	ret = weft_parse_flow4(walk, frag_off, id);
	if (ret)
		return ret;
	/* A pod that wrote its own tunnel headers could name any identity. */
	if (walk->key.proto == IPPROTO_UDP && !walk->icmp_error &&
	    walk->key.remote_port == weft_config.tunnel_port)
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_ENCAP_PROHIBITED);
	return 0;
}

/* Of what will be on the wire: a GSO packet is longer, its segments are what counts. */
static __always_inline bool weft_pod_too_big(const struct weft_walk *walk)
{
	__u32 gso_size;

	if (walk->l3_len <= weft_config.overlay_mtu)
		return false;
	gso_size = walk->ctx->gso_size;
	return !gso_size ||
	       walk->l3_header_len + walk->l4_header_len + gso_size > weft_config.overlay_mtu;
}

/* What may stop a packet that has somewhere to go; the sender is told. 0: nothing. */
static __always_inline int weft_pod_check_hop(struct weft_walk *walk)
{
	if (walk->ttl <= 1)
		return weft_icmp_answer(
			walk, weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_TTL_EXCEEDED),
			(struct weft_icmp_reason){WEFT_ICMP_TIME_EXCEEDED, WEFT_ICMP_TTL, 0});
	/* Without DF the kernel cuts the outer packet. */
	if (walk->dont_fragment && weft_pod_too_big(walk))
		return weft_icmp_answer(
			walk, weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_FRAGMENTATION_NEEDED),
			(struct weft_icmp_reason){WEFT_ICMP_UNREACHABLE, WEFT_ICMP_FRAG_NEEDED,
						  weft_config.overlay_mtu});
	return 0;
}

/* RFC 1624: a lower TTL makes the sum that much less, its complement that much more. */
static __always_inline int weft_pod_decrement_ttl(struct weft_walk *walk)
{
	struct iphdr *ip = weft_data(walk) + ETH_HLEN;
	__u32 check;

	if ((void *)(ip + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_INVALID_PACKET);
	check = ip->check + bpf_htons(0x0100);
	ip->check = check + (check >= 0xffff);
	ip->ttl--;
	return 0;
}

static __always_inline int weft_pod_forward(struct weft_walk *walk)
{
	enum weft_ct_state state;
	struct weft_ipcache_value *to;
	__be32 node;
	int ret;

	/* The service place: a service's address becomes that of a backend before anything is
	 * looked up. */
	state = weft_ct_lookup(walk);
	to = weft_ipcache_lookup(walk);
	if (!to)
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_UNKNOWN_L3_TARGET);
	walk->dst_identity = to->identity;
	node = to->tunnel_endpoint;
	/* The policy place: egress, for what is not an answer. */
	if (!node)
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_NO_TUNNEL_ENDPOINT);
	ret = weft_pod_check_hop(walk);
	if (ret)
		return ret;
	if (!walk->ct) {
		ret = weft_ct_create(walk);
		if (ret)
			return ret;
	}
	ret = weft_pod_decrement_ttl(walk);
	if (ret)
		return ret;
	weft_count(walk, WEFT_FORWARDED);
	return weft_encap(walk, node, state);
}

static __always_inline int weft_pod_walk(struct weft_walk *walk)
{
	struct weft_endpoint *endpoint = weft_endpoint_of_device(walk->ctx->ifindex);
	__be16 protocol;
	int ret;

	if (!endpoint)
		return weft_refuse(walk, WEFT_FILE_POD, WEFT_DROP_NO_CONFIG);
	weft_walk_endpoint(walk, endpoint);
	walk->src_identity = endpoint->identity;
	weft_trace(walk, WEFT_TRACE_FROM_ENDPOINT, WEFT_CT_UNKNOWN, 0, 0);
	weft_linear(walk, WEFT_HEADERS_MAX);
	ret = weft_pod_check_frame(walk, &protocol);
	if (ret)
		return ret;
	if (protocol == bpf_htons(ETH_P_ARP))
		return weft_arp_answer(walk);
	ret = weft_pod_parse(walk);
	if (ret)
		return ret;
	return weft_pod_forward(walk);
}

SEC("tc")
int weft_from_pod(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};
	int ret;

	weft_walk_begin(&walk, ctx, WEFT_DIR_EGRESS);
	ret = weft_pod_walk(&walk);
	return ret < 0 ? weft_drop(&walk, ret) : ret;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
