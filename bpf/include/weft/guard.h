/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The node itself under policy: weft_guard() asks the table of the node's endpoint about a packet
 * whose key.local is one of the node's addresses, and begins the flow's entry. Without
 * WEFT_CONFIG_HOST_FIREWALL there is nothing of it.
 *
 * The overlay's own packets between nodes are never asked about, nor is neighbour discovery:
 * without them there is no node to protect. What is neither TCP nor UDP nor ICMP has no flow, and
 * no table to ask: to a node under policy it does not get.
 */
#ifndef WEFT_GUARD_H
#define WEFT_GUARD_H

#include <weft/config.h>
#include <weft/ipcache.h>
#include <weft/policy.h>

static __always_inline bool weft_guard_is_on(void)
{
	return weft_config.flags & WEFT_CONFIG_HOST_FIREWALL;
}

/* NULL: the address is not the node's, or nothing is enforced for it. */
static __always_inline struct weft_endpoint *weft_guard_find(const struct weft_walk *walk)
{
	struct weft_endpoint *host = weft_endpoint_find(&walk->packet->key.local);

	if (!host || !(host->flags & WEFT_ENDPOINT_HOST) || !(host->flags & WEFT_ENDPOINT_POLICY))
		return NULL;
	return host;
}

static __always_inline bool weft_guard_is_discovery(const struct weft_packet *packet)
{
	return packet->key.proto == IPPROTO_ICMPV6 &&
	       packet->icmp_type >= WEFT_ICMP6_ROUTER_SOLICITATION &&
	       packet->icmp_type <= WEFT_ICMP6_REDIRECT;
}

/* After weft_ct_lookup(). The flow is to get its entry, by weft_guard_keep(), once the packet is
 * sure to go. */
static __always_inline int weft_guard_judge(struct weft_walk *walk)
{
	struct weft_endpoint *host;

	if (!weft_guard_is_on() || weft_guard_is_discovery(walk->packet))
		return 0;
	host = weft_guard_find(walk);
	if (!host)
		return 0;
	weft_walk_endpoint(walk, host);
	return weft_policy_check(walk, walk->packet->ct_state);
}

static __always_inline int weft_guard_keep(struct weft_walk *walk)
{
	if (!weft_guard_is_on() || !walk->endpoint || !(walk->endpoint->flags & WEFT_ENDPOINT_HOST))
		return 0;
	return weft_ct_require(walk);
}

static __always_inline int weft_guard(struct weft_walk *walk)
{
	int ret;

	if (!weft_guard_is_on())
		return 0;
	walk->endpoint = NULL;
	weft_ct_lookup(walk);
	ret = weft_guard_judge(walk);
	return ret ?: weft_guard_keep(walk);
}

/* The same for a walk that sees the packet from its other end. */
static __always_inline int weft_guard_other(struct weft_walk *walk)
{
	struct weft_endpoint *endpoint = walk->endpoint;
	__u16 source = walk->packet->source;
	int ret;

	if (!weft_guard_is_on())
		return 0;
	weft_walk_turn(walk);
	ret = weft_guard(walk);
	if (ret)
		return ret;
	weft_walk_turn(walk);
	walk->endpoint = endpoint;
	walk->packet->source = source;
	return 0;
}

/* Who the node speaks to. */
static __always_inline void weft_guard_find_peer(struct weft_walk *walk)
{
	struct weft_ipcache_value *to = weft_ipcache_lookup(walk);

	walk->packet->src_identity = WEFT_IDENTITY_HOST;
	walk->packet->dst_identity = to ? to->identity : WEFT_IDENTITY_WORLD;
}

#endif
