/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_route_lookup() and weft_route_send(): out of the node by its routing table, past its stack.
 * The route is that of a packet that the node forwards from weft_host, the device that its pods'
 * addresses are behind.
 */
#ifndef WEFT_ROUTE_H
#define WEFT_ROUTE_H

#include <weft/config.h>
#include <weft/events.h>
#include <weft/metrics.h>
#include <weft/packet.h>

/* The packet has been translated, or needs not: weft_to_netdev leaves it alone. */
static __always_inline void weft_route_mark(struct weft_walk *walk)
{
	walk->ctx->mark = WEFT_MARK_TRANSLATED;
}

/*
 * Fills hop. 0: leave by *ifindex; WEFT_NEXT: the node's stack has to know what to do (another
 * address of the node); negative: no way, and walk->packet->ext_error is BPF_FIB_LKUP_RET_*.
 */
static __noinline int weft_route_lookup(struct weft_walk *walk, struct bpf_redir_neigh *hop,
					__u32 *ifindex)
{
	bool leaves = weft_leaves_endpoint(walk);
	const struct weft_addr *source =
		leaves ? &walk->packet->key.local : &walk->packet->key.remote;
	const struct weft_addr *dest =
		leaves ? &walk->packet->key.remote : &walk->packet->key.local;
	struct bpf_fib_lookup fib = {.ifindex = weft_config.host_ifindex};
	long ret;

	if (walk->packet->ipv6) {
		fib.family = WEFT_AF_INET6;
		__builtin_memcpy(fib.ipv6_src, source, sizeof(fib.ipv6_src));
		__builtin_memcpy(fib.ipv6_dst, dest, sizeof(fib.ipv6_dst));
	} else {
		fib.family = WEFT_AF_INET;
		fib.ipv4_src = source->word[3];
		fib.ipv4_dst = dest->word[3];
	}
	fib.l4_protocol = walk->packet->key.proto;
	/* Without a length only the device's MTU counts, not that of the route: what may be
	 * fragmented, and what comes from a pod that cannot be told from here, is left to a router
	 * on the way. */
	if (walk->packet->dont_fragment && walk->endpoint)
		fib.tot_len = weft_wire_len(walk);
	ret = bpf_fib_lookup(walk->ctx, &fib, sizeof(fib), 0);
	if (ret == BPF_FIB_LKUP_RET_NOT_FWDED)
		return WEFT_NEXT;
	if (ret != BPF_FIB_LKUP_RET_SUCCESS && ret != BPF_FIB_LKUP_RET_NO_NEIGH) {
		walk->packet->ext_error = ret;
		walk->packet->next_mtu = fib.mtu_result;
		return weft_refuse(walk, WEFT_FILE_ROUTE,
				   ret == BPF_FIB_LKUP_RET_FRAG_NEEDED
					   ? WEFT_DROP_FRAGMENTATION_NEEDED
					   : WEFT_DROP_FIB_LOOKUP);
	}
	*ifindex = fib.ifindex;
	hop->nh_family = fib.family;
	__builtin_memcpy(hop->ipv6_nh, fib.ipv6_dst, sizeof(hop->ipv6_nh));
	return 0;
}

static __always_inline int weft_route_send(struct weft_walk *walk, struct bpf_redir_neigh *hop,
					   __u32 ifindex, enum weft_ct_state state)
{
	weft_route_mark(walk);
	weft_trace(walk, WEFT_TRACE_TO_NETWORK, state, ifindex, 0);
	weft_capture(walk, WEFT_CAPTURE_DELIVERY, ifindex);
	weft_count(walk, WEFT_FORWARDED);
	return bpf_redirect_neigh(ifindex, hop, sizeof(*hop), 0);
}

#endif
