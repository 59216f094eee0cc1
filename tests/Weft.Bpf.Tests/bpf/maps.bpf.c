/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Maps of many kinds and programs that touch them, for Weft.Bpf's own tests. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct settings {
	__u32 answer;
	__u32 unused;
	__u64 big;
};

struct shared {
	__u64 seen;
	__u32 delta;
	__u32 last_mark;
};

const volatile struct settings settings = { .answer = 1 };
__u32 start_at = 7;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct shared);
} shared_memory SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 128);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} pinned_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u64);
	__type(value, __u64);
} pinned_lru SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} runs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} jumps SEC(".maps");

/* Counts a run on this CPU, and shows user space what it saw through mapped memory. */
SEC("tc")
int count(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u32 *run = bpf_map_lookup_elem(&runs, &zero);
	struct shared *shared = bpf_map_lookup_elem(&shared_memory, &zero);

	if (!run || !shared)
		return TC_ACT_SHOT;
	(*run)++;
	shared->seen += shared->delta;
	shared->last_mark = skb->mark;
	skb->mark = settings.answer + start_at;
	return settings.big == 0x1122334455667788 ? TC_ACT_PIPE : TC_ACT_OK;
}

SEC("tc")
int jump(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jumps, 1);
	return TC_ACT_SHOT;
}

/* Puts eight bytes in front, as an encapsulation would. */
SEC("tc")
int grow(struct __sk_buff *skb)
{
	return bpf_skb_change_head(skb, 8, 0) ? TC_ACT_SHOT : TC_ACT_OK;
}

SEC("tc")
int touch_pinned(struct __sk_buff *skb)
{
	__u32 key = 1;
	__u64 lru_key = 1, value = skb->len;

	bpf_map_update_elem(&pinned_hash, &key, &value, BPF_ANY);
	bpf_map_update_elem(&pinned_lru, &lru_key, &value, BPF_ANY);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
