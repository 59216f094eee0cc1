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
#include <linux/ptrace.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <weft/abi_hops.h>
#include <weft/addr.h>
#include <weft/cbpf.h>
#include <weft/hop.h>
#include <weft/hop_report.h>
#include <weft/skb.h>
#include <weft/watch.h>

char weft_license[] SEC("license") = "GPL";

#define WEFT_NETDEV_TX_BUSY 0x10 /* linux/netdevice.h */

/* Kernel 6.2. What comes out may be read as the type says, wherever it really points to. */
extern void *bpf_rdonly_cast(void *object, __u32 type) __ksym __weak;

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

/* So that their BTF has the shapes that C# is checked against. */
struct weft_hop_abi {
	enum weft_hop_point point;
	struct weft_hop_filter filter;
	struct weft_hop_head head;
	struct weft_hop_event event;
	struct weft_hop_code code;
	struct weft_hop_flow flow;
	struct weft_hop_device device;
	struct weft_hop_skb fields;
};
const volatile struct weft_hop_abi weft_hop_abi;

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
	if ((!filter->code_len && !filter->protocol) ||
	    (filter->code_len && weft_hop_is_accepted(skb, hop))) {
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

/* The address may be another packet's from now on. */
static __always_inline void weft_hop_forget(struct sk_buff *skb)
{
	__u64 address = (__u64)skb;

	bpf_map_delete_elem(&weft_hop_skbs, &address);
}

/* Whether it was met before, and is to be followed whatever became of it since. */
static __always_inline bool weft_hop_is_tracked(const struct weft_hop_filter *filter,
						struct sk_buff *skb)
{
	__u64 address = (__u64)skb;

	return filter->track && bpf_map_lookup_elem(&weft_hop_skbs, &address);
}

static __always_inline bool weft_hop_is_meant(const struct weft_hop_filter *filter,
					      struct sk_buff *skb,
					      const struct weft_hop_place *place)
{
	if (filter->netns && place->netns != filter->netns)
		return false;
	return !filter->devices || weft_hop_is_at(skb, place->point);
}

/* Whether the packet is one to report of here. */
static __noinline int weft_hop_meets(struct sk_buff *skb, const struct weft_hop_filter *filter,
				     struct weft_hop *hop, struct weft_hop_place *place)
{
	bool here, tracked, meant, followed = false;

	hop->linear = weft_linear_of(skb);
	hop->l3 = weft_hop_l3(skb, place->point);
	place->netns = weft_hop_netns_of(skb, place->point);
	here = weft_hop_is_here(filter, skb, place->netns);
	tracked = here && weft_hop_is_tracked(filter, skb);
	meant = tracked || weft_hop_is_meant(filter, skb, place);
	if (here && (meant || !filter->track)) {
		bool has_flow = weft_hop_parse(hop, filter->tunnel_port);

		followed = weft_hop_matches(filter, skb, hop, has_flow);
	}
	/* TCP frees what was read without a tracepoint. */
	if (filter->track && place->point == WEFT_HOP_SOCKET && hop->flow.protocol == IPPROTO_TCP)
		weft_hop_forget(skb);
	followed |= tracked;
	if (place->point == WEFT_HOP_RECEIVE)
		weft_hop_watch(filter, followed);
	return followed && meant && filter->points & 1U << place->point;
}

static __noinline int weft_hop_see(void *ctx, struct sk_buff *skb, enum weft_hop_point point,
				   __u32 reason, __u64 location)
{
	struct weft_hop_place place = {.point = point, .reason = reason, .location = location};
	struct weft_hop_filter *filter;
	struct weft_hop hop = {};
	__u32 zero = 0;

	filter = bpf_map_lookup_elem(&weft_hop_filter, &zero);
	if (!filter || !weft_hop_meets(skb, filter, &hop, &place))
		return 0;
	return weft_hop_report(ctx, skb, filter, &hop, &place);
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

/* What is known of a packet holds for its copy. */
static __always_inline int weft_hop_copy(__u64 original, __u64 copy)
{
	__u64 *known = bpf_map_lookup_elem(&weft_hop_skbs, &original);
	__u64 survivor;

	if (!known || !copy)
		return 0;
	survivor = *known;
	bpf_map_update_elem(&weft_hop_skbs, &copy, &survivor, BPF_ANY);
	return 0;
}

/* (skb, gfp) and the result */
SEC("?fexit/skb_clone")
int weft_on_clone(const __u64 *ctx)
{
	return weft_hop_copy(ctx[0], ctx[2]);
}

/* (skb, gfp) and the result */
SEC("?fexit/skb_copy")
int weft_on_copy(const __u64 *ctx)
{
	return weft_hop_copy(ctx[0], ctx[2]);
}

/* (skb, headroom, gfp, fclone) and the result */
SEC("?fexit/__pskb_copy_fclone")
int weft_on_pskb_copy(const __u64 *ctx)
{
	return weft_hop_copy(ctx[0], ctx[4]);
}

/* Also of those that are freed without a tracepoint, as TCP does. */
SEC("?fentry/kfree_skbmem")
int weft_on_freed(const __u64 *ctx)
{
	__u64 address = ctx[0];

	bpf_map_delete_elem(&weft_hop_skbs, &address);
	return 0;
}

static __always_inline int weft_hop_enter(struct pt_regs *ctx, unsigned long argument)
{
	struct weft_hop_place place = {.point = WEFT_HOP_FUNCTION};
	struct weft_hop_filter *filter;
	struct weft_hop hop = {};
	struct sk_buff *skb;
	__u32 zero = 0;

	filter = bpf_map_lookup_elem(&weft_hop_filter, &zero);
	if (!filter || !argument)
		return 0;
	place.location = bpf_get_func_ip(ctx);
	skb = bpf_rdonly_cast((void *)argument, bpf_core_type_id_kernel(struct sk_buff));
	if (!weft_hop_meets(skb, filter, &hop, &place))
		return 0;
	return weft_hop_report_linear(ctx, skb, filter, &hop, &place);
}

/* By the argument that is the packet. */
SEC("?kprobe.multi")
int weft_at_argument_1(struct pt_regs *ctx)
{
	return weft_hop_enter(ctx, PT_REGS_PARM1(ctx));
}

SEC("?kprobe.multi")
int weft_at_argument_2(struct pt_regs *ctx)
{
	return weft_hop_enter(ctx, PT_REGS_PARM2(ctx));
}

SEC("?kprobe.multi")
int weft_at_argument_3(struct pt_regs *ctx)
{
	return weft_hop_enter(ctx, PT_REGS_PARM3(ctx));
}

SEC("?kprobe.multi")
int weft_at_argument_4(struct pt_regs *ctx)
{
	return weft_hop_enter(ctx, PT_REGS_PARM4(ctx));
}

SEC("?kprobe.multi")
int weft_at_argument_5(struct pt_regs *ctx)
{
	return weft_hop_enter(ctx, PT_REGS_PARM5(ctx));
}
