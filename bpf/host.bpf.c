/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_from_host: what the node itself sends to pods, at the ingress of weft_net. It leaves every
 * packet to the stack.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <weft/config.h>
#include <weft/events.h>
#include <weft/metrics.h>
#include <weft/walk.h>

SEC("tc")
int weft_from_host(struct __sk_buff *ctx)
{
	struct weft_walk walk = {};

	weft_walk_begin(&walk, ctx, WEFT_DIR_EGRESS);
	weft_count(&walk, WEFT_INTERFACE);
	if (walk.events & WEFT_EVENTS_TRACE) {
		walk.source = weft_config.node_id;
		walk.src_identity = WEFT_IDENTITY_HOST;
		weft_trace(&walk, WEFT_TRACE_FROM_HOST, WEFT_CT_UNKNOWN, ctx->ifindex, 0);
	}
	return WEFT_NEXT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
