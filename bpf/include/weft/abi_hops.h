/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What trace.bpf.c shares with user space: which packets it is to follow, and what it saw of them.
 * Part of abi.h, whose rules hold here.
 */
#ifndef WEFT_ABI_HOPS_H
#define WEFT_ABI_HOPS_H

#include <weft/abi_addr.h>

#define WEFT_HOP_HEADERS 256   /* bytes of a packet that were passed already where it is seen */
#define WEFT_HOP_SNAPLEN 65000 /* a perf record has a size of 16 bits */
#define WEFT_HOP_STACK	 16
#define WEFT_HOP_CODE	 512

/* Where the kernel was when it had the packet: the tracepoint, or that any function was entered. */
enum weft_hop_point {
	WEFT_HOP_QUEUE = 1,	/* net_dev_queue: before the device's queueing discipline */
	WEFT_HOP_TRANSMIT = 2,	/* net_dev_start_xmit: handed to the driver */
	WEFT_HOP_NOT_SENT = 3,	/* net_dev_xmit: the driver refused it */
	WEFT_HOP_RECEIVE = 4,	/* netif_receive_skb: taken from the device, before its programs */
	WEFT_HOP_SOCKET = 5,	/* skb_copy_datagram_iovec: read by a process */
	WEFT_HOP_DROP = 6,	/* kfree_skb */
	WEFT_HOP_CONSUMED = 7,	/* consume_skb: the end of a packet that did its work */
	WEFT_HOP_RX = 8,	/* netif_rx: put on a CPU's backlog */
	WEFT_HOP_DELIVER = 9,	/* no tracepoint: what a tap in a pod sees come in, also by
				   bpf_redirect_peer, of which no tracepoint tells */
	WEFT_HOP_FUNCTION = 10, /* a function was called with it; head.location says which */
};

/* The two ends of a packet, as it is at this moment; of an encapsulated one those of the inner. */
struct weft_hop_flow {
	struct weft_addr src;
	struct weft_addr dst;
	__be16 sport; /* ICMP echo: the identifier, in both */
	__be16 dport;
	__u8 protocol;
	__u8 pad[3];
};

/*
 * The only element of weft_hop_filter, written before the programs are attached. A packet is
 * followed when it is sent from src:sport, or belongs to a flow that such a packet was seen in (so
 * translation on the way is followed, and what comes back), or when the filter program accepts it.
 * With neither, by mark, device and namespace alone.
 */
struct weft_hop_filter {
	struct weft_addr src; /* all zero: any */
	__be16 sport;
	__u8 protocol;	/* 0: nothing is followed by src and sport */
	__u8 any_netns; /* weft_hop_netns is not looked at */
	__be16 tunnel_port;
	__u16 code_len; /* instructions in weft_hop_code; 0: none */
	__u32 points;	/* 1 << enum weft_hop_point, those to report */
	__u32 stacks;	/* 1 << enum weft_hop_point, those to report with the kernel's stack */
	__u32 watch;	/* bit of this tracer in weft_watched */
	__u32 mark;	/* with mark_mask: only packets with this mark; mask 0: any */
	__u32 mark_mask;
	__u32 devices; /* names in weft_hop_devices, the only ones to report of; 0: any */
	__u32 netns;   /* inode of the only network namespace to report of; 0: any */
	__u32 snaplen; /* most bytes of a packet to report, up to WEFT_HOP_SNAPLEN */
	__u32 learn;   /* nonzero: what is of the flow of a followed packet is followed too */
	__u32 track;   /* nonzero: a packet that was met once is followed by its address until it is
			  freed */
};

struct weft_hop_device {
	char name[16]; /* zero-filled */
};

struct weft_hop_head {
	__u64 time;	/* CLOCK_MONOTONIC, ns */
	__u64 skb;	/* address: the same packet, while nothing frees it */
	__u64 location; /* who dropped it, or was called: an address in the kernel's code; else 0 */
	__u32 netns;	/* inode of the network namespace; 0: not known */
	__u32 ifindex;	/* 0: none */
	__u32 len;	/* bytes of the packet at this point */
	__u32 mark;
	__u32 reason; /* drop: enum skb_drop_reason of the running kernel; not sent: the driver's
			 answer */
	__u32 pid;    /* of the process on whose behalf the kernel runs; 0: of none */
	__u16 point;  /* enum weft_hop_point */
	__u16 cpu;
	__u16 captured;	 /* bytes of the packet that are reported */
	__u16 l3_offset; /* of the IP header in them */
	__u16 gso_size;	 /* 0: one packet on the wire */
	__u16 stack_len; /* entries of stack[] */
	__u32 pad;
};

/* Fields of struct sk_buff, as they are there. */
struct weft_hop_skb {
	__s64 tstamp; /* of the clock that the kernel chose for it; 0: none */
	__u32 data_len;
	__u32 hash;
	__u32 priority;
	__u32 truesize;
	__u32 users;
	__be16 protocol;
	__be16 vlan_proto; /* 0: no tag beside the packet */
	__u16 vlan_tci;
	__u16 queue_mapping;
	__u8 cloned;
	__u8 pkt_type;	/* PACKET_* of linux/if_packet.h */
	__u8 ip_summed; /* CHECKSUM_* of linux/skbuff.h */
	__u8 pad;
};

/*
 * What is reported of a packet at a point. As much of bytes[] as is used is followed, without a
 * gap, by what the kernel copies from the packet; head.captured is both.
 */
struct weft_hop_event {
	struct weft_hop_head head;
	__u8 device[16];
	__u8 process[16];
	struct weft_hop_skb fields;
	__u64 stack[WEFT_HOP_STACK]; /* innermost first */
	__u8 bytes[WEFT_HOP_HEADERS];
};

/* As linux/filter.h has it: classic BPF, what libpcap compiles to for Ethernet. */
struct weft_hop_code {
	__u16 code;
	__u8 jt;
	__u8 jf;
	__u32 k;
};

_Static_assert(sizeof(struct weft_hop_flow) == 40, "weft_hop_flow");
_Static_assert(sizeof(struct weft_hop_filter) == 64, "weft_hop_filter");
_Static_assert(sizeof(struct weft_hop_head) == 64, "weft_hop_head");
_Static_assert(sizeof(struct weft_hop_skb) == 40, "weft_hop_skb");
_Static_assert(sizeof(struct weft_hop_event) == 520, "weft_hop_event");

#endif
