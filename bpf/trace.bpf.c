/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Follows packets through the kernel, from its tracepoints: what no program on a device sees.
 * Loaded for the time of a trace only, several at once if several people trace; nothing of a packet
 * is changed.
 *
 * A packet is one of those asked for when it starts at weft_hop_filter.src, or a flow of it is in
 * weft_hop_flows. Each packet that is followed puts both directions of its flow, as it is right
 * now, there: so a translation on the way is learned from the packet that was translated, which is
 * known by its address in weft_hop_skbs as long as what no router changes in it is the same.
 *
 * weft_watched tells the datapath's own programs (watch.h) that the packet which this CPU has in
 * hand is one of them. They run on the same CPU, after netif_receive_skb.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <weft/abi_hops.h>
#include <weft/addr.h>
#include <weft/cbpf.h>
#include <weft/hop.h>
#include <weft/skb.h>
#include <weft/watch.h>

char weft_license[] SEC("license") = "GPL";

#define WEFT_ARPHRD_ETHER   1	 /* linux/if_arp.h */
#define WEFT_NETDEV_TX_BUSY 0x10 /* linux/netdevice.h */
#define WEFT_HOP_FIXED	    __builtin_offsetof(struct weft_hop_event, bytes)
#define WEFT_NSFS_FIRST	    0xf0000000 /* fs/proc/generic.c, PROC_DYNAMIC_FIRST */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct weft_hop_filter);
} weft_hop_filter SEC(".maps");

/* Inodes of the network namespaces that are this node's: itself and its pods. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u8);
} weft_hop_netns SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct weft_hop_flow);
	__type(value, __u8);
} weft_hop_flows SEC(".maps");

/* By address; the value is what routers leave alone, to know that it is still the same packet. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u64);
} weft_hop_skbs SEC(".maps");

/* Names of devices. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct weft_hop_device);
	__type(value, __u8);
} weft_hop_devices SEC(".maps");

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

/* So that their BTF has the shapes that C# is checked against. */
struct weft_hop_abi {
	enum weft_hop_point point;
	struct weft_hop_filter filter;
	struct weft_hop_head head;
	struct weft_hop_event event;
	struct weft_hop_code code;
	struct weft_hop_flow flow;
	struct weft_hop_device device;
};
const volatile struct weft_hop_abi weft_hop_abi;

/*
 * Where the IP header is. Before a device sends, data is at the frame's first byte; after one
 * received, at the IP header, and network_header may be that of a layer before; in between, data
 * may be anywhere.
 */
static __always_inline __u32 weft_hop_l3(struct sk_buff *skb, enum weft_hop_point point)
{
	__u32 data = skb->data - skb->head;
	struct net_device *dev = skb->dev;

	switch (point) {
	case WEFT_HOP_RECEIVE:
	case WEFT_HOP_RX:
		return data;
	case WEFT_HOP_QUEUE:
	case WEFT_HOP_TRANSMIT:
	case WEFT_HOP_NOT_SENT:
		return dev && dev->type == WEFT_ARPHRD_ETHER ? data + ETH_HLEN : data;
	default:
		return skb->network_header;
	}
}

static __always_inline void weft_hop_learn(const struct weft_hop_flow *flow)
{
	struct weft_hop_flow back = {
		.src = flow->dst,
		.dst = flow->src,
		.sport = flow->dport,
		.dport = flow->sport,
		.protocol = flow->protocol,
	};
	__u8 one = 1;

	if (!bpf_map_lookup_elem(&weft_hop_flows, flow))
		bpf_map_update_elem(&weft_hop_flows, flow, &one, BPF_ANY);
	if (!bpf_map_lookup_elem(&weft_hop_flows, &back))
		bpf_map_update_elem(&weft_hop_flows, &back, &one, BPF_ANY);
}

