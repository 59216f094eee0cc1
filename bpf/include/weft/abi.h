/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every struct and number that the datapath and user space share. The C# side (src/Weft.Abi) marks
 * its mirror of each with [BtfStruct] or [BtfEnum]; tests/Weft.Abi.Tests compares sizes, offsets
 * and values with the BTF of the compiled objects, so neither side can drift.
 *
 * Byte order is in the type: __be16 and __be32 are network order, everything else is host order.
 * Addresses have one 16-byte form; IPv4 is v4-mapped (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2), so
 * maps and lookups know one family only.
 */
#ifndef WEFT_ABI_H
#define WEFT_ABI_H

#include <weft/abi_addr.h>
#include <weft/abi_events.h>
#include <weft/abi_flows.h>
#include <weft/abi_hops.h>
#include <weft/abi_policy.h>
#include <weft/abi_services.h>

/* Identities below 256 are reserved (FACTS: the numbers that users of Cilium know). */
enum weft_identity {
	WEFT_IDENTITY_UNKNOWN = 0,
	WEFT_IDENTITY_HOST = 1,
	WEFT_IDENTITY_WORLD = 2,
	WEFT_IDENTITY_UNMANAGED = 3,
	WEFT_IDENTITY_HEALTH = 4,
	WEFT_IDENTITY_INIT = 5,
	WEFT_IDENTITY_REMOTE_NODE = 6,
	/* First of the prefixes of the world that policies name: numbers of one node, which fit no
	 * VNI. On the wire they are _WORLD. */
	WEFT_IDENTITY_PREFIXES = 0x01000000,
};

/* --- configuration ------------------------------------------------------------------------------
 */

/* Fixed when the objects are loaded: `const volatile struct weft_config weft_config` in .rodata of
 * each object. */
struct weft_config {
	struct weft_addr node_addr;    /* this node on the underlay */
	struct weft_addr node_addr6;   /* all zero: none */
	struct weft_addr router_addr;  /* the pods' gateway, on weft_host; source of ICMP errors
					  that the datapath sends */
	struct weft_addr router_addr6; /* all zero: none */
	__u32 overlay_ifindex;	       /* weft_vxlan */
	__u32 netdev_ifindex;	       /* ens3 */
	__u32 host_ifindex;	       /* weft_host */
	__u32 overlay_mtu;	       /* largest inner IP packet, bytes: underlay MTU - 50 */
	__u32 flags;		       /* enum weft_config_flags */
	__be16 tunnel_port;	       /* UDP destination port of the overlay */
	__u16 node_id; /* endpoint id of the node itself (reserved:host), source of its events */
	__u16 node_port_min; /* first and last port that is looked up as NodePort on addresses of */
	__u16 node_port_max; /* nodes, host order */
	__u32 pad;
	__u64 netns_cookie; /* of the node's network namespace; 0: it is the initial one */
};

enum weft_config_flags {
	WEFT_CONFIG_MASQUERADE4 = 1 << 0,
	WEFT_CONFIG_MASQUERADE6 = 1 << 1,
	WEFT_CONFIG_SET_RETVAL = 1 << 2,    /* socket programs may call bpf_set_retval (6.1) */
	WEFT_CONFIG_ENCAP_BPF = 1 << 3,	    /* what is forwarded for services skips weft_vxlan */
	WEFT_CONFIG_HOST_FIREWALL = 1 << 4, /* the node itself may be under policy */
};

/* Switched while packets flow: the only element of map weft_runtime (mmapable array). */
struct weft_runtime {
	__u32 events;	   /* WEFT_EVENTS_* wanted from every endpoint and device */
	__u32 aggregation; /* enum weft_aggregation */
	__u32 capture_len; /* bytes of each packet copied into an event, at most WEFT_CAPTURE_MAX */
	__u32 endpoints_flagged; /* non-zero: some endpoint has an events mask of its own, so look
				  */
	__u32 watch; /* WEFT_EVENTS_* wanted of packets that a tracer follows; 0: nobody traces */
	__u32 pad;
};

#define WEFT_CAPTURE_MAX 256

enum weft_events {
	WEFT_EVENTS_DROP = 1 << 0,
	WEFT_EVENTS_DEBUG = 1 << 1,
	WEFT_EVENTS_TRACE = 1 << 2,
	WEFT_EVENTS_CAPTURE = 1 << 3,
	WEFT_EVENTS_POLICY = 1 << 4,
};

