/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two programs that tell which of them a frame of the tests (ETH_P_802_EX1) met. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

static __always_inline int note(struct __sk_buff *skb, __u32 program)
{
	__u64 *count = bpf_map_lookup_elem(&packets, &program);

	if (count && skb->protocol == bpf_htons(ETH_P_802_EX1))
		__sync_fetch_and_add(count, 1);
	return TC_ACT_OK;
}

SEC("tc")
int first(struct __sk_buff *skb)
{
	return note(skb, 0);
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	return note(skb, 1);
}

char _license[] SEC("license") = "Dual BSD/GPL";
