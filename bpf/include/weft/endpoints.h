/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pods of this node and the nodes of the cluster.
 *
 * weft_devices (by ifindex of the lxc device): the pod that a packet comes from.
 * weft_endpoints (by address): the pod that a packet is for.
 * weft_nodes (by underlay address): who may send us overlay packets.
 * All are written by the agent and read by the programs; the agent reports it when one is full, and
 * refuses the pod or node.
 */
#ifndef WEFT_ENDPOINTS_H
#define WEFT_ENDPOINTS_H

#include <weft/addr.h>
#include <weft/walk.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct weft_endpoint);
} weft_devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct weft_addr);
	__type(value, struct weft_endpoint);
} weft_endpoints SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct weft_addr);
	__type(value, struct weft_node);
} weft_nodes SEC(".maps");

static __always_inline struct weft_endpoint *weft_endpoint_of_device(__u32 ifindex)
{
	return bpf_map_lookup_elem(&weft_devices, &ifindex);
}

/* A pod of this node, or (WEFT_ENDPOINT_HOST) one of the node's own addresses. */
static __always_inline struct weft_endpoint *weft_endpoint_find(const struct weft_addr *addr)
{
	return bpf_map_lookup_elem(&weft_endpoints, addr);
}

/* A pod of this node, not one of the node's own addresses. */
static __always_inline struct weft_endpoint *weft_endpoint_of_addr(const struct weft_addr *addr)
{
	struct weft_endpoint *endpoint = weft_endpoint_find(addr);

	return endpoint && !(endpoint->flags & WEFT_ENDPOINT_HOST) ? endpoint : NULL;
}

static __always_inline bool weft_node_is_known(const struct weft_addr *addr)
{
	return bpf_map_lookup_elem(&weft_nodes, addr);
}

/* Whether the six bytes at p, which the caller has checked to be readable, are this address. */
static __always_inline bool weft_mac_equal(const __u8 *p, const __u8 *mac)
{
	return *(__u16 *)p == *(__u16 *)mac && *(__u16 *)(p + 2) == *(__u16 *)(mac + 2) &&
	       *(__u16 *)(p + 4) == *(__u16 *)(mac + 4);
}

#endif
