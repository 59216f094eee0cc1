/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_from_netdev and weft_to_netdev: the underlay device, both directions. The kernel does the
 * work for an overlay packet; here it is counted and shown. Everything is left to whoever else is
 * attached.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <weft/config.h>
#include <weft/encap.h>
#include <weft/events.h>
#include <weft/metrics.h>
#include <weft/packet.h>

/* Whether it is a first fragment or whole packet of the overlay. Only asked when somebody watches.
 */
static __always_inline bool weft_netdev_is_vxlan(const struct weft_walk *walk)
{
	struct ethhdr *eth;
	struct iphdr *ip;
	struct udphdr *udp;

	weft_linear(walk, ETH_HLEN + WEFT_IPV4_HEADER_MAX + sizeof(*udp));
	eth = weft_data(walk);
	ip = (void *)(eth + 1);
	if ((void *)(ip + 1) > weft_data_end(walk) || eth->h_proto != bpf_htons(ETH_P_IP) ||
	    ip->protocol != IPPROTO_UDP || ip->frag_off & bpf_htons(WEFT_IP_OFFSET))
		return false;
	udp = (void *)ip + ip->ihl * 4;
	return (void *)(udp + 1) <= weft_data_end(walk) && udp->dest == weft_config.tunnel_port;
}

static __always_inline int weft_netdev_show(struct __sk_buff *ctx, enum weft_direction direction,
					    enum weft_trace_point point, __u32 ifindex)
{
	struct weft_walk walk = {};

	weft_walk_begin(&walk, ctx, direction);
	weft_count(&walk, WEFT_INTERFACE);
	if (walk.events & WEFT_EVENTS_TRACE) {
		walk.source = weft_config.node_id;
		if (direction == WEFT_DIR_EGRESS && weft_encap_is_marked(ctx))
			walk.src_identity = weft_encap_identity(ctx->mark);
		weft_trace(&walk, point, WEFT_CT_UNKNOWN, ifindex,
			   weft_netdev_is_vxlan(&walk) ? WEFT_TRACE_VXLAN : 0);
	}
	return WEFT_NEXT;
}

SEC("tc")
int weft_from_netdev(struct __sk_buff *ctx)
{
	return weft_netdev_show(ctx, WEFT_DIR_INGRESS, WEFT_TRACE_FROM_NETWORK, ctx->ifindex);
}

SEC("tc")
int weft_to_netdev(struct __sk_buff *ctx)
{
	return weft_netdev_show(ctx, WEFT_DIR_EGRESS, WEFT_TRACE_TO_NETWORK, ctx->ifindex);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