static __always_inline bool weft_hop_is_accepted(struct sk_buff *skb, const struct weft_hop *hop)
{
	return weft_cbpf_accepts(skb, hop->l3, skb->protocol) ||
	       (hop->inner && weft_cbpf_accepts(skb, hop->inner, 0));
}

/* has_flow: what is in hop was read to its end. */
static __always_inline bool weft_hop_matches(const struct weft_hop_filter *filter,
					     struct sk_buff *skb, struct weft_hop *hop,
					     bool has_flow)
{
	__u64 address = (__u64)skb;
	__u64 *known;

	if (filter->mark_mask && (skb->mark & filter->mark_mask) != filter->mark)
		return false;
	if (filter->code_len && weft_hop_is_accepted(skb, hop)) {
		if (!has_flow)
			return true;
		goto followed;
	}
	if (!has_flow)
		return false;
	if (filter->code_len && !filter->learn)
		goto by_address;
	if (weft_hop_is_asked_for(filter, &hop->flow))
		goto followed;
	if (bpf_map_lookup_elem(&weft_hop_flows, &hop->flow))
		goto followed;
by_address:
	known = bpf_map_lookup_elem(&weft_hop_skbs, &address);
	if (!known || !hop->survivor || *known != hop->survivor)
		return false;
followed:
	if (filter->learn)
		weft_hop_learn(&hop->flow);
	bpf_map_update_elem(&weft_hop_skbs, &address, &hop->survivor, BPF_ANY);
	return true;
}

/*
 * In a socket's queue other things are where skb->dev was: what is read through them is no inode of
 * nsfs.
 */
static __always_inline struct net_device *weft_hop_device(struct sk_buff *skb,
							  enum weft_hop_point point)
{
	struct net_device *dev = skb->dev;

	if (point == WEFT_HOP_SOCKET || !dev || dev->nd_net.net->ns.inum < WEFT_NSFS_FIRST)
		return NULL;
	return dev;
}

static __always_inline __u32 weft_hop_netns_of(struct sk_buff *skb, enum weft_hop_point point)
{
	struct net_device *dev = weft_hop_device(skb, point);
	struct task_struct *task;
	struct sock *sk = skb->sk;

	if (point == WEFT_HOP_SOCKET) {
		task = bpf_get_current_task_btf();
		return task->nsproxy ? task->nsproxy->net_ns->ns.inum : 0;
	}
	if (dev)
		return dev->nd_net.net->ns.inum;
	return sk ? sk->__sk_common.skc_net.net->ns.inum : 0;
}

/* A packet without a namespace is the node's if it was seen there before. */
static __always_inline bool weft_hop_is_here(const struct weft_hop_filter *filter,
					     struct sk_buff *skb, __u32 netns)
{
	__u64 address = (__u64)skb;

	if (filter->any_netns)
		return true;
	if (netns)
		return bpf_map_lookup_elem(&weft_hop_netns, &netns);
	return bpf_map_lookup_elem(&weft_hop_skbs, &address);
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

static __always_inline bool weft_hop_is_at(struct sk_buff *skb, enum weft_hop_point point)
{
	struct net_device *dev = weft_hop_device(skb, point);
	struct weft_hop_device device = {};

	if (!dev)
		return false;
	/* Behind its end a name may have what is left of one before. */
	bpf_probe_read_kernel_str(device.name, sizeof(device.name), &dev->name);
	return bpf_map_lookup_elem(&weft_hop_devices, &device);
}

static __always_inline void weft_hop_watch(const struct weft_hop_filter *filter, bool watched)
{
	__u32 zero = 0;
	__u32 *bits = bpf_map_lookup_elem(&weft_watched, &zero);

	if (!bits)
		return;
	if (watched)
		*bits |= filter->watch;
	else
		*bits &= ~filter->watch;
}

struct weft_hop_place {
	enum weft_hop_point point;
	__u32 reason;
	__u64 location;
	__u32 netns;
};

static __noinline int weft_hop_report(void *ctx, struct sk_buff *skb,
				      const struct weft_hop_filter *filter,
				      const struct weft_hop *hop,
				      const struct weft_hop_place *place)
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
	slot = *depth;
	*depth = slot + 1;
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
		failed = weft_hop_send(event, skb, filter, hop);
	}
	if (failed)
		(*lost)++;
	*depth = slot;
	return 0;
}

