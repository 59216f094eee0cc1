/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_watched: non-zero while the packet that a CPU has in hand is followed by a tracer. Written
 * by trace.bpf.c when a device has received it, one bit a tracer; read by the programs on devices
 * when weft_runtime says that somebody traces, so that they make events of such packets only.
 */
#ifndef WEFT_WATCH_H
#define WEFT_WATCH_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} weft_watched SEC(".maps");

#endif
