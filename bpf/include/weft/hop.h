/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a tracer reads of a packet: the flow that it is of, and what tells it from the flow's
 * others. Only the linear part is there to be read, by address; unlike packet.h, nothing here needs
 * a program's context.
 */
#ifndef WEFT_HOP_H
#define WEFT_HOP_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <weft/abi_hops.h>
#include <weft/addr.h>
#include <weft/skb.h>
#include <weft/wire.h>

#define WEFT_VXLAN_LEN	     8
#define WEFT_IPV6_EXTENSIONS 4
#define WEFT_ARPHRD_ETHER    1 /* linux/if_arp.h */
#define WEFT_ARPHRD_LOOPBACK 772
#define WEFT_NSFS_FIRST	     0xf0000000 /* fs/proc/generic.c, PROC_DYNAMIC_FIRST */
#define WEFT_UNSET	     0xffff	/* skb->mac_header before there is one */

/* What is read of a packet. */
struct weft_hop {
	struct weft_linear linear;
	struct weft_hop_flow flow;
	__u64 survivor; /* of the innermost packet; 0: nothing to know it by */
	__u32 l3;	/* offset of the outermost IP header in the linear part */
	__u32 inner;	/* ... of what a VXLAN header precedes; 0: none */
	__u32 l4;
};

/* The first bytes behind the L4 header tell datagrams apart. */
static __always_inline __u64 weft_hop_payload(const struct weft_hop *hop, __u32 offset)
{
	__u64 bytes = 0;
	__u32 four = 0;

	if (weft_linear_read(&hop->linear, offset, &bytes, sizeof(bytes)))
		return bytes;
	weft_linear_read(&hop->linear, offset, &four, sizeof(four));
	return four;
}

static __always_inline void weft_hop_transport(struct weft_hop *hop, __u64 datagram)
{
	struct {
		__be16 sport;
		__be16 dport;
		__be32 word;
	} head;

	if (!weft_linear_read(&hop->linear, hop->l4, &head, sizeof(head)))
		return;
	switch (hop->flow.protocol) {
	case IPPROTO_TCP:
		hop->flow.sport = head.sport;
		hop->flow.dport = head.dport;
		hop->survivor = (__u64)head.word << 8 | IPPROTO_TCP;
		return;
	case IPPROTO_UDP:
		hop->flow.sport = head.sport;
		hop->flow.dport = head.dport;
		hop->survivor = weft_hop_payload(hop, hop->l4 + sizeof(struct udphdr)) ^
				datagram << 16 ^ IPPROTO_UDP;
		return;
	}
}

/* Echo has its identifier for both ports, so that request and reply are two ends of one flow. */
static __always_inline bool weft_hop_echo(struct weft_hop *hop)
{
	struct weft_icmp icmp;
	bool v6 = hop->flow.protocol == IPPROTO_ICMPV6;

	if (!weft_linear_read(&hop->linear, hop->l4, &icmp, sizeof(icmp)))
		return false;
	if (v6 ? icmp.type != WEFT_ICMP6_ECHO && icmp.type != WEFT_ICMP6_ECHO_REPLY
	       : icmp.type != WEFT_ICMP_ECHO && icmp.type != WEFT_ICMP_ECHO_REPLY)
		return false;
	hop->flow.sport = icmp.id;
	hop->flow.dport = icmp.id;
	hop->survivor = (__u64)icmp.mtu << 16 | (__u64)icmp.type << 8 | 1;
	return true;
}

/* Fills flow from the IP header at offset l3; false: none. */
static __always_inline bool weft_hop_ip(struct weft_hop *hop, __u32 l3, __u64 *datagram)
{
	struct ipv6hdr ip6;
	struct iphdr ip;
	__u8 next, i;

	__builtin_memset(&hop->flow, 0, sizeof(hop->flow));
	hop->survivor = 0;
	if (!weft_linear_read(&hop->linear, l3, &ip, sizeof(ip)))
		return false;
	if (ip.version == 4) {
		weft_addr_set4(&hop->flow.src, ip.saddr);
		weft_addr_set4(&hop->flow.dst, ip.daddr);
		hop->flow.protocol = ip.protocol;
		hop->l4 = l3 + ip.ihl * 4;
		*datagram = ip.id;
		return !(ip.frag_off & bpf_htons(0x1fff));
	}
	if (ip.version != 6 || !weft_linear_read(&hop->linear, l3, &ip6, sizeof(ip6)))
		return false;
	__builtin_memcpy(&hop->flow.src, &ip6.saddr, sizeof(hop->flow.src));
	__builtin_memcpy(&hop->flow.dst, &ip6.daddr, sizeof(hop->flow.dst));
	hop->l4 = l3 + sizeof(ip6);
	next = ip6.nexthdr;
	*datagram = 0;
	for (i = 0; i < WEFT_IPV6_EXTENSIONS; i++) {
		__u8 head[2];

		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS)
			break;
		if (!weft_linear_read(&hop->linear, hop->l4, head, sizeof(head)))
			return false;
		next = head[0];
		hop->l4 += (head[1] + 1) * 8;
	}
	hop->flow.protocol = next;
	return true;
}

