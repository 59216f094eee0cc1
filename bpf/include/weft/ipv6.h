/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What knows the IPv6 header (RFC 8200) and its extension headers. */
#ifndef WEFT_IPV6_H
#define WEFT_IPV6_H

#include <linux/ipv6.h>
#include <weft/ipv4.h>

/* More extension headers than this, or longer ones than WEFT_L3_HEADER_MASK has room for, are
 * nobody's. */
#define WEFT_IPV6_EXTENSIONS 4

struct weft_extension {
	__u8 next;
	__u8 len; /* in units of 8 bytes (_AH: 4) beyond the first 8; a fragment header's is 0 */
	__be16 frag_off;
	__be32 frag_id;
};

#define WEFT_IPV6_MF	 0x0001
#define WEFT_IPV6_OFFSET 0xfff8

static __always_inline bool weft_is_extension(__u8 proto)
{
	return proto == IPPROTO_HOPOPTS || proto == IPPROTO_ROUTING || proto == IPPROTO_FRAGMENT ||
	       proto == IPPROTO_DSTOPTS || proto == IPPROTO_AH;
}

/* One step: walk->packet->key.proto and l3_header_len go behind the extension header that they are
 * at. */
static __always_inline int weft_parse_extension(struct weft_walk *walk)
{
	struct weft_extension extension;
	__u8 kind = walk->packet->key.proto;
	__u16 frag_off;

	if (bpf_skb_load_bytes(walk->ctx, ETH_HLEN + walk->packet->l3_header_len, &extension,
			       sizeof(extension)))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_EXTENSION);
	walk->packet->key.proto = extension.next;
	walk->packet->l3_header_len += sizeof(extension);
	if (kind == IPPROTO_FRAGMENT) {
		frag_off = bpf_ntohs(extension.frag_off);
		walk->packet->fragment_id = extension.frag_id;
		walk->packet->more_fragments = frag_off & WEFT_IPV6_MF;
		walk->packet->later_fragment = frag_off & WEFT_IPV6_OFFSET;
	} else {
		walk->packet->l3_header_len += extension.len * (kind == IPPROTO_AH ? 4 : 8);
	}
	if (walk->packet->l3_header_len > WEFT_L3_HEADER_MASK ||
	    walk->packet->l3_header_len > walk->packet->l3_len)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_EXTENSION);
	return 0;
}

/* What a later fragment begins with is no header any more. */
static __noinline int weft_parse_extensions(struct weft_walk *walk)
{
	int i, ret;

	for (i = 0; i < WEFT_IPV6_EXTENSIONS && weft_is_extension(walk->packet->key.proto) &&
		    !walk->packet->later_fragment;
	     i++) {
		ret = weft_parse_extension(walk);
		if (ret)
			return ret;
	}
	if (weft_is_extension(walk->packet->key.proto) && !walk->packet->later_fragment)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_EXTENSION);
	return 0;
}

static __always_inline int weft_parse_ipv6(struct weft_walk *walk)
{
	struct ipv6hdr *ip = weft_data(walk) + ETH_HLEN;
	bool leaves = weft_leaves_endpoint(walk);

	if ((void *)(ip + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_PACKET);
	walk->packet->ipv6 = true;
	walk->packet->l3_header_len = sizeof(*ip);
	if (ip->version != 6 ||
	    sizeof(*ip) + bpf_ntohs(ip->payload_len) + ETH_HLEN > walk->ctx->len)
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_PACKET);
	walk->packet->l3_len = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	walk->packet->ttl = ip->hop_limit;
	walk->packet->dont_fragment = true;
	walk->packet->key.proto = ip->nexthdr;
	__builtin_memcpy(&walk->packet->key.local, leaves ? &ip->saddr : &ip->daddr,
			 sizeof(walk->packet->key.local));
	__builtin_memcpy(&walk->packet->key.remote, leaves ? &ip->daddr : &ip->saddr,
			 sizeof(walk->packet->key.remote));
	/* No v4-mapped address is ever on the wire (RFC 4291 section 2.5.5.2): one would pass for
	 * an IPv4 host. */
	if (weft_addr_is4(&walk->packet->key.local) || weft_addr_is4(&walk->packet->key.remote))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_SOURCE_IP);
	if (!weft_is_extension(walk->packet->key.proto))
		return 0;
	return weft_parse_extensions(walk);
}

static __always_inline int weft_decrement_ttl(struct weft_walk *walk)
{
	struct ipv6hdr *ip = weft_data(walk) + ETH_HLEN;

	if (!walk->packet->ipv6)
		return weft_decrement_ttl4(walk);
	if ((void *)(ip + 1) > weft_data_end(walk))
		return weft_refuse(walk, WEFT_FILE_PACKET, WEFT_DROP_INVALID_PACKET);
	ip->hop_limit--;
	return 0;
}

#endif
