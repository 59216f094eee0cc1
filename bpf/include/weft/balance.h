/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Services, packet by packet: weft_balance() gives a client's flow its backend, for packets that no
 * socket hook has translated. reverse.h has the way back.
 */
#ifndef WEFT_BALANCE_H
#define WEFT_BALANCE_H

#include <weft/config.h>
#include <weft/conntrack.h>
#include <weft/rewrite.h>
#include <weft/services.h>

/* What a client called, and where it is to go. */
struct weft_balance {
	struct weft_service_key front;
	struct weft_service *service; /* that front is of; its map's memory */
	struct weft_backend to;
	enum weft_service_list list;
	__u16 flags; /* enum weft_service_flags */
};

static __always_inline bool weft_is_node_port(__be16 port)
{
	__u16 number = bpf_ntohs(port);

	return number >= weft_config.node_port_min && number <= weft_config.node_port_max;
}

static __always_inline bool weft_is_node(const struct weft_ipcache_value *who)
{
	return who->identity == WEFT_IDENTITY_HOST || who->identity == WEFT_IDENTITY_REMOTE_NODE;
}

/* Whether balance->front is of a service, which is left in balance->service; who: what the ipcache
 * says of its address. */
static __always_inline bool weft_balance_find(struct weft_walk *walk,
					      const struct weft_ipcache_value *who,
					      struct weft_balance *balance)
{
	struct weft_service_key *front = &balance->front;
	struct weft_service *service = NULL;

	if (front->proto != IPPROTO_TCP && front->proto != IPPROTO_UDP)
		return false;
	if (who->flags & WEFT_IPCACHE_SERVICE)
		service = weft_service_find(front);
	if (!service && weft_is_node(who) && weft_is_node_port(front->port)) {
		*front = weft_service_node_port(front);
		service = weft_service_find(front);
	}
	if (service)
		weft_debug(walk, WEFT_DEBUG_SERVICE_LOOKUP, walk->packet->key.remote.word[3],
			   bpf_ntohs(front->port), 0);
	balance->service = service;
	return service;
}

/* By the flow, so that every node that a router may send it to finds the same. */
static __always_inline __u32 weft_balance_maglev(const struct weft_walk *walk,
						 const struct weft_service *service)
{
	const __u32 *word = (const __u32 *)&walk->packet->key;
	__u32 hash = 2166136261U;
	void *table;
	__u32 *id;
	__u32 i;

#pragma unroll
	for (i = 0; i < offsetof(struct weft_ct_key, proto) / sizeof(*word); i++)
		hash = (hash ^ word[i]) * 16777619U;
	hash ^= hash >> 15;
	hash %= WEFT_MAGLEV_SIZE;
	table = bpf_map_lookup_elem(&weft_maglev, &service->id);
	if (!table)
		return 0;
	id = bpf_map_lookup_elem(table, &hash);
	return id ? *id : 0;
}

static __always_inline struct weft_backend *weft_balance_pick(struct weft_walk *walk,
							      struct weft_service *service,
							      struct weft_balance *balance)
{
	struct weft_affinity_key client = {};
	struct weft_backend *backend;

	if (balance->list == WEFT_SERVICE_EXTERNAL && service->flags & WEFT_SERVICE_MAGLEV &&
	    !service->affinity_timeout) {
		walk->packet->backend_id = weft_balance_maglev(walk, service);
		backend = walk->packet->backend_id ? weft_backend_find(walk->packet->backend_id)
						   : NULL;
		if (backend)
			return backend;
	}
	client.client =
		weft_leaves_endpoint(walk) ? walk->packet->key.local : walk->packet->key.remote;
	return weft_service_pick(&balance->front, service, balance->list, &client,
				 &walk->packet->backend_id);
}

/* A flow whose backend is gone: TCP cannot go on and is told so, anything else gets another. */
static __always_inline bool weft_balance_is_lost(const struct weft_walk *walk)
{
	return walk->packet->icmp_error ||
	       (walk->packet->key.proto == IPPROTO_TCP && walk->ct && !weft_ct_is_opening(walk));
}

static __always_inline int weft_balance_new(struct weft_walk *walk, struct weft_service *service,
					    struct weft_balance *balance)
{
	struct weft_backend *backend = NULL;

	if (!weft_balance_is_lost(walk))
		backend = weft_balance_pick(walk, service, balance);
	if (!backend) {
		if (walk->ct && walk->packet->key.proto == IPPROTO_TCP)
			bpf_map_delete_elem(&weft_ct_tcp, &walk->packet->key);
		weft_debug(walk, WEFT_DEBUG_BACKEND_UNKNOWN, walk->packet->backend_id, 0, 0);
		return weft_refuse(walk, WEFT_FILE_SERVICES, WEFT_DROP_NO_BACKEND);
	}
	balance->to = *backend;
	if (weft_leaves_endpoint(walk) &&
	    weft_addr_equal(&balance->to.addr, &walk->packet->key.local))
		walk->packet->ct_flags |= WEFT_CT_HAIRPIN;
	walk->ct = NULL;
	return 0;
}

/* Leaves walk->ct NULL where the flow has to begin. */
static __noinline int weft_balance_choose(struct weft_walk *walk, struct weft_balance *balance)
{
	struct weft_service *service = balance->service;
	bool leaves = weft_leaves_endpoint(walk);
	struct weft_backend *backend = NULL;

	if (!service)
		return weft_refuse(walk, WEFT_FILE_SERVICES, WEFT_DROP_NO_BACKEND);
	balance->flags = service->flags;
	walk->packet->service_id = service->id;
	walk->packet->front_addr = leaves ? walk->packet->key.remote : walk->packet->key.local;
	walk->packet->front_port =
		leaves ? walk->packet->key.remote_port : walk->packet->key.local_port;
	weft_ct_lookup(walk);
	if (walk->ct) {
		walk->packet->backend_id = walk->ct->backend_id;
		backend = weft_backend_find(walk->packet->backend_id);
	}
	if (!backend)
		return weft_balance_new(walk, service, balance);
	balance->to = *backend;
	return 0;
}

/*
 * Finds or chooses the backend of walk's flow, whose key is still that of what the client called.
 * Leaves the flow's entry of _SCOPE_SERVICE in walk->ct, and what the flow's entry behind it is to
 * remember in walk. A refusal is for weft_answer_refused().
 */
static __always_inline int weft_balance(struct weft_walk *walk, struct weft_balance *balance)
{
	int ret;

	walk->packet->key.scope = WEFT_CT_SCOPE_SERVICE;
	ret = weft_balance_choose(walk, balance);
	/* Not from there: the stacks of a chain of calls share 512 bytes. */
	if (!ret)
		ret = weft_ct_require(walk);
	walk->packet->key.scope = WEFT_CT_SCOPE_ENDPOINT;
	if (!ret)
		weft_debug(walk, WEFT_DEBUG_SERVICE_BACKEND, balance->to.addr.word[3],
			   bpf_ntohs(balance->to.port), 0);
	return ret;
}

#endif