static __noinline int weft_hop_see(void *ctx, struct sk_buff *skb, enum weft_hop_point point,
				   __u32 reason, __u64 location)
{
	struct weft_hop_place place = {.point = point, .reason = reason, .location = location};
	struct weft_hop_filter *filter;
	struct weft_hop hop = {};
	__u32 zero = 0;
	bool followed, has_flow;

	filter = bpf_map_lookup_elem(&weft_hop_filter, &zero);
	if (!filter)
		return 0;
	hop.linear = weft_linear_of(skb);
	hop.l3 = weft_hop_l3(skb, point);
	place.netns = weft_hop_netns_of(skb, point);
	followed = weft_hop_is_here(filter, skb, place.netns);
	if (followed) {
		has_flow = weft_hop_parse(&hop, filter->tunnel_port);
		followed = weft_hop_matches(filter, skb, &hop, has_flow);
	}
	if (point == WEFT_HOP_RECEIVE)
		weft_hop_watch(filter, followed);
	if (!followed || !(filter->points & 1U << point))
		return 0;
	if (filter->netns && place.netns != filter->netns)
		return 0;
	if (filter->devices && !weft_hop_is_at(skb, point))
		return 0;
	return weft_hop_report(ctx, skb, filter, &hop, &place);
}

/* The address may be another packet's from now on. */
static __always_inline void weft_hop_forget(struct sk_buff *skb)
{
	__u64 address = (__u64)skb;

	bpf_map_delete_elem(&weft_hop_skbs, &address);
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(weft_on_queue, struct sk_buff *skb)
{
	return weft_hop_see(ctx, skb, WEFT_HOP_QUEUE, 0, 0);
}

SEC("tp_btf/net_dev_start_xmit")
int BPF_PROG(weft_on_transmit, struct sk_buff *skb)
{
	return weft_hop_see(ctx, skb, WEFT_HOP_TRANSMIT, 0, 0);
}

/*
 * A driver that is busy gives the packet back; of one that it took nothing is known any more: it
 * may have freed it, and tells of that by kfree_skb.
 */
SEC("tp_btf/net_dev_xmit")
int BPF_PROG(weft_on_not_sent, struct sk_buff *skb, int result)
{
	if (result != WEFT_NETDEV_TX_BUSY)
		return 0;
	return weft_hop_see(ctx, skb, WEFT_HOP_NOT_SENT, result, 0);
}

SEC("tp_btf/netif_rx")
int BPF_PROG(weft_on_rx, struct sk_buff *skb)
{
	return weft_hop_see(ctx, skb, WEFT_HOP_RX, 0, 0);
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(weft_on_receive, struct sk_buff *skb)
{
	return weft_hop_see(ctx, skb, WEFT_HOP_RECEIVE, 0, 0);
}

SEC("tp_btf/skb_copy_datagram_iovec")
int BPF_PROG(weft_on_socket, struct sk_buff *skb)
{
	return weft_hop_see(ctx, skb, WEFT_HOP_SOCKET, 0, 0);
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(weft_on_drop, struct sk_buff *skb, void *location, int reason)
{
	weft_hop_see(ctx, skb, WEFT_HOP_DROP, reason, (__u64)location);
	weft_hop_forget(skb);
	return 0;
}

SEC("tp_btf/consume_skb")
int BPF_PROG(weft_on_consumed, struct sk_buff *skb)
{
	weft_hop_see(ctx, skb, WEFT_HOP_CONSUMED, 0, 0);
	weft_hop_forget(skb);
	return 0;
}
