/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tests only: gives a packet the tunnel key that the VXLAN device would have given it, then
 * continues with the program under test. A test run has no other way to do this.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct weft_test_tunnel {
	__u32 id;
	__u32 sender; /* outer source, host order */
};

/* Written by the test before each run. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct weft_test_tunnel);
} weft_test_tunnel SEC(".maps");

/* Index 0: the program under test. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} weft_test_next SEC(".maps");

SEC("tc")
int weft_test_decapsulated(struct __sk_buff *ctx)
{
	__u32 zero = 0;
	struct weft_test_tunnel *tunnel = bpf_map_lookup_elem(&weft_test_tunnel, &zero);
	/* A reader finds the local address of this (sending) key where it expects the sender's. */
	struct bpf_tunnel_key key = {.remote_ipv4 = 1};

	if (!tunnel)
		return TC_ACT_STOLEN;
	key.tunnel_id = tunnel->id;
	key.local_ipv4 = tunnel->sender;
	if (bpf_skb_set_tunnel_key(ctx, &key, sizeof(key), 0))
		return TC_ACT_STOLEN;
	bpf_tail_call(ctx, &weft_test_next, 0);
	return TC_ACT_STOLEN;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
