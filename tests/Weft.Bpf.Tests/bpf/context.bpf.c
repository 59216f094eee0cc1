/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shows user space which fields of __sk_buff arrived. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int swap(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;

	skb->mark = skb->priority;
	skb->priority = mark;
	skb->cb[0] = skb->cb[4];
	skb->cb[1] = skb->ingress_ifindex;
	skb->cb[2] = skb->ifindex;
	skb->cb[3] = skb->wire_len;
	skb->cb[4] = skb->gso_segs;
	return skb->gso_size;
}

char _license[] SEC("license") = "Dual BSD/GPL";