static __always_inline bool weft_hop_is_error(const struct weft_hop *hop)
{
	__u8 type = 0;

	if (!weft_linear_read(&hop->linear, hop->l4, &type, sizeof(type)))
		return false;
	if (hop->flow.protocol == IPPROTO_ICMPV6)
		return type < WEFT_ICMP6_ECHO;
	return type == WEFT_ICMP_UNREACHABLE || type == WEFT_ICMP_TIME_EXCEEDED ||
	       type == WEFT_ICMP_PARAMETER_PROBLEM || type == WEFT_ICMP_REDIRECT;
}

/*
 * The flow of the packet at l3; of an ICMP error, that of the packet which it quotes. Global, so
 * that it is verified once.
 */
__noinline int weft_hop_flow(struct weft_hop *hop, __u32 l3)
{
	__u64 datagram;
	bool icmp;

	if (!hop || !weft_hop_ip(hop, l3, &datagram))
		return false;
	icmp = hop->flow.protocol == IPPROTO_ICMP || hop->flow.protocol == IPPROTO_ICMPV6;
	if (icmp && weft_hop_is_error(hop)) {
		if (!weft_hop_ip(hop, hop->l4 + sizeof(struct weft_icmp), &datagram))
			return false;
		if (hop->flow.protocol == IPPROTO_ICMP || hop->flow.protocol == IPPROTO_ICMPV6)
			weft_hop_echo(hop);
		else
			weft_hop_transport(hop, datagram);
		hop->survivor = ~hop->survivor;
		return true;
	}
	if (icmp)
		return weft_hop_echo(hop);
	weft_hop_transport(hop, datagram);
	return true;
}

/* Reads the packet; one in a tunnel is that which the tunnel carries. False: it has no flow. */
static __always_inline bool weft_hop_parse(struct weft_hop *hop, __be16 tunnel_port)
{
	__u32 inner;

	if (!weft_hop_flow(hop, hop->l3))
		return false;
	if (hop->flow.protocol != IPPROTO_UDP || hop->flow.dport != tunnel_port)
		return true;
	inner = hop->l4 + sizeof(struct udphdr) + WEFT_VXLAN_LEN + ETH_HLEN;
	hop->inner = inner;
	return weft_hop_flow(hop, inner);
}

/*
 * The first packet, or an answer to it: that may be sent before any tracepoint saw the packet as a
 * program translated it.
 */
static __always_inline bool weft_hop_is_asked_for(const struct weft_hop_filter *filter,
						  const struct weft_hop_flow *flow)
{
	bool any = weft_addr_is_none(&filter->src);

	if (!filter->protocol || flow->protocol != filter->protocol)
		return false;
	return (flow->sport == filter->sport &&
		(any || weft_addr_equal(&flow->src, &filter->src))) ||
	       (flow->dport == filter->sport && (any || weft_addr_equal(&flow->dst, &filter->src)));
}

/* The loopback device has Ethernet headers too, of zeros. */
static __always_inline bool weft_hop_is_ethernet(const struct net_device *dev)
{
	return dev && (dev->type == WEFT_ARPHRD_ETHER || dev->type == WEFT_ARPHRD_LOOPBACK);
}

/*
 * A function has a packet at any stage: one that came from a device has its network_header behind
 * the frame's header, or not set yet.
 */
static __always_inline __u32 weft_hop_l3_anywhere(struct sk_buff *skb)
{
	__u32 mac = skb->mac_header, l3 = skb->network_header;

	if (mac == WEFT_UNSET || l3 > mac)
		return l3;
	return weft_hop_is_ethernet(skb->dev) ? mac + ETH_HLEN : mac;
}

/*
 * Where the IP header is. Before a device sends, data is at the frame's first byte; after one
 * received, at the IP header, and network_header may be that of a layer before; in between, data
 * may be anywhere.
 */
static __always_inline __u32 weft_hop_l3(struct sk_buff *skb, enum weft_hop_point point)
{
	__u32 data = skb->data - skb->head;

	switch (point) {
	case WEFT_HOP_RECEIVE:
	case WEFT_HOP_RX:
		return data;
	case WEFT_HOP_QUEUE:
	case WEFT_HOP_TRANSMIT:
	case WEFT_HOP_NOT_SENT:
		return weft_hop_is_ethernet(skb->dev) ? data + ETH_HLEN : data;
	case WEFT_HOP_FUNCTION:
		return weft_hop_l3_anywhere(skb);
	default:
		return skb->network_header;
	}
}

/*
 * In a socket's queue other things are where skb->dev was: what is read through them is no inode of
 * nsfs.
 */
static __always_inline struct net_device *weft_hop_device(struct sk_buff *skb,
							  enum weft_hop_point point)
{
	struct net_device *dev = skb->dev;

	if (point == WEFT_HOP_SOCKET || !dev || dev->nd_net.net->ns.inum < WEFT_NSFS_FIRST)
		return NULL;
	return dev;
}

#endif
