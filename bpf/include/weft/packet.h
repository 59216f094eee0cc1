/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From bytes to the flow that a packet belongs to: weft_parse_ipv4_header() and weft_parse_flow4()
 * fill walk->key and what the rest of the walk asks of the headers. Only what has a 4 in its name
 * knows the family; IPv6 will be another of each, ending in the same weft_parse_l4().
 *
 * Pointers into the packet are good until the next helper that may move it; the functions here
 * leave none behind.
 */
#ifndef WEFT_PACKET_H
#define WEFT_PACKET_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <weft/addr.h>
#include <weft/fragments.h>
#include <weft/walk.h>
#include <weft/wire.h>

#define WEFT_IP_DF	     0x4000
#define WEFT_IP_MF	     0x2000
#define WEFT_IP_OFFSET	     0x1fff
#define WEFT_IPV4_HEADER_MAX 60

/* Every header of a packet, options included; and of one that quotes another. */
#define WEFT_HEADERS_MAX (ETH_HLEN + WEFT_IPV4_HEADER_MAX + sizeof(struct tcphdr))
#define WEFT_QUOTE_MAX                                                                             \
	(ETH_HLEN + WEFT_IPV4_HEADER_MAX + sizeof(struct weft_icmp) + WEFT_IPV4_HEADER_MAX + 8)

/* Byte 13 of the TCP header. */
enum weft_tcp_flags {
	WEFT_TCP_FIN = 0x01,
	WEFT_TCP_SYN = 0x02,
	WEFT_TCP_RST = 0x04,
	WEFT_TCP_ACK = 0x10,
};

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

/* Makes the first want bytes, or all if there are fewer, readable by pointer. */
static __always_inline void weft_linear(const struct weft_walk *walk, __u32 want)
{
	if (weft_data(walk) + want <= weft_data_end(walk))
		return;
	if (want > walk->ctx->len)
		want = walk->ctx->len;
	if (weft_data(walk) + want > weft_data_end(walk))
		bpf_skb_pull_data(walk->ctx, want); /* a failure shows as a packet cut short */
}

/*
 * A packet from source to dest, seen from the endpoint: leaves says that the endpoint is the
 * source.
 */
static __always_inline void weft_key_set_addrs4(struct weft_ct_key *key, bool leaves, __be32 source,
						__be32 dest)
{
	weft_addr_set4(&key->local, leaves ? source : dest);
	weft_addr_set4(&key->remote, leaves ? dest : source);
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

static __always_inline void weft_icmp_ports(const struct weft_icmp *icmp, struct weft_ports *ports)
{
	ports->sport = icmp->type == WEFT_ICMP_ECHO ? icmp->id : 0;
	ports->dport = icmp->type == WEFT_ICMP_ECHO_REPLY ? icmp->id : 0;
}

/*
 * The packet that an ICMP error quotes went the other way: one that the endpoint receives quotes
 * what it sent. Routers on the way may send it such errors, but what it sends goes to whom it is
 * about. A quote that breaks this, of a later fragment, or of a protocol that is not tracked leaves
 * the error without a flow.
 */
static __always_inline bool weft_quote_is_ours4(const struct weft_walk *walk,
						const struct iphdr *ip)
{
	if (!weft_leaves_endpoint(walk))
		return ip->saddr == walk->key.local.word[3];
	return ip->daddr == walk->key.local.word[3] && ip->saddr == walk->key.remote.word[3];
}

static __always_inline int weft_parse_quote4(struct weft_walk *walk, __u32 offset)
{
	bool leaves = !weft_leaves_endpoint(walk);
	struct weft_ports ports = {};
	struct iphdr *ip;
	__u8 *l4;

	walk->icmp_error = true;
	weft_linear(walk, WEFT_QUOTE_MAX);
	ip = weft_data(walk) + offset;
	if ((void *)(ip + 1) > weft_data_end(walk) || ip->version != 4 || ip->ihl < 5)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	l4 = (__u8 *)ip + ip->ihl * 4;
	if (offset + ip->ihl * 4 + 8 > ETH_HLEN + walk->l3_len ||
	    (void *)(l4 + 8) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
	if (!weft_quote_is_ours4(walk, ip) || ip->frag_off & bpf_htons(WEFT_IP_OFFSET)) {
		walk->quote_untracked = true;
		return 0;
	}
	switch (ip->protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		ports.sport = *(__be16 *)l4;
		ports.dport = *(__be16 *)(l4 + 2);
		break;
	case IPPROTO_ICMP:
		weft_icmp_ports((struct weft_icmp *)l4, &ports);
		break;
	default:
		walk->quote_untracked = true;
		return 0;
	}
	weft_key_set_addrs4(&walk->key, leaves, ip->saddr, ip->daddr);
	weft_key_set_ports(&walk->key, leaves, &ports);
	walk->key.proto = ip->protocol;
	return 0;
}

/* offset: of the L4 header, of which at most available bytes belong to the packet. */
static __always_inline int weft_parse_l4(struct weft_walk *walk, __u32 offset, __u32 available,
					 struct weft_ports *ports)
{
	void *l4 = weft_data(walk) + offset;
	void *end = weft_data_end(walk);

	switch (walk->key.proto) {
	case IPPROTO_TCP: {
		struct tcphdr *tcp = l4;

		if (available < sizeof(*tcp) || (void *)(tcp + 1) > end || tcp->doff < 5 ||
		    tcp->doff * 4U > available)
			break;
		ports->sport = tcp->source;
		ports->dport = tcp->dest;
		walk->tcp_flags = ((__u8 *)tcp)[13];
		walk->l4_header_len = tcp->doff * 4;
		return 0;
	}
	case IPPROTO_UDP: {
		struct udphdr *udp = l4;

		if (available < sizeof(*udp) || (void *)(udp + 1) > end)
			break;
		ports->sport = udp->source;
		ports->dport = udp->dest;
		walk->l4_header_len = sizeof(*udp);
		return 0;
	}
	case IPPROTO_ICMP: {
		struct weft_icmp *icmp = l4;

		if (available < sizeof(*icmp) || (void *)(icmp + 1) > end)
			break;
		walk->l4_header_len = sizeof(*icmp);
		walk->icmp_error = weft_icmp_is_error(icmp->type);
		weft_icmp_ports(icmp, ports);
		return 0;
	}
	default:
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_UNKNOWN_PROTOCOL);
	}
	return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_CT_INVALID_HEADER);
}

