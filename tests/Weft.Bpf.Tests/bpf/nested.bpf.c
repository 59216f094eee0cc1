/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A pinned hash of arrays, and a program that reads through it. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct table {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 8);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__array(values, struct table);
} tables SEC(".maps");

/* Returns element 3 of the table whose number is the packet's mark. */
SEC("tc")
int read_table(struct __sk_buff *skb)
{
	__u32 number = skb->mark, index = 3, *value;
	void *table = bpf_map_lookup_elem(&tables, &number);

	if (!table)
		return TC_ACT_SHOT;
	value = bpf_map_lookup_elem(table, &index);
	return value ? *value : TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
