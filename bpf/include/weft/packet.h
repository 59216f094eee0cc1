/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From bytes to the flow that a packet belongs to: weft_parse_header() and weft_parse_flow() fill
 * walk->packet->key and what the rest of the walk asks of the headers. Only ipv4.h, ipv6.h and what
 * they call know how the two families differ.
 *
 * Pointers into the packet are good until the next helper that may move it; the functions here
 * leave none behind.
 */
#ifndef WEFT_PACKET_H
#define WEFT_PACKET_H

#include <linux/tcp.h>
#include <linux/udp.h>
#include <weft/fragments.h>
#include <weft/ipv4.h>
#include <weft/ipv6.h>
#include <weft/quote.h>

/* Byte 13 of the TCP header. */
enum weft_tcp_flags {
	WEFT_TCP_FIN = 0x01,
	WEFT_TCP_SYN = 0x02,
	WEFT_TCP_RST = 0x04,
	WEFT_TCP_ACK = 0x10,
};

/* What every frame is read of by pointer before its lengths are known. */
#define WEFT_HEADERS_MIN (ETH_HLEN + sizeof(struct ipv6hdr))

/* Of the L4 header, as far as it is read by pointer. */
#define WEFT_L4_HEADER_MIN sizeof(struct tcphdr)

static __always_inline int weft_parse_tcp(struct weft_walk *walk, struct tcphdr *tcp,
					  __u32 available, struct weft_ports *ports)
{
	if (available < sizeof(*tcp) || (void *)(tcp + 1) > weft_data_end(walk) || tcp->doff < 5 ||
	    tcp->doff * 4U > available)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	ports->sport = tcp->source;
	ports->dport = tcp->dest;
	walk->packet->tcp_flags = ((__u8 *)tcp)[13];
	walk->packet->l4_header_len = tcp->doff * 4;
	return 0;
}

static __always_inline int weft_parse_udp(struct weft_walk *walk, struct udphdr *udp,
					  __u32 available, struct weft_ports *ports)
{
	if (available < sizeof(*udp) || (void *)(udp + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	ports->sport = udp->source;
	ports->dport = udp->dest;
	walk->packet->l4_header_len = sizeof(*udp);
	return 0;
}

static __always_inline int weft_parse_icmp(struct weft_walk *walk, struct weft_icmp *icmp,
					   __u32 available, struct weft_ports *ports)
{
	if (available < sizeof(*icmp) || (void *)(icmp + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	walk->packet->l4_header_len = sizeof(*icmp);
	walk->packet->icmp_type = icmp->type;
	walk->packet->icmp_error =
		walk->packet->ipv6 ? icmp->type < WEFT_ICMP6_ECHO : weft_icmp_is_error(icmp->type);
	weft_icmp_ports(icmp, walk->packet->ipv6, ports);
	return 0;
}

/* available: bytes of the IP packet behind its headers. */
static __always_inline int weft_parse_l4(struct weft_walk *walk, __u32 available,
					 struct weft_ports *ports)
{
	void *l4 = weft_data(walk) + weft_l4_offset(walk);

	if (walk->packet->key.proto == IPPROTO_TCP)
		return weft_parse_tcp(walk, l4, available, ports);
	if (walk->packet->key.proto == IPPROTO_UDP)
		return weft_parse_udp(walk, l4, available, ports);
	if (walk->packet->key.proto == (walk->packet->ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
		return weft_parse_icmp(walk, l4, available, ports);
	return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_UNKNOWN_PROTOCOL);
}

/* Addresses, lengths and flags; protocol: of the frame. */
static __always_inline int weft_parse_header(struct weft_walk *walk, __be16 protocol)
{
	int ret;

	if (protocol == bpf_htons(ETH_P_IP))
		ret = weft_parse_ipv4(walk);
	else if (protocol == bpf_htons(ETH_P_IPV6))
		ret = weft_parse_ipv6(walk);
	else
		ret = weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_UNSUPPORTED_L3);
	if (ret)
		return ret;
	weft_linear(walk, weft_l4_offset(walk) + WEFT_L4_HEADER_MIN);
	walk->packet->peer.prefix_len = WEFT_ADDR_BITS;
	walk->packet->peer.addr = walk->packet->key.remote;
	return 0;
}

/* Of the longest IP packet that will be on the wire: one with GSO is longer than its segments. */
static __always_inline __u32 weft_wire_len(const struct weft_walk *walk)
{
	__u32 gso_size = walk->ctx->gso_size;
	__u32 segment = walk->packet->l3_header_len + walk->packet->l4_header_len + gso_size;

	return gso_size && segment < walk->packet->l3_len ? segment : walk->packet->l3_len;
}

/* Whether the first fragment of the datagram could tell us its ports. IPv6 may have headers more
 * in front of what it carries. */
static __always_inline bool weft_is_tracked(const struct weft_walk *walk)
{
	__u8 proto = walk->packet->key.proto;

	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == (walk->packet->ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP) ||
	       (walk->packet->ipv6 && weft_is_extension(proto));
}

/* The flow of the packet, once weft_parse_header() has found its headers sound. */
static __always_inline int weft_parse_flow(struct weft_walk *walk)
{
	struct weft_ports ports = {};
	int ret;

	if (walk->packet->later_fragment && !weft_is_tracked(walk)) {
		ret = weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_UNKNOWN_PROTOCOL);
	} else if (walk->packet->later_fragment) {
		ret = weft_fragment_lookup(walk, &ports.sport, &ports.dport);
	} else {
		ret = weft_parse_l4(walk, walk->packet->l3_len - walk->packet->l3_header_len,
				    &ports);
		if (!ret && walk->packet->more_fragments)
			weft_fragment_store(walk, ports.sport, ports.dport);
	}
	if (ret)
		return ret;
	weft_key_set_ports(&walk->packet->key, weft_leaves_endpoint(walk), &ports);
	if (walk->packet->icmp_error)
		return weft_parse_quote(walk);
	return 0;
}

/* The frame's protocol, or 0 if there is no whole Ethernet header. Makes the headers linear. */
static __always_inline __be16 weft_parse_frame(const struct weft_walk *walk)
{
	struct ethhdr *eth;

	weft_linear(walk, WEFT_HEADERS_MIN);
	eth = weft_data(walk);
	return (void *)(eth + 1) <= weft_data_end(walk) ? eth->h_proto : 0;
}

#endif
