/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a tracer tells of a packet that it follows: a record, and the packet's bytes behind it.
 */
#ifndef WEFT_HOP_REPORT_H
#define WEFT_HOP_REPORT_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <weft/abi_hops.h>
#include <weft/hop.h>
#include <weft/skb.h>

#define WEFT_HOP_FIXED __builtin_offsetof(struct weft_hop_event, bytes)

/*
 * What is seen: a perf buffer a CPU, because bpf_skb_output is the only way by which a program on a
 * tracepoint gets at the bytes of a packet that are in pages, such as what TCP sends.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} weft_hops SEC(".maps");

/* Records that a buffer had no room for. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} weft_hops_lost SEC(".maps");

/* A record in the making: interrupts may nest, each takes the next element. */
#define WEFT_HOP_NESTED 4

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WEFT_HOP_NESTED);
	__type(key, __u32);
	__type(value, struct weft_hop_event);
} weft_hop_scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} weft_hop_depth SEC(".maps");

static __always_inline void weft_hop_fields(struct weft_hop_skb *fields, struct sk_buff *skb)
{
	fields->tstamp = skb->tstamp;
	fields->data_len = skb->data_len;
	fields->hash = skb->hash;
	fields->priority = skb->priority;
	fields->truesize = skb->truesize;
	fields->users = skb->users.refs.counter;
	fields->protocol = skb->protocol;
	fields->vlan_proto = skb->vlan_proto;
	fields->vlan_tci = skb->vlan_tci;
	fields->queue_mapping = skb->queue_mapping;
	fields->cloned = BPF_CORE_READ_BITFIELD(skb, cloned);
	fields->pkt_type = BPF_CORE_READ_BITFIELD(skb, pkt_type);
	fields->ip_summed = BPF_CORE_READ_BITFIELD(skb, ip_summed);
	fields->pad = 0;
}

static __always_inline void weft_hop_fill(struct weft_hop_event *event, struct sk_buff *skb,
					  enum weft_hop_point point)
{
	struct net_device *dev = weft_hop_device(skb, point);
	struct task_struct *task = bpf_get_current_task_btf();
	struct skb_shared_info *shared;

	event->head.time = bpf_ktime_get_ns();
	event->head.skb = (__u64)skb;
	event->head.mark = skb->mark;
	event->head.pid = task->tgid;
	event->head.cpu = bpf_get_smp_processor_id();
	event->head.point = point;
	event->head.pad = 0;
	shared = (void *)skb->head + skb->end;
	bpf_probe_read_kernel(&event->head.gso_size, sizeof(event->head.gso_size),
			      &shared->gso_size);
	bpf_probe_read_kernel(event->process, sizeof(event->process), &task->group_leader->comm);
	__builtin_memset(event->device, 0, sizeof(event->device));
	event->head.ifindex = 0;
	if (dev) {
		event->head.ifindex = dev->ifindex;
		bpf_probe_read_kernel(event->device, sizeof(event->device), &dev->name);
	}
	weft_hop_fields(&event->fields, skb);
}

/*
 * Where what is reported of a packet begins, and so how many of its bytes lie before skb->data: the
 * kernel's copy begins there.
 */
static __always_inline __u32 weft_hop_begin(struct weft_hop_event *event, struct sk_buff *skb,
					    const struct weft_hop *hop)
{
	__u32 data = skb->data - skb->head;
	__u32 start = hop->l3;

	if (start >= ETH_HLEN && (skb->mac_header + ETH_HLEN == start || data + ETH_HLEN == start))
		start -= ETH_HLEN;
	event->head.l3_offset = hop->l3 - start;
	/* What was put in front of the packet meanwhile is not of this header's packet. */
	if (data < start)
		return ~0U;
	return data - start;
}

/*
 * Sends the record and the packet's bytes, as many as are asked for. Called where a map's element
 * is this program's alone.
 */
