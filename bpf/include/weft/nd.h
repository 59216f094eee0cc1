/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_nd_answer(): neighbour discovery (RFC 4861) of a pod. As with ARP, every address but the
 * pod's own is reached through the lxc device, so every solicitation gets that device's MAC.
 */
#ifndef WEFT_ND_H
#define WEFT_ND_H

#include <weft/answer.h>
#include <weft/endpoints.h>
#include <weft/packet.h>

/* Behind the Ethernet header, which alone would not be aligned. */
struct weft_nd_message {
	struct ipv6hdr ip;
	struct weft_nd nd;
};

/* What a pod says to its link: no flow, and nothing that leaves the node. */
static __always_inline bool weft_nd_concerns(const struct weft_walk *walk)
{
	const struct weft_icmp *icmp = weft_data(walk) + weft_l4_offset(walk);

	if (*(const __u8 *)&walk->packet->key.remote == 0xff)
		return true;
	return walk->packet->key.proto == IPPROTO_ICMPV6 &&
	       (void *)(icmp + 1) <= weft_data_end(walk) && icmp->type >= 130 &&
	       icmp->type <= WEFT_ICMP6_NEIGHBOUR_ADVERTISEMENT + 1;
}

static __always_inline __sum16 weft_nd_check(struct weft_nd_message *message)
{
	__s64 sum = bpf_htons(sizeof(message->nd)) + bpf_htons(IPPROTO_ICMPV6);

	sum = bpf_csum_diff(NULL, 0, (__be32 *)&message->ip.saddr, 2 * sizeof(message->ip.saddr),
			    sum);
	return weft_csum_fold(
		bpf_csum_diff(NULL, 0, (__be32 *)&message->nd, sizeof(message->nd), sum));
}

/* To whoever asked, which may be by an address of the link alone. */
static __always_inline void weft_nd_fill(const struct weft_walk *walk, const __be32 *target,
					 struct weft_nd_message *message)
{
	struct weft_endpoint *endpoint = walk->endpoint;

	message->ip.version = 6;
	message->ip.payload_len = bpf_htons(sizeof(message->nd));
	message->ip.nexthdr = IPPROTO_ICMPV6;
	message->ip.hop_limit = WEFT_ND_HOP_LIMIT;
	__builtin_memcpy(&message->ip.saddr, target, sizeof(message->ip.saddr));
	__builtin_memcpy(&message->ip.daddr, &walk->packet->key.local, sizeof(message->ip.daddr));
	message->nd.type = WEFT_ICMP6_NEIGHBOUR_ADVERTISEMENT;
	message->nd.flags = bpf_htonl(WEFT_ND_FLAGS);
	__builtin_memcpy(message->nd.target, target, sizeof(message->nd.target));
	message->nd.option = WEFT_ND_TARGET_MAC;
	message->nd.option_len = 1;
	__builtin_memcpy(message->nd.mac, endpoint->node_mac, ETH_ALEN);
}

/* Only the pod itself may claim its address, so a question for that one is left without an answer;
 * so is one without a sender, which claims an address (RFC 4862 section 5.4): nobody else on the
 * link has one. */
static __noinline int weft_nd_answer(struct weft_walk *walk)
{
	struct weft_nd_message message = {};
	struct ethhdr eth = {.h_proto = bpf_htons(ETH_P_IPV6)};
	struct weft_nd asked = {};

	/* Without the option, which is left out where the neighbour's address is known. */
	if (walk->packet->key.proto != IPPROTO_ICMPV6 ||
	    bpf_skb_load_bytes(walk->ctx, ETH_HLEN + sizeof(struct ipv6hdr), &asked,
			       offsetof(struct weft_nd, option)) ||
	    asked.type != WEFT_ICMP6_NEIGHBOUR_SOLICITATION)
		return weft_refuse(walk, WEFT_FILE_ND, WEFT_DROP_FORBIDDEN_ICMP6);
	weft_debug(walk, WEFT_DEBUG_ND_SOLICITATION, bpf_ntohl(asked.target[0]),
		   bpf_ntohl(asked.target[3]), 0);
	if (walk->packet->ttl != WEFT_ND_HOP_LIMIT || asked.code)
		return weft_refuse(walk, WEFT_FILE_ND, WEFT_DROP_INVALID_PACKET);
	weft_count(walk, WEFT_FORWARDED);
	if (weft_addr_is_none(&walk->packet->key.local) ||
	    weft_addr_equal((struct weft_addr *)asked.target, &walk->endpoint->ipv6))
		return weft_consume();
	__builtin_memcpy(eth.h_dest, walk->endpoint->mac, ETH_ALEN);
	__builtin_memcpy(eth.h_source, walk->endpoint->node_mac, ETH_ALEN);
	weft_nd_fill(walk, asked.target, &message);
	message.nd.check = weft_nd_check(&message);
	if (bpf_skb_change_tail(walk->ctx, ETH_HLEN + sizeof(message), 0) ||
	    bpf_skb_store_bytes(walk->ctx, 0, &eth, sizeof(eth), 0) ||
	    bpf_skb_store_bytes(walk->ctx, ETH_HLEN, &message, sizeof(message), 0))
		return weft_consume();
	return bpf_redirect(walk->endpoint->ifindex, 0);
}

#endif
