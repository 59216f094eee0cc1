/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_icmp_answer(): tells a pod why its packet went no further, as a router on the way would.
 *
 * The packet itself becomes the answer: cut to what is quoted (IP header and what follows, RFC 1812
 * section 4.3.2.3), 28 bytes of new headers pushed in front, sent back through the pod's device.
 * Out of line and rare: no state is written.
 */
#ifndef WEFT_ANSWER_H
#define WEFT_ANSWER_H

#include <weft/config.h>
#include <weft/drop.h>
#include <weft/packet.h>

/*
 * Bytes of the original packet in the answer. RFC 1812 asks for many, RFC 792 for IP header + 8.
 * The TCP header has to be among them: as long as its checksum is left to the device
 * (CHECKSUM_PARTIAL), bpf_skb_change_tail() refuses to cut it off.
 */
#define WEFT_ICMP_QUOTE 128

#define WEFT_TOS_INTERNET_CONTROL 0xc0 /* RFC 1812 section 4.3.2.5 */

struct weft_icmp_answer {
	struct iphdr ip;
	struct weft_icmp icmp;
};

struct weft_icmp_reason {
	__u8 type;
	__u8 code;
	__u16 mtu; /* of the next hop, for WEFT_ICMP_FRAG_NEEDED */
};

static __always_inline __u16 weft_csum_fold(__s64 sum)
{
	sum = (sum & 0xffff) + ((sum >> 16) & 0xffff);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/*
 * RFC 1122 section 3.2.2 and RFC 1812 section 4.3.2.7: never about an ICMP error, a fragment but
 * the first, or a packet to many. That the sender is a single host and the frame was for us is
 * checked before.
 */
static __always_inline bool weft_icmp_may_answer(const struct weft_walk *walk)
{
	__u32 dest = bpf_ntohl(walk->peer.addr.word[3]);

	return !walk->icmp_error && !walk->later_fragment && dest < 0xe0000000;
}

static __always_inline void weft_icmp_headers(const struct weft_walk *walk,
					      const struct weft_icmp_reason *reason, __u32 quoted,
					      struct weft_icmp_answer *answer)
{
	answer->ip.version = 4;
	answer->ip.ihl = sizeof(answer->ip) / 4;
	answer->ip.tos = WEFT_TOS_INTERNET_CONTROL;
	answer->ip.tot_len = bpf_htons(sizeof(answer->ip) + sizeof(answer->icmp) + quoted);
	answer->ip.frag_off = bpf_htons(WEFT_IP_DF);
	answer->ip.ttl = 64;
	answer->ip.protocol = IPPROTO_ICMP;
	answer->ip.saddr = weft_config.router_addr.word[3];
	answer->ip.daddr = walk->endpoint->ipv4.word[3];
	answer->icmp.type = reason->type;
	answer->icmp.code = reason->code;
	answer->icmp.mtu = bpf_htons(reason->mtu);
}

/* Sum of the quoted bytes; negative: they could not be read. */
static __noinline __s64 weft_icmp_sum_quote(struct weft_walk *walk, __u32 quoted)
{
	__be32 quote[WEFT_ICMP_QUOTE / 4] = {};

	if (weft_load_bytes(walk, ETH_HLEN, quote, quoted, sizeof(quote)))
		return -1;
	return bpf_csum_diff(NULL, 0, quote, sizeof(quote), 0);
}

static __noinline int weft_icmp_rewrite(struct weft_walk *walk, struct weft_icmp_reason *reason)
{
	struct ethhdr eth = {.h_proto = bpf_htons(ETH_P_IP)};
	struct weft_icmp_answer answer = {};
	__u32 quoted = walk->l3_len;
	__s64 sum;

	if (quoted > WEFT_ICMP_QUOTE)
		quoted = WEFT_ICMP_QUOTE;
	sum = weft_icmp_sum_quote(walk, quoted);
	if (sum < 0)
		return sum;
	weft_icmp_headers(walk, reason, quoted, &answer);
	answer.ip.check =
		weft_csum_fold(bpf_csum_diff(NULL, 0, (__be32 *)&answer.ip, sizeof(answer.ip), 0));
	answer.icmp.check = weft_csum_fold(
		bpf_csum_diff(NULL, 0, (__be32 *)&answer.icmp, sizeof(answer.icmp), sum));
	if (bpf_skb_change_tail(walk->ctx, ETH_HLEN + quoted, 0) ||
	    bpf_skb_adjust_room(walk->ctx, sizeof(answer), BPF_ADJ_ROOM_MAC, 0) ||
	    bpf_skb_store_bytes(walk->ctx, ETH_HLEN, &answer, sizeof(answer), BPF_F_RECOMPUTE_CSUM))
		return -1;
	__builtin_memcpy(eth.h_dest, walk->endpoint->mac, ETH_ALEN);
	__builtin_memcpy(eth.h_source, walk->endpoint->node_mac, ETH_ALEN);
	return bpf_skb_store_bytes(walk->ctx, 0, &eth, sizeof(eth), BPF_F_RECOMPUTE_CSUM);
}

/* refusal: what weft_refuse() returned for the packet. Returns a verdict. */
static __always_inline int weft_icmp_answer(struct weft_walk *walk, int refusal,
					    struct weft_icmp_reason reason)
{
	if (!weft_icmp_may_answer(walk))
		return refusal;
	weft_drop_report(walk, -refusal);
	if (weft_icmp_rewrite(walk, &reason))
		return weft_consume();
	return bpf_redirect(walk->endpoint->ifindex, 0);
}

#endif