static __always_inline long weft_hop_send(struct weft_hop_event *event, struct sk_buff *skb,
					  const struct weft_hop_filter *filter,
					  const struct weft_hop *hop)
{
	__u32 before = weft_hop_begin(event, skb, hop);
	__u32 start = hop->l3 - event->head.l3_offset;
	__u32 rest = skb->len, snaplen = filter->snaplen;
	__u32 here = before;

	event->head.len = before == ~0U ? skb->len : skb->len + before;
	if (before > WEFT_HOP_HEADERS) {
		here = hop->linear.end - start;
		rest = 0;
	}
	if (here > snaplen)
		here = snaplen;
	if (here > WEFT_HOP_HEADERS)
		here = WEFT_HOP_HEADERS;
	if (bpf_probe_read_kernel(event->bytes, here, hop->linear.head + start)) {
		here = 0;
		rest = 0;
	}
	if (snaplen > WEFT_HOP_SNAPLEN)
		snaplen = WEFT_HOP_SNAPLEN;
	if (here + rest > snaplen)
		rest = snaplen - here;
	event->head.captured = here + rest;
	return bpf_skb_output(skb, &weft_hops, (__u64)rest << 32 | BPF_F_CURRENT_CPU, event,
			      WEFT_HOP_FIXED + here);
}

/* The same without what is in pages, for programs that may not call bpf_skb_output. */
static __always_inline long weft_hop_send_linear(void *ctx, struct weft_hop_event *event,
						 struct sk_buff *skb,
						 const struct weft_hop_filter *filter,
						 const struct weft_hop *hop)
{
	__u32 before = weft_hop_begin(event, skb, hop);
	__u32 start = hop->l3 - event->head.l3_offset;
	__u32 here = start < hop->linear.end ? hop->linear.end - start : 0;

	event->head.len = before == ~0U ? skb->len : skb->len + before;
	if (here > filter->snaplen)
		here = filter->snaplen;
	if (here > WEFT_HOP_HEADERS)
		here = WEFT_HOP_HEADERS;
	if (bpf_probe_read_kernel(event->bytes, here, hop->linear.head + start))
		here = 0;
	event->head.captured = here;
	return bpf_perf_event_output(ctx, &weft_hops, BPF_F_CURRENT_CPU, event,
				     WEFT_HOP_FIXED + here);
}

struct weft_hop_place {
	enum weft_hop_point point;
	__u32 reason;
	__u64 location;
	__u32 netns;
};

/* whole: bytes in pages too, of which only some types of program get hold. */
static __always_inline int weft_hop_record(void *ctx, struct sk_buff *skb,
					   const struct weft_hop_filter *filter,
					   const struct weft_hop *hop,
					   const struct weft_hop_place *place, bool whole)
{
	struct weft_hop_event *event;
	__u32 zero = 0, slot;
	__u64 *lost;
	__u32 *depth;
	long stack, failed = -1;

	depth = bpf_map_lookup_elem(&weft_hop_depth, &zero);
	lost = bpf_map_lookup_elem(&weft_hops_lost, &zero);
	if (!depth || !lost)
		return 0;
	slot = __sync_fetch_and_add(depth, 1);
	event = bpf_map_lookup_elem(&weft_hop_scratch, &slot);
	if (event) {
		weft_hop_fill(event, skb, place->point);
		event->head.netns = place->netns;
		event->head.reason = place->reason;
		event->head.location = place->location;
		event->head.stack_len = 0;
		if (filter->stacks & 1U << place->point) {
			stack = bpf_get_stack(ctx, event->stack, sizeof(event->stack), 0);
			if (stack > 0)
				event->head.stack_len = stack / sizeof(event->stack[0]);
		}
		failed = whole ? weft_hop_send(event, skb, filter, hop)
			       : weft_hop_send_linear(ctx, event, skb, filter, hop);
	}
	if (failed)
		(*lost)++;
	__sync_fetch_and_add(depth, -1);
	return 0;
}

static __noinline int weft_hop_report(void *ctx, struct sk_buff *skb,
				      const struct weft_hop_filter *filter,
				      const struct weft_hop *hop,
				      const struct weft_hop_place *place)
{
	return weft_hop_record(ctx, skb, filter, hop, place, true);
}

static __noinline int weft_hop_report_linear(void *ctx, struct sk_buff *skb,
					     const struct weft_hop_filter *filter,
					     const struct weft_hop *hop,
					     const struct weft_hop_place *place)
{
	return weft_hop_record(ctx, skb, filter, hop, place, false);
}

#endif
