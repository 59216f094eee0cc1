/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tells a sender why its packet went no further: weft_answer_icmp() asks for what a router on the
 * way would say, weft_answer_refused() for what the destination would, weft_answer() says it.
 *
 * The packet itself becomes the answer and goes back through the device that it came from. Rare, so
 * out of line: no state is written. An ICMP answer is the packet cut to what is quoted, with new
 * headers pushed in front.
 */
#ifndef WEFT_ANSWER_H
#define WEFT_ANSWER_H

#include <weft/config.h>
#include <weft/csum.h>
#include <weft/drop.h>
#include <weft/packet.h>

/*
 * Bytes of the original packet in the answer. RFC 1812 asks for many, RFC 792 for IP header + 8.
 * The TCP header has to be among them: as long as its checksum is left to the device
 * (CHECKSUM_PARTIAL), bpf_skb_change_tail() refuses to cut it off.
 */
#define WEFT_ICMP_QUOTE 128

#define WEFT_TOS_INTERNET_CONTROL 0xc0 /* RFC 1812 section 4.3.2.5 */
#define WEFT_ANSWER_TTL		  64

struct weft_answer4 {
	struct iphdr ip;
	struct weft_icmp icmp;
};

struct weft_answer6 {
	struct ipv6hdr ip;
	struct weft_icmp icmp;
};

enum weft_icmp_reason {
	WEFT_REASON_NONE,
	WEFT_REASON_TTL,
	WEFT_REASON_TOO_BIG, /* for walk->packet->next_mtu */
	WEFT_REASON_NO_ROUTE,
	WEFT_REASON_NO_PORT,
};

/*
 * RFC 1122 section 3.2.2, RFC 1812 section 4.3.2.7, RFC 4443 section 2.4: never about an ICMP
 * error, a fragment but the first, or a packet to many. That the sender is a single host and the
 * frame was for us is checked before.
 */
static __always_inline bool weft_may_answer(const struct weft_walk *walk)
{
	const struct weft_addr *dest =
		weft_leaves_endpoint(walk) ? &walk->packet->key.remote : &walk->packet->key.local;

	if (walk->packet->icmp_error || walk->packet->later_fragment)
		return false;
	return walk->packet->ipv6 ? *(const __u8 *)dest != 0xff
				  : bpf_ntohl(dest->word[3]) < 0xe0000000;
}

static __always_inline void weft_icmp_fill4(const struct weft_walk *walk,
					    enum weft_icmp_reason reason, struct weft_icmp *icmp)
{
	icmp->type = reason == WEFT_REASON_TTL ? WEFT_ICMP_TIME_EXCEEDED : WEFT_ICMP_UNREACHABLE;
	if (reason == WEFT_REASON_TOO_BIG) {
		icmp->code = WEFT_ICMP_FRAG_NEEDED;
		icmp->mtu = bpf_htons(walk->packet->next_mtu);
	} else if (reason == WEFT_REASON_NO_PORT) {
		icmp->code = WEFT_ICMP_PORT_UNREACHABLE;
	}
}

static __always_inline void weft_icmp_fill6(const struct weft_walk *walk,
					    enum weft_icmp_reason reason, struct weft_icmp *icmp)
{
	icmp->type = WEFT_ICMP6_UNREACHABLE;
	if (reason == WEFT_REASON_TTL) {
		icmp->type = WEFT_ICMP6_TIME_EXCEEDED;
	} else if (reason == WEFT_REASON_TOO_BIG) {
		icmp->type = WEFT_ICMP6_TOO_BIG;
		icmp->mtu = bpf_htons(walk->packet->next_mtu);
	} else if (reason == WEFT_REASON_NO_PORT) {
		icmp->code = WEFT_ICMP6_PORT_UNREACHABLE;
	}
}

/* Sum of the quoted bytes; negative: they could not be read. */
static __noinline __s64 weft_icmp_sum_quote(struct weft_walk *walk, __u32 quoted)
{
	__be32 quote[WEFT_ICMP_QUOTE / 4] = {};

	if (weft_load_bytes(walk, ETH_HLEN, quote, quoted, sizeof(quote)))
		return -1;
	return bpf_csum_diff(NULL, 0, quote, sizeof(quote), 0);
}

