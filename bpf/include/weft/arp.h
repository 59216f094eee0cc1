/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_arp_answer(): the pod's gateway, which no device holds. Every address but the pod's own is
 * reached through it, so every question gets the same answer: the MAC of the lxc device.
 */
#ifndef WEFT_ARP_H
#define WEFT_ARP_H

#include <weft/drop.h>
#include <weft/endpoints.h>
#include <weft/packet.h>

static __always_inline int weft_arp_check(struct weft_walk *walk, const struct weft_arp *arp)
{
	__be32 own_ip = walk->endpoint->ipv4.word[3];

	if (arp->hardware != bpf_htons(WEFT_ARP_ETHERNET) || arp->protocol != bpf_htons(ETH_P_IP) ||
	    arp->mac_len != ETH_ALEN || arp->ip_len != sizeof(__be32))
		return weft_refuse(walk, WEFT_FILE_ARP, WEFT_DROP_UNSUPPORTED_L2);
	if (!weft_mac_equal(arp->sender_mac, walk->endpoint->mac))
		return weft_refuse(walk, WEFT_FILE_ARP, WEFT_DROP_INVALID_SOURCE_MAC);
	/* No sender address: a probe, RFC 5227 section 2.1.1. */
	if (arp->sender_ip && arp->sender_ip != own_ip)
		return weft_refuse(walk, WEFT_FILE_ARP, WEFT_DROP_INVALID_SOURCE_IP);
	return 0;
}

/* Only the pod itself may claim its address, so a question for that one is left without an answer.
 */
static __always_inline int weft_arp_answer(struct weft_walk *walk)
{
	struct weft_endpoint *endpoint = walk->endpoint;
	__be32 asked_for;
	struct weft_arp *arp;
	int ret;

	weft_linear(walk, sizeof(*arp));
	arp = weft_data(walk);
	if ((void *)(arp + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_ARP, WEFT_DROP_INVALID_PACKET);
	ret = weft_arp_check(walk, arp);
	if (ret)
		return ret;
	weft_count(walk, WEFT_FORWARDED);
	asked_for = arp->target_ip;
	if (arp->op != bpf_htons(WEFT_ARP_REQUEST) || asked_for == endpoint->ipv4.word[3])
		return weft_consume();
	__builtin_memcpy(arp->eth.h_dest, endpoint->mac, ETH_ALEN);
	__builtin_memcpy(arp->eth.h_source, endpoint->node_mac, ETH_ALEN);
	arp->op = bpf_htons(WEFT_ARP_REPLY);
	__builtin_memcpy(arp->target_mac, endpoint->mac, ETH_ALEN);
	arp->target_ip = arp->sender_ip;
	__builtin_memcpy(arp->sender_mac, endpoint->node_mac, ETH_ALEN);
	arp->sender_ip = asked_for;
	return bpf_redirect(endpoint->ifindex, 0);
}

#endif
