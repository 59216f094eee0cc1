/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_rewrite(): another address and port for one end of a packet, checksums kept right, and in an
 * ICMP error also for the same end of the packet that it quotes.
 *
 * Checksums: those of TCP, UDP and ICMPv6 cover the addresses; UDP over IPv4 may have none. Where
 * the device is to finish one (CHECKSUM_PARTIAL), the kernel's helpers change only the part of the
 * addresses. Where the device has summed the packet (CHECKSUM_COMPLETE), a changed IPv4 address is
 * made up for by its header's checksum, so that BPF_F_PSEUDO_HDR has only that of L4 to account
 * for; of IPv6 both ends of the sum change, so the address has to be accounted for too. The quoted
 * packet's own L4 checksum is left, as nobody checks one.
 */
#ifndef WEFT_REWRITE_H
#define WEFT_REWRITE_H

#include <stddef.h>
#include <weft/csum.h>
#include <weft/packet.h>

enum weft_side {
	WEFT_SOURCE,
	WEFT_DESTINATION,
};

struct weft_end {
	struct weft_addr addr;
	__be16 port; /* 0: the port stays */
	enum weft_side side;
};

static __always_inline __u32 weft_check_offset(__u8 proto)
{
	if (proto == IPPROTO_TCP)
		return offsetof(struct tcphdr, check);
	return proto == IPPROTO_UDP ? offsetof(struct udphdr, check)
				    : offsetof(struct weft_icmp, check);
}

/* An echo's identifier stands for the port of whichever side has one. */
static __always_inline __u32 weft_port_offset(__u8 proto, enum weft_side side)
{
	if (proto == IPPROTO_TCP || proto == IPPROTO_UDP)
		return side == WEFT_SOURCE ? 0 : 2;
	return offsetof(struct weft_icmp, id);
}

/* The address at offset l3, where the IP header begins; the change of the checksum sum. flags: of
 * bpf_skb_store_bytes(). */
static __always_inline int weft_rewrite_addr6(struct weft_walk *walk, __u32 l3,
					      const struct weft_end *end, __s64 *diff, __u64 flags)
{
	__u32 offset = l3 + (end->side == WEFT_SOURCE ? offsetof(struct ipv6hdr, saddr)
						      : offsetof(struct ipv6hdr, daddr));
	struct weft_addr old;

	if (bpf_skb_load_bytes(walk->ctx, offset, &old, sizeof(old)))
		return -1;
	*diff = bpf_csum_diff(old.word, sizeof(old), (__be32 *)end->addr.word, sizeof(old), 0);
	return bpf_skb_store_bytes(walk->ctx, offset, &end->addr, sizeof(end->addr), flags);
}

/* By pointer, as it is done to every packet that is translated: the helpers take a call for each
 * step. */
static __always_inline int weft_rewrite_addr4(struct weft_walk *walk, __u32 l3,
					      const struct weft_end *end, __s64 *diff)
{
	struct iphdr *ip = weft_data(walk) + l3;
	__be32 *addr;

	if ((void *)(ip + 1) > weft_data_end(walk))
		return -1;
	addr = end->side == WEFT_SOURCE ? &ip->saddr : &ip->daddr;
	*diff = weft_csum_add((__u32) ~*addr, end->addr.word[3]);
	*addr = end->addr.word[3];
	ip->check = weft_csum_fold(weft_csum_add(*diff, (__u16)~ip->check));
	return 0;
}

static __always_inline int weft_rewrite_addr(struct weft_walk *walk, __u32 l3,
					     const struct weft_end *end, __s64 *diff, __u64 flags)
{
	return walk->packet->ipv6 ? weft_rewrite_addr6(walk, l3, end, diff, flags)
				  : weft_rewrite_addr4(walk, l3, end, diff);
}

/* The port at offset; check: offset of the checksum that covers it. */
static __always_inline int weft_rewrite_port(struct weft_walk *walk, __u32 offset, __u32 check,
					     __be16 port, __u64 flags)
{
	__be16 *place = weft_data(walk) + offset;
	__be16 old;

	if ((void *)(place + 1) > weft_data_end(walk))
		return -1;
	old = *place;
	if (old == port)
		return 0;
	*place = port;
	return bpf_l4_csum_replace(walk->ctx, check, old, port, sizeof(port) | flags);
}

/* The quote went the other way, so its end is on the other side. Its IP header's checksum hides the
 * change of an IPv4 address from that of the error. */
static __always_inline int weft_rewrite_quote(struct weft_walk *walk, const struct weft_end *end)
{
	struct weft_end quoted = *end;
	__u32 l4 = walk->packet->quote_l4 & WEFT_QUOTE_L4_MASK;
	__u32 check = weft_l4_offset(walk) + offsetof(struct weft_icmp, check);
	__s64 diff;

	quoted.side = end->side == WEFT_SOURCE ? WEFT_DESTINATION : WEFT_SOURCE;
	if (weft_rewrite_addr(walk, weft_l4_offset(walk) + sizeof(struct weft_icmp), &quoted, &diff,
			      0))
		return -1;
	if (walk->packet->ipv6 && bpf_l4_csum_replace(walk->ctx, check, 0, diff, 0))
		return -1;
	if (!end->port)
		return 0;
	return weft_rewrite_port(walk,
				 l4 + weft_port_offset(walk->packet->quote_proto, quoted.side),
				 check, end->port, 0);
}

static __always_inline int weft_rewrite_l4(struct weft_walk *walk, const struct weft_end *end,
					   __s64 diff)
{
	/* Of the packet itself: key.proto is that of the quoted one in an error. */
	__u8 proto = walk->packet->icmp_error ? IPPROTO_ICMP : walk->packet->key.proto;
	__u32 l4 = weft_l4_offset(walk);
	__u32 check = l4 + weft_check_offset(proto);
	__u64 flags = proto == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 : 0;

	if ((proto == IPPROTO_TCP || proto == IPPROTO_UDP || walk->packet->ipv6) &&
	    bpf_l4_csum_replace(walk->ctx, check, 0, diff, BPF_F_PSEUDO_HDR | flags))
		return -1;
	if (walk->packet->icmp_error)
		return walk->packet->quote_untracked ? 0 : weft_rewrite_quote(walk, end);
	if (!end->port)
		return 0;
	return weft_rewrite_port(walk, l4 + weft_port_offset(proto, end->side), check, end->port,
				 flags);
}

/* A later fragment has no ports; the first one's checksum covers it all. */
static __noinline int weft_rewrite(struct weft_walk *walk, struct weft_end *end)
{
	__s64 diff;

	if (weft_rewrite_addr(walk, ETH_HLEN, end, &diff, BPF_F_RECOMPUTE_CSUM) ||
	    (!walk->packet->later_fragment && weft_rewrite_l4(walk, end, diff)))
		return weft_refuse(walk, WEFT_FILE_REWRITE, WEFT_DROP_WRITE_ERROR);
	return 0;
}

#endif
