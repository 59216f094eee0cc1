/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Events to user space: weft_trace(), weft_debug(), weft_capture(). drop.h has the one of a drop.
 *
 * What is wanted is decided once a packet, in weft_walk_begin(): one read of mapped memory. Each
 * event that nobody wants then costs one branch. Code that writes events is kept out of line.
 *
 * weft_runtime: written by the agent through mmap while packets flow, read by every program.
 * weft_events: written by every program, read by the agent. When it is full, the event is lost and
 * counted in weft_events_lost, the packet goes on. weft_record: scratch to build an event in, as is
 * weft_packet for the packet; tc programs run with softirqs off, so one a CPU is enough.
 */
#ifndef WEFT_EVENTS_H
#define WEFT_EVENTS_H

#include <weft/debug.h>
#include <weft/walk.h>
#include <weft/watch.h>

/* Names that no struct mentions, so that they reach the objects' BTF, which C# is checked against.
 */
struct weft_abi_enums {
	enum weft_identity identity;
	enum weft_events events;
	enum weft_aggregation aggregation;
	enum weft_endpoint_flags endpoint_flags;
	enum weft_config_flags config_flags;
	enum weft_ipcache_flags ipcache_flags;
	enum weft_nat_flags nat_flags;
	enum weft_nat_ports nat_ports;
	enum weft_service_list service_list;
	enum weft_service_flags service_flags;
	enum weft_ct_scope ct_scope;
	enum weft_ct_flags ct_flags;
	enum weft_ct_state ct_state;
	enum weft_ct_timeout ct_timeout;
	enum weft_direction direction;
	enum weft_event_type event_type;
	enum weft_trace_flags trace_flags;
	enum weft_trace_point trace_point;
	enum weft_file file;
	enum weft_policy_bits policy_bits;
	enum weft_policy_verdict policy_verdict;
	enum weft_policy_flags policy_flags;
	enum weft_mark mark;
	enum weft_reason reason;
	enum weft_debug debug;
	enum weft_capture capture;
	struct weft_ct_key ct_key;
	struct weft_ct_value ct_value;
	struct weft_endpoint endpoint;
	struct weft_ipcache_key ipcache_key;
	struct weft_ipcache_value ipcache_value;
	struct weft_node node;
	struct weft_policy_key policy_key;
	struct weft_policy_rule_key policy_rule_key;
	struct weft_policy_rule policy_rule;
	struct weft_fragment_key fragment_key;
	struct weft_fragment_value fragment_value;
	enum weft_fragment_limits fragment_limits;
	struct weft_held_key held_key;
	struct weft_nat_key nat_key;
	struct weft_nat_value nat_value;
	struct weft_service_key service_key;
	struct weft_service service;
	struct weft_service_slot_key service_slot_key;
	struct weft_backend backend;
	struct weft_affinity_key affinity_key;
	struct weft_affinity affinity;
	struct weft_source_range_key source_range_key;
	struct weft_sock_nat_key sock_nat_key;
	struct weft_sock_nat_value sock_nat_value;
};

union weft_record {
	struct weft_event_header header;
	struct weft_debug_event debug;
	struct weft_drop_event drop;
	struct weft_trace_event trace;
	struct weft_capture_event capture;
	struct weft_policy_event policy;
	struct weft_abi_enums abi; /* never stored */
	__u8 bytes[sizeof(struct weft_trace_event) + WEFT_CAPTURE_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct weft_runtime);
} weft_runtime SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} weft_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} weft_events_lost SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, union weft_record);
} weft_record SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct weft_packet);
} weft_packet SEC(".maps");

/* In weft_packet.events only: some endpoint has a mask of its own. */
#define WEFT_EVENTS_ENDPOINTS (1U << 31)

/* Of a packet that somebody follows every event is made, whole. */
static __noinline int weft_walk_watch(struct weft_packet *packet, __u32 events)
{
	__u32 zero = 0;
	__u32 *watched = bpf_map_lookup_elem(&weft_watched, &zero);

	if (!watched || !*watched)
		return 0;
	packet->events |= events;
	packet->capture_len = WEFT_CAPTURE_MAX;
	packet->aggregation = WEFT_AGGREGATION_NONE;
	return 0;
}

/* Takes the CPU's packet, and sets what is wanted of it; its endpoint may ask for more, see
 * weft_walk_endpoint(). False cannot happen but has to be checked. */
static __always_inline bool weft_walk_begin(struct weft_walk *walk, struct __sk_buff *ctx,
					    enum weft_direction direction)
{
	__u32 zero = 0;
	struct weft_packet *packet = bpf_map_lookup_elem(&weft_packet, &zero);
	struct weft_runtime *runtime = bpf_map_lookup_elem(&weft_runtime, &zero);

	if (!packet || !runtime)
		return false;
	__builtin_memset(packet, 0, sizeof(*packet));
	walk->ctx = ctx;
	walk->packet = packet;
	packet->direction = direction;
	packet->events = runtime->events;
	if (runtime->endpoints_flagged)
		packet->events |= WEFT_EVENTS_ENDPOINTS;
	if (packet->events) {
		packet->capture_len = runtime->capture_len;
		packet->aggregation = runtime->aggregation;
	}
	if (runtime->watch)
		weft_walk_watch(packet, runtime->watch);
	return true;
}

/* Names the endpoint that the packet belongs to, and adds what is wanted of that one. */
static __always_inline void weft_walk_endpoint(struct weft_walk *walk,
					       struct weft_endpoint *endpoint)
{
	walk->endpoint = endpoint;
	walk->packet->source = endpoint->id;
	if (walk->packet->events & WEFT_EVENTS_ENDPOINTS)
		walk->packet->events |= endpoint->events;
}

