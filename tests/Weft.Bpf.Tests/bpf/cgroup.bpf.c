/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two programs for connect(2) that count what they see. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} calls SEC(".maps");

static __always_inline int count(__u32 index)
{
	__u64 *value = bpf_map_lookup_elem(&calls, &index);

	if (value)
		__sync_fetch_and_add(value, 1);
	return 1;
}

SEC("cgroup/connect4")
int first(struct bpf_sock_addr *ctx)
{
	(void)ctx;
	return count(0);
}

SEC("cgroup/connect4")
int second(struct bpf_sock_addr *ctx)
{
	(void)ctx;
	return count(1);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