enum weft_aggregation {
	WEFT_AGGREGATION_NONE = 0,   /* every trace point of every packet */
	WEFT_AGGREGATION_LOW = 1,    /* no from-* points */
	WEFT_AGGREGATION_MEDIUM = 2, /* and one event a flow per new TCP flag or per 5 s */
};

/* --- endpoints, ipcache, nodes -------------------------------------------------------------------
 */

enum weft_endpoint_flags {
	WEFT_ENDPOINT_HOST = 1 << 0,   /* an address of this node itself; no device, no MACs */
	WEFT_ENDPOINT_POLICY = 1 << 1, /* it has a table in weft_policies */
	WEFT_ENDPOINT_AUDIT = 1 << 2,  /* what its table denies is told, and passes */
};

/* Value of weft_endpoints (key: struct weft_addr) and weft_devices (key: __u32 ifindex of the lxc
 * device). */
struct weft_endpoint {
	__u32 ifindex; /* host side of the veth pair, in the node's namespace */
	__u32 identity;
	__u16 id;
	__u16 flags;	    /* enum weft_endpoint_flags */
	__u32 events;	    /* WEFT_EVENTS_* wanted from this endpoint beyond weft_runtime.events */
	__u8 mac[6];	    /* of eth0 in the pod */
	__u8 node_mac[6];   /* of the lxc device: what the pod sees as its gateway's */
	__u32 policy_epoch; /* another one after each change that denies more: flows are judged
			       again */
	struct weft_addr ipv4; /* v4-mapped; all zero: none */
	struct weft_addr ipv6; /* all zero: none */
};

/* Key of weft_ipcache, an LPM trie. prefix_len counts bits of addr: an IPv4 /n is 96 + n. */
struct weft_ipcache_key {
	__u32 prefix_len;
	struct weft_addr addr;
};

struct weft_ipcache_value {
	__u32 identity;
	__be32 tunnel_endpoint; /* node to encapsulate to; 0: this node or not behind the overlay */
	__u32 flags;		/* enum weft_ipcache_flags */
	__u32 pad;
};

enum weft_ipcache_flags {
	WEFT_IPCACHE_SERVICE = 1 << 0, /* some service has this address: ask weft_services */
	WEFT_IPCACHE_NATIVE = 1 << 1,  /* reached with the pod's own address, never masqueraded */
};

/* Value of weft_nodes (key: struct weft_addr, the node's underlay address): the nodes that may send
 * to us. */
struct weft_node {
	__u32 identity; /* WEFT_IDENTITY_REMOTE_NODE, or _HOST for this node */
	__u16 id;	/* node number, for events; 0: none given */
	__u16 pad;
};

/* --- counters
 * -------------------------------------------------------------------------------------- */

enum weft_direction {
	WEFT_DIR_UNKNOWN = 0,
	WEFT_DIR_INGRESS = 1,
	WEFT_DIR_EGRESS = 2,
};

/* Value of weft_metrics, a per-CPU array indexed by reason << 2 | direction. */
struct weft_metric {
	__u64 packets;
	__u64 bytes;
};

/*
 * skb->mark between our programs on one node. Bits 8-11 say what the rest is; for _OVERLAY the low
 * 16 bits of the sender's identity are in bits 16-31 and the upper 8 in bits 0-7. Shared with
 * netfilter's users.
 */
enum weft_mark {
	WEFT_MARK_MASK = 0x0f00,
	WEFT_MARK_TRANSLATED = 0x0300, /* leaves as it is: no port is to be found for it */
	WEFT_MARK_OVERLAY = 0x0400,
};

_Static_assert(sizeof(struct weft_config) == 104, "weft_config");
_Static_assert(sizeof(struct weft_runtime) == 24, "weft_runtime");
_Static_assert(sizeof(struct weft_endpoint) == 64, "weft_endpoint");
_Static_assert(sizeof(struct weft_ipcache_key) == 20, "weft_ipcache_key");
_Static_assert(sizeof(struct weft_ipcache_value) == 16, "weft_ipcache_value");
_Static_assert(sizeof(struct weft_node) == 8, "weft_node");
_Static_assert(sizeof(struct weft_metric) == 16, "weft_metric");

#endif