/* Cuts the packet to its first quoted bytes and puts headers of size before them. */
static __always_inline int weft_answer_push(struct weft_walk *walk, __u32 quoted, __u32 size)
{
	return bpf_skb_change_tail(walk->ctx, ETH_HLEN + quoted, 0) ||
	       bpf_skb_adjust_room(walk->ctx, size, BPF_ADJ_ROOM_MAC, 0);
}

/* Who says so, unless it is the destination: the pods' router, or outside the node. */
static __always_inline struct weft_addr weft_icmp_router(const struct weft_walk *walk)
{
	return weft_leaves_endpoint(walk) ? weft_config_router(walk->packet->ipv6)
					  : weft_config_node(walk->packet->ipv6);
}

static __noinline int weft_icmp_write4(struct weft_walk *walk, enum weft_icmp_reason reason,
				       __u32 quoted, __s64 sum)
{
	struct weft_addr router = weft_icmp_router(walk);
	struct weft_answer4 answer = {};

	if (bpf_skb_load_bytes(walk->ctx, ETH_HLEN + offsetof(struct iphdr, saddr),
			       &answer.ip.daddr, sizeof(answer.ip.daddr)))
		return -1;
	answer.ip.version = 4;
	answer.ip.ihl = sizeof(answer.ip) / 4;
	answer.ip.tos = WEFT_TOS_INTERNET_CONTROL;
	answer.ip.tot_len = bpf_htons(sizeof(answer) + quoted);
	answer.ip.frag_off = bpf_htons(WEFT_IP_DF);
	answer.ip.ttl = WEFT_ANSWER_TTL;
	answer.ip.protocol = IPPROTO_ICMP;
	answer.ip.saddr = router.word[3];
	if (reason == WEFT_REASON_NO_PORT &&
	    bpf_skb_load_bytes(walk->ctx, ETH_HLEN + offsetof(struct iphdr, daddr),
			       &answer.ip.saddr, sizeof(answer.ip.saddr)))
		return -1;
	weft_icmp_fill4(walk, reason, &answer.icmp);
	answer.ip.check =
		weft_csum_fold(bpf_csum_diff(NULL, 0, (__be32 *)&answer.ip, sizeof(answer.ip), 0));
	answer.icmp.check = weft_csum_fold(
		bpf_csum_diff(NULL, 0, (__be32 *)&answer.icmp, sizeof(answer.icmp), sum));
	return weft_answer_push(walk, quoted, sizeof(answer)) ||
	       bpf_skb_store_bytes(walk->ctx, ETH_HLEN, &answer, sizeof(answer),
				   BPF_F_RECOMPUTE_CSUM);
}

static __noinline int weft_icmp_write6(struct weft_walk *walk, enum weft_icmp_reason reason,
				       __u32 quoted, __s64 sum)
{
	struct weft_addr router = weft_icmp_router(walk);
	struct weft_answer6 answer = {};

	if (bpf_skb_load_bytes(walk->ctx, ETH_HLEN + offsetof(struct ipv6hdr, saddr),
			       &answer.ip.daddr, sizeof(answer.ip.daddr)))
		return -1;
	answer.ip.payload_len = bpf_htons(sizeof(answer.icmp) + quoted);
	__builtin_memcpy(&answer.ip.saddr, &router, sizeof(answer.ip.saddr));
	if (reason == WEFT_REASON_NO_PORT &&
	    bpf_skb_load_bytes(walk->ctx, ETH_HLEN + offsetof(struct ipv6hdr, daddr),
			       &answer.ip.saddr, sizeof(answer.ip.saddr)))
		return -1;
	weft_icmp_fill6(walk, reason, &answer.icmp);
	/* The pseudo-header (RFC 8200 section 8.1): addresses, length, next header. */
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&answer.ip.saddr, 2 * sizeof(answer.ip.saddr), sum);
	sum = weft_csum_add(sum, answer.ip.payload_len + bpf_htons(IPPROTO_ICMPV6));
	answer.icmp.check = weft_csum_fold(
		bpf_csum_diff(NULL, 0, (__be32 *)&answer.icmp, sizeof(answer.icmp), sum));
	answer.ip.version = 6;
	answer.ip.nexthdr = IPPROTO_ICMPV6;
	answer.ip.hop_limit = WEFT_ANSWER_TTL;
	return weft_answer_push(walk, quoted, sizeof(answer)) ||
	       bpf_skb_store_bytes(walk->ctx, ETH_HLEN, &answer, sizeof(answer),
				   BPF_F_RECOMPUTE_CSUM);
}

