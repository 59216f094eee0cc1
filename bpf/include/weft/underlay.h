/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_encap_to_underlay(): the second way into the overlay, for what this node forwards for
 * others. It writes the outer headers itself and sends the packet out by the underlay's device,
 * past weft_vxlan and the node's stack; on the wire it is the same packet. What it cannot do it
 * leaves to weft_encap().
 */
#ifndef WEFT_UNDERLAY_H
#define WEFT_UNDERLAY_H

#include <linux/udp.h>
#include <weft/csum.h>
#include <weft/encap.h>
#include <weft/packet.h>

/* RFC 7348 section 5: what comes before the inner packet's IP header, the Ethernet header that
 * redirection fills in left out. */
struct weft_outer {
	struct iphdr ip;
	struct udphdr udp;
	__be32 vxlan_flags;
	__be32 vni; /* << 8 */
	struct ethhdr inner;
	__u16 pad; /* not on the wire */
};

#define WEFT_OUTER_LEN offsetof(struct weft_outer, pad)

#define WEFT_VXLAN_VNI 0x08000000 /* the VNI is valid */

/* Recommended for the source port by RFC 7348, the flow's hash in it. */
#define WEFT_VXLAN_PORT_MIN 49152

#define WEFT_ECN_MASK 3
#define WEFT_ECN_ECT0 2
#define WEFT_ECN_CE   3

#define WEFT_IP_LEN_MAX 65535

/* A packet with GSO keeps its segments' size: pods are told of an MTU that leaves this room. */
#define WEFT_UNDERLAY_ROOM                                                                         \
	(BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L4_UDP |   \
	 BPF_F_ADJ_ROOM_ENCAP_L2(ETH_HLEN) | BPF_F_ADJ_ROOM_ENCAP_L2_ETH)

_Static_assert(WEFT_OUTER_LEN == 50, "weft_outer");

/* By the underlay's device and no other? Asked as in route.h: the underlay's need not forward. */
static __always_inline bool weft_underlay_find(struct weft_walk *walk, __be32 node,
					       struct bpf_redir_neigh *hop)
{
	struct bpf_fib_lookup fib = {
		.family = WEFT_AF_INET,
		.l4_protocol = IPPROTO_UDP,
		.ifindex = weft_config.host_ifindex,
		.ipv4_src = weft_config.node_addr.word[3],
		.ipv4_dst = node,
	};
	long ret = bpf_fib_lookup(walk->ctx, &fib, sizeof(fib), 0);

	if ((ret != BPF_FIB_LKUP_RET_SUCCESS && ret != BPF_FIB_LKUP_RET_NO_NEIGH) ||
	    fib.ifindex != weft_config.netdev_ifindex)
		return false;
	hop->nh_family = fib.family;
	__builtin_memcpy(hop->ipv6_nh, fib.ipv6_dst, sizeof(hop->ipv6_nh));
	return true;
}

/* RFC 3168 section 9.1.1, as the kernel's devices do: marks go along, but that of a congestion
 * behind us is not the wire's. */
static __always_inline __u8 weft_underlay_ecn(const struct weft_walk *walk)
{
	const __u8 *ip = weft_data(walk) + ETH_HLEN;
	__u8 ecn;

	if ((void *)(ip + 2) > weft_data_end(walk))
		return 0;
	ecn = walk->packet->ipv6 ? ip[1] >> 4 : ip[1];
	ecn &= WEFT_ECN_MASK;
	return ecn == WEFT_ECN_CE ? WEFT_ECN_ECT0 : ecn;
}

/* No outer checksum: the inner ones protect the data. len: of what follows the IP header. */
static __always_inline void weft_outer_fill(struct weft_walk *walk, __be32 node, __u32 len,
					    struct weft_outer *outer)
{
	__u32 hash = bpf_get_hash_recalc(walk->ctx);

