/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one exit for packets that go no further. `./run check` refuses TC_ACT_SHOT anywhere else.
 */
#ifndef WEFT_DROP_H
#define WEFT_DROP_H

#include <weft/events.h>
#include <weft/metrics.h>

static __noinline int weft_drop_send(struct weft_walk *walk, enum weft_reason reason)
{
	union weft_record *record = weft_record_begin(walk, WEFT_EVENT_DROP, reason);

	if (!record)
		return 0;
	record->drop.len_orig = walk->ctx->len;
	record->drop.len_cap = weft_capture_len(walk);
	record->drop.dst_id = walk->packet->dst_id;
	record->drop.src_identity = walk->packet->src_identity;
	record->drop.dst_identity = walk->packet->dst_identity;
	record->drop.line = walk->packet->drop_line;
	record->drop.file = walk->packet->drop_file;
	record->drop.ext_error = walk->packet->ext_error;
	record->drop.ifindex = walk->ctx->ifindex;
	return weft_record_send(walk, record, sizeof(record->drop), record->drop.len_cap);
}

/* Counts and tells, for a packet that is refused but answered (answer.h). */
static __always_inline void weft_drop_report(struct weft_walk *walk)
{
	enum weft_reason reason = walk->packet->drop_reason;

	weft_count(walk, reason);
	if (walk->packet->events & WEFT_EVENTS_DROP)
		weft_drop_send(walk, reason);
}

/* For what weft_refuse() noted. */
static __always_inline int weft_drop(struct weft_walk *walk)
{
	weft_drop_report(walk);
	return TC_ACT_SHOT;
}

/* For a packet that did its duty here (an ARP announcement), or whose drop is reported already. */
static __always_inline int weft_consume(void)
{
	return TC_ACT_SHOT;
}

#endif
