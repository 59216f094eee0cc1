/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Services: frontends and the backends that they stand for.
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

#include <weft/events.h>

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

#endif