/* Addresses, lengths and flags. frag_off gets the header's field, *id the datagram's. */
static __always_inline int weft_parse_ipv4_header(struct weft_walk *walk, __u16 *frag_off,
						  __be32 *id)
{
	struct iphdr *ip = weft_data(walk) + ETH_HLEN;

	if ((void *)(ip + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_PACKET);
	walk->l3_header_len = ip->ihl * 4;
	walk->l3_len = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || ip->ihl < 5 || walk->l3_len < walk->l3_header_len ||
	    walk->l3_len + ETH_HLEN > walk->ctx->len)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_PACKET);
	*frag_off = bpf_ntohs(ip->frag_off);
	*id = bpf_htonl(bpf_ntohs(ip->id));
	walk->ttl = ip->ttl;
	walk->dont_fragment = *frag_off & WEFT_IP_DF;
	walk->later_fragment = *frag_off & WEFT_IP_OFFSET;
	walk->key.proto = ip->protocol;
	weft_key_set_addrs4(&walk->key, weft_leaves_endpoint(walk), ip->saddr, ip->daddr);
	walk->peer.prefix_len = WEFT_ADDR_BITS;
	walk->peer.addr = walk->key.remote;
	return 0;
}

/* The flow of the packet, once weft_parse_ipv4_header() has found its header sound. */
static __always_inline int weft_parse_flow4(struct weft_walk *walk, __u16 frag_off, __be32 id)
{
	/* Masked because the verifier forgets the bound of a field in memory. */
	__u32 offset = ETH_HLEN + (walk->l3_header_len & 0x3c);
	struct weft_ports ports = {};
	int ret;

	if (walk->later_fragment) {
		ret = weft_fragment_lookup(walk, id, &ports.sport, &ports.dport);
	} else {
		ret = weft_parse_l4(walk, offset, walk->l3_len - walk->l3_header_len, &ports);
		if (!ret && frag_off & WEFT_IP_MF)
			weft_fragment_store(walk, id, ports.sport, ports.dport);
	}
	if (ret)
		return ret;
	weft_key_set_ports(&walk->key, weft_leaves_endpoint(walk), &ports);
	if (walk->icmp_error)
		return weft_parse_quote4(walk, offset + sizeof(struct weft_icmp));
	return 0;
}

#endif