/* Fills the header of the CPU's record; NULL cannot happen but has to be checked. */
static __always_inline union weft_record *weft_record_begin(struct weft_walk *walk,
							    enum weft_event_type type, __u8 subtype)
{
	__u32 zero = 0;
	union weft_record *record = bpf_map_lookup_elem(&weft_record, &zero);

	if (!record)
		return NULL;
	record->header.type = type;
	record->header.subtype = subtype;
	record->header.source = walk->packet->source;
	record->header.hash = bpf_get_hash_recalc(walk->ctx);
	record->header.time = bpf_ktime_get_ns();
	record->header.mark = walk->ctx->mark;
	record->header.cpu = bpf_get_smp_processor_id();
	record->header.pad = 0;
	return record;
}

static __always_inline __u16 weft_capture_len(const struct weft_walk *walk)
{
	__u32 len = walk->ctx->len;

	if (len > walk->packet->capture_len)
		len = walk->packet->capture_len;
	return len > WEFT_CAPTURE_MAX ? WEFT_CAPTURE_MAX : len;
}

/* Sends the first size bytes of the record, followed by captured bytes of the packet. */
static __noinline int weft_record_send(struct weft_walk *walk, union weft_record *record,
				       __u32 size, __u32 captured)
{
	__u32 zero = 0;
	__u64 *lost;

	if (captured > WEFT_CAPTURE_MAX)
		return 0;
	if (captured && weft_load_bytes(walk, 0, record->bytes + size, captured, WEFT_CAPTURE_MAX))
		return 0;
	if (!bpf_ringbuf_output(&weft_events, record, size + captured, 0))
		return 0;
	lost = bpf_map_lookup_elem(&weft_events_lost, &zero);
	if (lost)
		(*lost)++;
	return 0;
}

static __noinline int weft_debug_send(struct weft_walk *walk, enum weft_debug message, __u32 arg1,
				      __u32 arg2, __u32 arg3)
{
	union weft_record *record = weft_record_begin(walk, WEFT_EVENT_DEBUG, message);

	if (!record)
		return 0;
	record->debug.arg1 = arg1;
	record->debug.arg2 = arg2;
	record->debug.arg3 = arg3;
	record->debug.pad = 0;
	return weft_record_send(walk, record, sizeof(record->debug), 0);
}

static __always_inline void weft_debug(struct weft_walk *walk, enum weft_debug message, __u32 arg1,
				       __u32 arg2, __u32 arg3)
{
	if (walk->packet->events & WEFT_EVENTS_DEBUG)
		weft_debug_send(walk, message, arg1, arg2, arg3);
}

static __noinline int weft_capture_send(struct weft_walk *walk, enum weft_capture point, __u32 arg1)
{
	union weft_record *record = weft_record_begin(walk, WEFT_EVENT_CAPTURE, point);

	if (!record)
		return 0;
	record->capture.len_orig = walk->ctx->len;
	record->capture.len_cap = weft_capture_len(walk);
	record->capture.pad = 0;
	record->capture.arg1 = arg1;
	record->capture.arg2 = 0;
	return weft_record_send(walk, record, sizeof(record->capture), record->capture.len_cap);
}

static __always_inline void weft_capture(struct weft_walk *walk, enum weft_capture point,
					 __u32 arg1)
{
	if (walk->packet->events & WEFT_EVENTS_CAPTURE)
		weft_capture_send(walk, point, arg1);
}

static __always_inline bool weft_trace_aggregated(const struct weft_walk *walk,
						  enum weft_trace_point point)
{
	if (walk->packet->aggregation >= WEFT_AGGREGATION_LOW &&
	    point >= WEFT_TRACE_FROM_ENDPOINT && point <= WEFT_TRACE_FROM_NETWORK)
		return true;
	return walk->packet->aggregation >= WEFT_AGGREGATION_MEDIUM && !walk->packet->report;
}

static __noinline int weft_trace_send(struct weft_walk *walk, enum weft_trace_point point,
				      enum weft_ct_state state, __u32 ifindex, __u8 flags)
{
	union weft_record *record;

	if (weft_trace_aggregated(walk, point))
		return 0;
	record = weft_record_begin(walk, WEFT_EVENT_TRACE, point);
	if (!record)
		return 0;
	record->trace.len_orig = walk->ctx->len;
	record->trace.len_cap = weft_capture_len(walk);
	record->trace.reason = state;
	record->trace.flags = flags | (walk->packet->ipv6 ? WEFT_TRACE_IPV6 : 0);
	record->trace.src_identity = walk->packet->src_identity;
	record->trace.dst_identity = walk->packet->dst_identity;
	record->trace.dst_id = walk->packet->dst_id;
	record->trace.pad = 0;
	record->trace.ifindex = ifindex;
	if (point == WEFT_TRACE_TO_ENDPOINT)
		record->trace.orig_addr = walk->packet->peer.addr;
	else
		__builtin_memset(&record->trace.orig_addr, 0, sizeof(record->trace.orig_addr));
	return weft_record_send(walk, record, sizeof(record->trace), record->trace.len_cap);
}

/* ifindex: of the device that the packet goes to or came from, 0: not worth a word. */
static __always_inline void weft_trace(struct weft_walk *walk, enum weft_trace_point point,
				       enum weft_ct_state state, __u32 ifindex, __u8 flags)
{
	if (walk->packet->events & WEFT_EVENTS_TRACE)
		weft_trace_send(walk, point, state, ifindex, flags);
}

#endif
