/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Address translation of sources.
 *
 * weft_nat: written by the programs; the agent deletes what has expired, and the entry of a flow
 * together with its conntrack entry. When full, the translation unused longest goes.
 */
#ifndef WEFT_NAT_H
#define WEFT_NAT_H

#include <weft/events.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct weft_nat_key);
	__type(value, struct weft_nat_value);
} weft_nat SEC(".maps");

#endif
