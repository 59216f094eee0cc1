/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What knows the IPv4 header (RFC 791), and what both families build on: readable bytes, ports. */
#ifndef WEFT_IPV4_H
#define WEFT_IPV4_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <weft/addr.h>
#include <weft/walk.h>
#include <weft/wire.h>

#define WEFT_IP_DF	     0x4000
#define WEFT_IP_MF	     0x2000
#define WEFT_IP_OFFSET	     0x1fff
#define WEFT_IPV4_HEADER_MAX 60

/* Ports as in the header; for ICMP see struct weft_ct_key. */
struct weft_ports {
	__be16 sport;
	__be16 dport;
};

static __always_inline void *weft_data(const struct weft_walk *walk)
{
	return (void *)(long)walk->ctx->data;
}

static __always_inline void *weft_data_end(const struct weft_walk *walk)
{
	return (void *)(long)walk->ctx->data_end;
}

/*
 * Makes the first want bytes, or all if there are fewer, readable by pointer. Ask for no byte more
 * than is read: of what TCP sends, only the headers are linear, and to pull payload behind them
 * costs a new head for every packet.
 */
static __always_inline void weft_linear(const struct weft_walk *walk, __u32 want)
{
	if (weft_data(walk) + want <= weft_data_end(walk))
		return;
	if (want > walk->ctx->len)
		want = walk->ctx->len;
	if (weft_data(walk) + want > weft_data_end(walk))
		bpf_skb_pull_data(walk->ctx, want); /* a failure shows as a packet cut short */
}

/* Masked because the verifier forgets the bound of a field in memory; the parsers keep it. */
#define WEFT_L3_HEADER_MASK 0x1fc

static __always_inline __u32 weft_l4_offset(const struct weft_walk *walk)
{
	return ETH_HLEN + (walk->packet->l3_header_len & WEFT_L3_HEADER_MASK);
}

static __always_inline void weft_key_set_ports(struct weft_ct_key *key, bool leaves,
					       const struct weft_ports *ports)
{
	key->local_port = leaves ? ports->sport : ports->dport;
	key->remote_port = leaves ? ports->dport : ports->sport;
}

static __always_inline bool weft_icmp_is_error(__u8 type)
{
	return type == WEFT_ICMP_UNREACHABLE || type == WEFT_ICMP_SOURCE_QUENCH ||
	       type == WEFT_ICMP_REDIRECT || type == WEFT_ICMP_TIME_EXCEEDED ||
	       type == WEFT_ICMP_PARAMETER_PROBLEM;
}

static __always_inline void weft_icmp_ports(const struct weft_icmp *icmp, bool ipv6,
					    struct weft_ports *ports)
{
	ports->sport = icmp->type == (ipv6 ? WEFT_ICMP6_ECHO : WEFT_ICMP_ECHO) ? icmp->id : 0;
	ports->dport =
		icmp->type == (ipv6 ? WEFT_ICMP6_ECHO_REPLY : WEFT_ICMP_ECHO_REPLY) ? icmp->id : 0;
}

/* Addresses, lengths, flags, and what a fragment is of. */
static __always_inline int weft_parse_ipv4(struct weft_walk *walk)
{
	struct iphdr *ip = weft_data(walk) + ETH_HLEN;
	bool leaves = weft_leaves_endpoint(walk);
	__u16 frag_off;

	if ((void *)(ip + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_PACKET);
	walk->packet->l3_header_len = ip->ihl * 4;
	walk->packet->l3_len = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || ip->ihl < 5 || walk->packet->l3_len < walk->packet->l3_header_len ||
	    walk->packet->l3_len + ETH_HLEN > walk->ctx->len)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_PACKET);
	frag_off = bpf_ntohs(ip->frag_off);
	walk->packet->fragment_id = bpf_htonl(bpf_ntohs(ip->id));
	walk->packet->ttl = ip->ttl;
	walk->packet->dont_fragment = frag_off & WEFT_IP_DF;
	walk->packet->more_fragments = frag_off & WEFT_IP_MF;
	walk->packet->later_fragment = frag_off & WEFT_IP_OFFSET;
	walk->packet->key.proto = ip->protocol;
	weft_addr_set4(&walk->packet->key.local, leaves ? ip->saddr : ip->daddr);
	weft_addr_set4(&walk->packet->key.remote, leaves ? ip->daddr : ip->saddr);
	return 0;
}

/* RFC 1624: a lower TTL makes the sum that much less, its complement that much more. */
static __always_inline int weft_decrement_ttl4(struct weft_walk *walk)
{
	struct iphdr *ip = weft_data(walk) + ETH_HLEN;
	__u32 check;

	if ((void *)(ip + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_PACKET);
	check = ip->check + bpf_htons(0x0100);
	ip->check = check + (check >= 0xffff);
	ip->ttl--;
	return 0;
}

#endif
