/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The packet that an ICMP error quotes: weft_parse_quote() makes the key of its flow. */
#ifndef WEFT_QUOTE_H
#define WEFT_QUOTE_H

#include <weft/ipv6.h>

/* Of the quoted packet; addresses and ports as it had them, so it went the other way. */
struct weft_quote {
	struct weft_addr saddr;
	struct weft_addr daddr;
	struct weft_ports ports;
	__u8 proto;
	bool later_fragment;
};

static __always_inline int weft_quote_header4(struct weft_walk *walk, __u32 offset,
					      struct weft_quote *quote)
{
	struct iphdr *ip = weft_data(walk) + offset;

	if ((void *)(ip + 1) > weft_data_end(walk) || ip->version != 4 || ip->ihl < 5)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	weft_addr_set4(&quote->saddr, ip->saddr);
	weft_addr_set4(&quote->daddr, ip->daddr);
	quote->proto = ip->protocol;
	quote->later_fragment = ip->frag_off & bpf_htons(WEFT_IP_OFFSET);
	return ip->ihl * 4;
}

/* A datagram that its sender cut is quoted with a fragment header; a quoted packet with any other
 * extension header is of no protocol that is tracked. */
static __always_inline int weft_quote_header6(struct weft_walk *walk, __u32 offset,
					      struct weft_quote *quote)
{
	struct ipv6hdr *ip = weft_data(walk) + offset;
	struct weft_extension fragment;

	if ((void *)(ip + 1) > weft_data_end(walk) || ip->version != 6)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	__builtin_memcpy(&quote->saddr, &ip->saddr, sizeof(quote->saddr));
	__builtin_memcpy(&quote->daddr, &ip->daddr, sizeof(quote->daddr));
	quote->proto = ip->nexthdr;
	if (quote->proto != IPPROTO_FRAGMENT)
		return sizeof(*ip);
	if (bpf_skb_load_bytes(walk->ctx, offset + sizeof(*ip), &fragment, sizeof(fragment)))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	quote->proto = fragment.next;
	quote->later_fragment = fragment.frag_off & bpf_htons(WEFT_IPV6_OFFSET);
	return sizeof(*ip) + sizeof(fragment);
}

/* No quoted L4 header is further behind; for the verifier, as WEFT_L3_HEADER_MASK. */
#define WEFT_QUOTE_L4_MASK 0x3ff

/* The first 8 bytes behind the quoted header, which every error has (RFC 792). */
union weft_quote_l4 {
	struct weft_ports ports;
	struct weft_icmp icmp;
};

static __always_inline int weft_quote_ports(struct weft_walk *walk, struct weft_quote *quote)
{
	union weft_quote_l4 l4;

	if (walk->packet->quote_l4 + sizeof(l4) > ETH_HLEN + walk->packet->l3_len ||
	    bpf_skb_load_bytes(walk->ctx, walk->packet->quote_l4, &l4, sizeof(l4)))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	if (quote->later_fragment)
		return 0;
	if (quote->proto == IPPROTO_TCP || quote->proto == IPPROTO_UDP)
		quote->ports = l4.ports;
	else if (quote->proto == (walk->packet->ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
		weft_icmp_ports(&l4.icmp, walk->packet->ipv6, &quote->ports);
	else
		return 0;
	walk->packet->quote_proto = quote->proto;
	return 0;
}

/*
 * The packet that an ICMP error quotes went the other way: one that the endpoint receives quotes
 * what it sent. Routers on the way may send it such errors, but what it sends goes to whom it is
 * about. A quote that breaks this, of a later fragment, or of a protocol that is not tracked leaves
 * the error without a flow.
 */
static __always_inline bool weft_quote_is_ours(const struct weft_walk *walk,
					       const struct weft_quote *quote)
{
	if (!weft_leaves_endpoint(walk))
		return weft_addr_equal(&quote->saddr, &walk->packet->key.local);
	return weft_addr_equal(&quote->daddr, &walk->packet->key.local) &&
	       weft_addr_equal(&quote->saddr, &walk->packet->key.remote);
}

static __noinline int weft_parse_quote(struct weft_walk *walk)
{
	__u32 offset = weft_l4_offset(walk) + sizeof(struct weft_icmp);
	bool leaves = !weft_leaves_endpoint(walk);
	struct weft_quote quote = {};
	int ret;

	weft_linear(walk, offset + WEFT_IPV4_HEADER_MAX + 8);
	ret = walk->packet->ipv6 ? weft_quote_header6(walk, offset, &quote)
				 : weft_quote_header4(walk, offset, &quote);
	if (ret < 0)
		return ret;
	walk->packet->quote_l4 = offset + ret;
	ret = weft_quote_ports(walk, &quote);
	if (ret)
		return ret;
	if (!walk->packet->quote_proto || !weft_quote_is_ours(walk, &quote)) {
		walk->packet->quote_untracked = true;
		return 0;
	}
	walk->packet->key.local = leaves ? quote.saddr : quote.daddr;
	walk->packet->key.remote = leaves ? quote.daddr : quote.saddr;
	walk->packet->key.proto = quote.proto;
	weft_key_set_ports(&walk->packet->key, leaves, &quote.ports);
	return 0;
}

#endif
