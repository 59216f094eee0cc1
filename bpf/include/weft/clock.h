/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* weft_now(), weft_walk_now(): the clock of all times in maps, CLOCK_MONOTONIC in seconds. */
#ifndef WEFT_CLOCK_H
#define WEFT_CLOCK_H

#include <bpf/bpf_helpers.h>
#include <linux/types.h>
#include <weft/walk.h>

#define WEFT_NSEC_PER_SEC 1000000000ULL

static __always_inline __u32 weft_now(void)
{
	return bpf_ktime_get_ns() / WEFT_NSEC_PER_SEC;
}

/* The same all the way of a packet: to read the clock takes as long as to look into a map. */
static __always_inline __u32 weft_walk_now(const struct weft_walk *walk)
{
	if (!walk->packet->now)
		walk->packet->now = weft_now();
	return walk->packet->now;
}

#endif
