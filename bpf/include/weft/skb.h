/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel's own structs, as far as a tracer reads them. Each field is found by name in the BTF
 * of the running kernel (CO-RE), so only names and types have to be right, not places.
 */
#ifndef WEFT_SKB_H
#define WEFT_SKB_H

#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct net_device {
	char name[16];
	int ifindex;
	unsigned short type;
	unsigned short hard_header_len;
	possible_net_t nd_net;
};

struct sock_common {
	possible_net_t skc_net;
};

struct sock {
	struct sock_common __sk_common;
};

struct skb_shared_info {
	unsigned short gso_size;
};

typedef struct {
	int counter;
} atomic_t;

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned int len;
	unsigned int data_len;
	unsigned int mark;
	__be16 protocol;
	__u16 network_header;
	__u16 mac_header;
	unsigned int end;
	unsigned char *head;
	unsigned char *data;
	__s64 tstamp;
	unsigned int hash;
	unsigned int priority;
	unsigned int truesize;
	refcount_t users;
	__be16 vlan_proto;
	__u16 vlan_tci;
	__u16 queue_mapping;
	__u8 cloned : 1;
	__u8 pkt_type : 3;
	__u8 ip_summed : 2;
};

struct nsproxy {
	struct net *net_ns;
};

struct task_struct {
	struct task_struct *group_leader;
	int tgid;
	struct nsproxy *nsproxy;
	char comm[16];
};

#pragma clang attribute pop

/* A packet's linear part: head[0..end) holds headers, also those that were pulled off already. */
struct weft_linear {
	const unsigned char *head;
	__u32 end;
};

static __always_inline struct weft_linear weft_linear_of(struct sk_buff *skb)
{
	struct weft_linear linear = {.head = skb->head};

	linear.end = (__u32)(skb->data - skb->head) + skb->len - skb->data_len;
	return linear;
}

/* False where the packet's linear part does not have the bytes. */
static __always_inline bool weft_linear_read(const struct weft_linear *linear, __u32 offset,
					     void *to, __u32 size)
{
	if (offset > linear->end || linear->end - offset < size)
		return false;
	return !bpf_probe_read_kernel(to, size, linear->head + offset);
}

#endif