/* Back to where the frame came from. */
static __always_inline int weft_answer_send(struct weft_walk *walk, const struct ethhdr *from)
{
	struct ethhdr eth = {.h_proto = from->h_proto};

	__builtin_memcpy(eth.h_dest, from->h_source, ETH_ALEN);
	__builtin_memcpy(eth.h_source, from->h_dest, ETH_ALEN);
	if (bpf_skb_store_bytes(walk->ctx, 0, &eth, sizeof(eth), BPF_F_RECOMPUTE_CSUM))
		return weft_consume();
	walk->ctx->mark = WEFT_MARK_TRANSLATED;
	return bpf_redirect(walk->ctx->ifindex, 0);
}

static __noinline int weft_icmp_rewrite(struct weft_walk *walk, enum weft_icmp_reason reason)
{
	__u32 quoted = walk->packet->l3_len;
	struct ethhdr eth;
	__s64 sum;

	if (quoted > WEFT_ICMP_QUOTE)
		quoted = WEFT_ICMP_QUOTE;
	/* Here, not where it is used: the stacks of a chain of calls share 512 bytes. */
	sum = weft_icmp_sum_quote(walk, quoted);
	if (sum < 0 || bpf_skb_load_bytes(walk->ctx, 0, &eth, sizeof(eth)))
		return weft_consume();
	if (walk->packet->ipv6 ? weft_icmp_write6(walk, reason, quoted, sum)
			       : weft_icmp_write4(walk, reason, quoted, sum))
		return weft_consume();
	return weft_answer_send(walk, &eth);
}

/* RFC 9293 section 3.10.7.1, as from a host without a connection: the answer's numbers. */
static __always_inline int weft_reset_fill(struct weft_walk *walk, struct tcphdr *reset)
{
	struct tcphdr tcp;

	if (bpf_skb_load_bytes(walk->ctx, weft_l4_offset(walk), &tcp, sizeof(tcp)))
		return -1;
	reset->source = tcp.dest;
	reset->dest = tcp.source;
	reset->doff = sizeof(*reset) / 4;
	reset->rst = 1;
	if (tcp.ack) {
		reset->seq = tcp.ack_seq;
		return 0;
	}
	reset->ack = 1;
	reset->ack_seq = bpf_htonl(bpf_ntohl(tcp.seq) + tcp.syn + tcp.fin + walk->packet->l3_len -
				   walk->packet->l3_header_len - walk->packet->l4_header_len);
	return 0;
}

static __always_inline __u16 weft_reset_check(const struct weft_addr *ends, bool ipv6,
					      struct tcphdr *reset)
{
	__s64 sum = bpf_htons(sizeof(*reset)) + bpf_htons(IPPROTO_TCP);

	if (ipv6)
		sum = bpf_csum_diff(NULL, 0, (__be32 *)ends, 2 * sizeof(*ends), sum);
	else
		sum = weft_csum_add(weft_csum_add(sum, ends[0].word[3]), ends[1].word[3]);
	return weft_csum_fold(bpf_csum_diff(NULL, 0, (__be32 *)reset, sizeof(*reset), sum));
}

static __always_inline int weft_reset_write4(struct weft_walk *walk, const struct weft_addr *ends,
					     struct tcphdr *reset)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = sizeof(ip) / 4,
		.tot_len = bpf_htons(sizeof(ip) + sizeof(*reset)),
		.frag_off = bpf_htons(WEFT_IP_DF),
		.ttl = WEFT_ANSWER_TTL,
		.protocol = IPPROTO_TCP,
		.saddr = ends[0].word[3],
		.daddr = ends[1].word[3],
	};

	ip.check = weft_csum_fold(bpf_csum_diff(NULL, 0, (__be32 *)&ip, sizeof(ip), 0));
	return bpf_skb_change_tail(walk->ctx, ETH_HLEN + sizeof(ip) + sizeof(*reset), 0) ||
	       bpf_skb_store_bytes(walk->ctx, ETH_HLEN, &ip, sizeof(ip), 0) ||
	       bpf_skb_store_bytes(walk->ctx, ETH_HLEN + sizeof(ip), reset, sizeof(*reset), 0);
}

