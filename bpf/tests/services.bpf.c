/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tests only: looks a service up as the datapath does, again and again while user space changes it,
 * and counts what it finds.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <weft/abi.h>
#include <weft/services.h>

enum weft_test_outcome {
	WEFT_TEST_PICKED,
	WEFT_TEST_NO_SERVICE,
	WEFT_TEST_NO_SLOT,
	WEFT_TEST_NO_BACKEND,
	WEFT_TEST_OUTCOMES,
};

/* Written by the test before the run. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct weft_service_key);
} weft_test_frontend SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WEFT_TEST_OUTCOMES);
	__type(key, __u32);
	__type(value, __u64);
} weft_test_outcomes SEC(".maps");

static __always_inline enum weft_test_outcome
weft_test_pick_from(const struct weft_service_key *key)
{
	struct weft_service *service = bpf_map_lookup_elem(&weft_services, key);
	struct weft_service_slot_key slot = {};
	struct weft_service copy;
	__u32 *backend;

	if (!service)
		return WEFT_TEST_NO_SERVICE;
	copy = *service;
	if (!copy.count[WEFT_SERVICE_INTERNAL])
		return WEFT_TEST_PICKED;
	/* As slow as programs never are, so that slots which go too early are missed. */
	for (int i = 0; i < 2000; i++)
		bpf_ktime_get_ns();
	slot.service_id = copy.id;
	slot.generation = copy.generation;
	slot.list = WEFT_SERVICE_INTERNAL;
	slot.slot = bpf_get_prandom_u32() % copy.count[WEFT_SERVICE_INTERNAL];
	backend = bpf_map_lookup_elem(&weft_service_slots, &slot);
	if (!backend)
		return WEFT_TEST_NO_SLOT;
	return bpf_map_lookup_elem(&weft_backends, backend) ? WEFT_TEST_PICKED
							    : WEFT_TEST_NO_BACKEND;
}

SEC("tc")
int weft_test_pick(struct __sk_buff *ctx __attribute__((unused)))
{
	__u32 zero = 0, outcome;
	struct weft_service_key *key = bpf_map_lookup_elem(&weft_test_frontend, &zero);
	__u64 *count;

	if (!key)
		return TC_ACT_SHOT;
	outcome = weft_test_pick_from(key);
	count = bpf_map_lookup_elem(&weft_test_outcomes, &outcome);
	if (count)
		(*count)++;
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
