/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The pinned maps of maps.bpf.c with another value, capacity and flags: a newer version of the same program. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct value {
	__u64 bytes;
	__u64 packets;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, struct value);
} pinned_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 512);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u64);
	__type(value, __u64);
} pinned_lru SEC(".maps");

SEC("tc")
int touch_pinned(struct __sk_buff *skb)
{
	__u32 key = 2;
	struct value value = { .bytes = skb->len, .packets = 1 };

	bpf_map_update_elem(&pinned_hash, &key, &value, BPF_ANY);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
