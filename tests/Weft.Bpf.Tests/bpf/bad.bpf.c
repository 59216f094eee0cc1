/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Programs that the verifier has to reject, each for one reason. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

SEC("tc")
int unchecked_lookup(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	return *value; /* may be null */
}

SEC("tc")
int beyond_packet(struct __sk_buff *skb)
{
	__u8 *data = (__u8 *)(long)skb->data;

	return data[20]; /* not compared with data_end */
}

SEC("tc")
int good(struct __sk_buff *skb)
{
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