static __always_inline int weft_reset_write6(struct weft_walk *walk, const struct weft_addr *ends,
					     struct tcphdr *reset)
{
	struct ipv6hdr ip = {
		.version = 6,
		.payload_len = bpf_htons(sizeof(*reset)),
		.nexthdr = IPPROTO_TCP,
		.hop_limit = WEFT_ANSWER_TTL,
	};

	__builtin_memcpy(&ip.saddr, &ends[0], sizeof(ip.saddr));
	__builtin_memcpy(&ip.daddr, &ends[1], sizeof(ip.daddr));
	return bpf_skb_change_tail(walk->ctx, ETH_HLEN + sizeof(ip) + sizeof(*reset), 0) ||
	       bpf_skb_store_bytes(walk->ctx, ETH_HLEN, &ip, sizeof(ip), 0) ||
	       bpf_skb_store_bytes(walk->ctx, ETH_HLEN + sizeof(ip), reset, sizeof(*reset), 0);
}

/* From the address that the packet was sent to: its key may be translated already. */
static __noinline int weft_reset(struct weft_walk *walk)
{
	struct weft_addr ends[2] = {}; /* of the answer: source, destination */
	struct tcphdr reset = {};
	struct ethhdr eth;

	if (bpf_skb_load_bytes(walk->ctx, 0, &eth, sizeof(eth)) || weft_reset_fill(walk, &reset))
		return weft_consume();
	if (walk->packet->ipv6) {
		if (bpf_skb_load_bytes(walk->ctx, ETH_HLEN + offsetof(struct ipv6hdr, daddr),
				       &ends[0], sizeof(ends[0])) ||
		    bpf_skb_load_bytes(walk->ctx, ETH_HLEN + offsetof(struct ipv6hdr, saddr),
				       &ends[1], sizeof(ends[1])))
			return weft_consume();
	} else if (bpf_skb_load_bytes(walk->ctx, ETH_HLEN + offsetof(struct iphdr, daddr),
				      &ends[0].word[3], sizeof(__be32)) ||
		   bpf_skb_load_bytes(walk->ctx, ETH_HLEN + offsetof(struct iphdr, saddr),
				      &ends[1].word[3], sizeof(__be32))) {
		return weft_consume();
	}
	reset.check = weft_reset_check(ends, walk->packet->ipv6, &reset);
	if (walk->packet->ipv6 ? weft_reset_write6(walk, ends, &reset)
			       : weft_reset_write4(walk, ends, &reset))
		return weft_consume();
	return weft_answer_send(walk, &eth);
}

/* refusal: what weft_refuse() returned for the packet. */
static __always_inline int weft_answer_icmp(struct weft_walk *walk, int refusal,
					    enum weft_icmp_reason reason)
{
	walk->packet->answer = reason;
	return refusal;
}

/* As a host where nobody listens: TCP is reset, the rest hears that the port is unreachable. */
static __always_inline int weft_answer_refused(struct weft_walk *walk, int refusal)
{
	return weft_answer_icmp(walk, refusal, WEFT_REASON_NO_PORT);
}

/* The end of a refused packet: its sender is told if that was asked for, and it may be. A reset is
 * never answered by one. */
static __always_inline int weft_answer(struct weft_walk *walk)
{
	enum weft_icmp_reason reason = walk->packet->answer;
	bool reset = reason == WEFT_REASON_NO_PORT && walk->packet->key.proto == IPPROTO_TCP;

	weft_drop_report(walk);
	if (reason == WEFT_REASON_NONE || !weft_may_answer(walk) ||
	    (reset && walk->packet->tcp_flags & WEFT_TCP_RST))
		return weft_consume();
	return reset ? weft_reset(walk) : weft_icmp_rewrite(walk, reason);
}

#endif
