/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Services: frontends and the backends that they stand for. weft_service_find() says whether an
 * address is a frontend, weft_service_pick() chooses the backend of a new flow to it. Both serve
 * sockets and packets alike, so they know neither.
 *
 * weft_services (by frontend), weft_service_slots (by service, generation, list, slot),
 * weft_backends (by id), weft_maglev (by service: an inner table of backend ids), and
 * weft_source_ranges (LPM: who may use a service from outside) are written by the agent and read by
 * the programs; the agent reports it when one is full, and the other services go on.
 * weft_affinity: written and read by the programs; when full, the client unused longest is
 * balanced anew.
 */
#ifndef WEFT_SERVICES_H
#define WEFT_SERVICES_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <weft/addr.h>
#include <weft/clock.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct weft_service_key);
	__type(value, struct weft_service);
} weft_services SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 262144);
	__type(key, struct weft_service_slot_key);
	__type(value, __u32);
} weft_service_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct weft_backend);
} weft_backends SEC(".maps");

struct weft_maglev_table {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WEFT_MAGLEV_SIZE);
	__type(key, __u32);
	__type(value, __u32);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__array(values, struct weft_maglev_table);
} weft_maglev SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct weft_source_range_key);
	__type(value, __u8);
} weft_source_ranges SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct weft_affinity_key);
	__type(value, struct weft_affinity);
} weft_affinity SEC(".maps");

/* Often enough: a reader would have to meet as many changes of one service within microseconds. */
#define WEFT_SERVICE_TRIES 4

static __always_inline struct weft_service *weft_service_find(const struct weft_service_key *key)
{
	return bpf_map_lookup_elem(&weft_services, key);
}

/* The key under which an address of this family is a NodePort, on whichever address of a node. */
static __always_inline struct weft_service_key
weft_service_node_port(const struct weft_service_key *key)
{
	struct weft_service_key any = {.port = key->port, .proto = key->proto};

	if (weft_addr_is4(&key->addr))
		weft_addr_set4(&any.addr, 0);
	return any;
}

static __always_inline struct weft_backend *weft_backend_find(__u32 id)
{
	return bpf_map_lookup_elem(&weft_backends, &id);
}

/* The backend that the client had within the service's time, unless it is gone. */
static __always_inline __u32 weft_affinity_find(const struct weft_service *service,
						struct weft_affinity_key *client)
{
	struct weft_affinity *affinity;
	__u32 now = weft_now();

	client->service_id = service->id;
	affinity = bpf_map_lookup_elem(&weft_affinity, client);
	if (!affinity || now - affinity->used > service->affinity_timeout)
		return 0;
	if (affinity->used != now)
		affinity->used = now;
	return affinity->backend_id;
}

static __always_inline void weft_affinity_set(const struct weft_affinity_key *client,
					      __u32 backend_id)
{
	struct weft_affinity affinity = {.backend_id = backend_id, .used = weft_now()};

	bpf_map_update_elem(&weft_affinity, client, &affinity, BPF_ANY);
}

/* Any slot of the list; 0: it is empty, or this generation of it has just been taken away. */
static __always_inline __u32 weft_service_random(const struct weft_service *service,
						 enum weft_service_list list)
{
	struct weft_service_slot_key slot = {
		.service_id = service->id,
		.generation = service->generation,
		.list = list,
	};
	__u32 count = service->count[list & 1];
	__u32 *id;

	if (!count)
		return 0;
	slot.slot = bpf_get_prandom_u32() % count;
	id = bpf_map_lookup_elem(&weft_service_slots, &slot);
	return id ? *id : 0;
}

/*
 * The backend of a new flow: the one that the client has already if the service has affinity, else
 * any of the list. client is who asks, without the service: an address or a namespace's cookie. The
 * backend's id goes to id. NULL: the flow is to be refused.
 *
 * A list that changes while we read it is no reason to refuse: service was read before its change,
 * and the slots that it names are gone, so it is read again.
 */
static __always_inline struct weft_backend *
weft_service_pick(const struct weft_service_key *key, const struct weft_service *service,
		  enum weft_service_list list, struct weft_affinity_key *client, __u32 *id)
{
	struct weft_backend *backend;
	int tries;

	if (service->affinity_timeout) {
		*id = weft_affinity_find(service, client);
		backend = *id ? weft_backend_find(*id) : NULL;
		if (backend)
			return backend;
	}
	for (tries = 0; tries < WEFT_SERVICE_TRIES; tries++) {
		if (!service->count[list & 1])
			return NULL;
		*id = weft_service_random(service, list);
		backend = *id ? weft_backend_find(*id) : NULL;
		if (backend) {
			if (service->affinity_timeout)
				weft_affinity_set(client, *id);
			return backend;
		}
		service = weft_service_find(key);
		if (!service)
			return NULL;
	}
	return NULL;
}

#endif
