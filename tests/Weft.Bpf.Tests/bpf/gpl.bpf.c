/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Calls a helper for GPL programs only, without saying that it is one. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int need_gpl(struct __sk_buff *skb)
{
	char format[] = "%d";

	return bpf_trace_printk(format, sizeof(format), skb->len);
}

char _license[] SEC("license") = "Proprietary";