	outer->ip.version = 4;
	outer->ip.ihl = sizeof(outer->ip) / 4;
	outer->ip.tos = weft_underlay_ecn(walk);
	outer->ip.tot_len = bpf_htons(sizeof(outer->ip) + len);
	/* May be cut on the way, so it has an identifier. */
	outer->ip.id = bpf_get_prandom_u32();
	outer->ip.ttl = WEFT_TUNNEL_TTL;
	outer->ip.protocol = IPPROTO_UDP;
	outer->ip.saddr = weft_config.node_addr.word[3];
	outer->ip.daddr = node;
	outer->ip.check =
		weft_csum_fold(bpf_csum_diff(NULL, 0, (__be32 *)&outer->ip, sizeof(outer->ip), 0));
	outer->udp.source = bpf_htons(WEFT_VXLAN_PORT_MIN | (hash & ~WEFT_VXLAN_PORT_MIN));
	outer->udp.dest = weft_config.tunnel_port;
	outer->udp.len = bpf_htons(len);
	outer->vxlan_flags = bpf_htonl(WEFT_VXLAN_VNI);
	outer->vni = bpf_htonl(walk->packet->src_identity << 8);
}

/* 0: the packet has its outer headers; WEFT_NEXT: it is as it was, and not one for this way. */
static __noinline int weft_underlay_wrap(struct weft_walk *walk, __be32 node)
{
	__u32 len = WEFT_OUTER_LEN - sizeof(struct iphdr) + walk->ctx->len - ETH_HLEN;
	const __be16 ipv4 = bpf_htons(ETH_P_IP);
	struct weft_outer outer = {};

	/* Without DF the kernel cuts the outer packet. */
	if (weft_wire_len(walk) > weft_config.overlay_mtu ||
	    len > WEFT_IP_LEN_MAX - sizeof(struct iphdr) ||
	    bpf_skb_load_bytes(walk->ctx, 0, &outer.inner, sizeof(outer.inner)))
		return WEFT_NEXT;
	weft_outer_fill(walk, node, len, &outer);
	if (bpf_skb_adjust_room(walk->ctx, WEFT_OUTER_LEN, BPF_ADJ_ROOM_MAC, WEFT_UNDERLAY_ROOM))
		return WEFT_NEXT;
	if (bpf_skb_store_bytes(walk->ctx, ETH_HLEN, &outer, WEFT_OUTER_LEN, BPF_F_RECOMPUTE_CSUM))
		return weft_refuse(walk, WEFT_FILE_ENCAP, WEFT_DROP_WRITE_ERROR);
	/* The neighbour's header replaces this one, after the event is made. */
	if (outer.inner.h_proto != ipv4 &&
	    bpf_skb_store_bytes(walk->ctx, offsetof(struct ethhdr, h_proto), &ipv4, sizeof(ipv4),
				0))
		return weft_refuse(walk, WEFT_FILE_ENCAP, WEFT_DROP_WRITE_ERROR);
	return 0;
}

/* As weft_encap(). */
static __always_inline int weft_encap_to_underlay(struct weft_walk *walk, __be32 node)
{
	__u32 ifindex = weft_config.netdev_ifindex;
	struct bpf_redir_neigh hop = {};
	int ret;

	weft_encap_generalize(walk);
	if (!(weft_config.flags & WEFT_CONFIG_ENCAP_BPF) || !weft_underlay_find(walk, node, &hop))
		return weft_encap(walk, node, WEFT_CT_UNKNOWN);
	ret = weft_underlay_wrap(walk, node);
	if (ret == WEFT_NEXT)
		return weft_encap(walk, node, WEFT_CT_UNKNOWN);
	if (ret)
		return ret;
	weft_debug(walk, WEFT_DEBUG_ENCAPSULATE, bpf_ntohl(node), walk->packet->src_identity, 0);
	weft_trace(walk, WEFT_TRACE_TO_OVERLAY, WEFT_CT_UNKNOWN, ifindex, 0);
	weft_capture(walk, WEFT_CAPTURE_DELIVERY, ifindex);
	walk->ctx->mark = weft_encap_mark(walk->packet->src_identity);
	return bpf_redirect_neigh(ifindex, &hop, sizeof(hop), 0);
}

#endif
