/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_count(): packets and bytes for each reason and direction.
 *
 * weft_metrics: written by every program, read by the agent and `weft bpf metrics list`. Index:
 * reason << 2 | direction. Per CPU, so plain additions are enough. All reasons fit, so it is never
 * full.
 */
#ifndef WEFT_METRICS_H
#define WEFT_METRICS_H

#include <weft/walk.h>

#define WEFT_METRIC_COUNT (256 << 2)

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WEFT_METRIC_COUNT);
	__type(key, __u32);
	__type(value, struct weft_metric);
} weft_metrics SEC(".maps");

static __always_inline void weft_count(const struct weft_walk *walk, enum weft_reason reason)
{
	__u32 index = (reason << 2) | walk->packet->direction;
	struct weft_metric *metric = bpf_map_lookup_elem(&weft_metrics, &index);

	if (metric) {
		metric->packets++;
		metric->bytes += walk->ctx->len;
	}
}

#endif
