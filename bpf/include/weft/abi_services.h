/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Services: frontends, backends, and what sockets called; part of abi.h. */
#ifndef WEFT_ABI_SERVICES_H
#define WEFT_ABI_SERVICES_H

#include <weft/abi_addr.h>

/* --- services
 * ------------------------------------------------------------------------------------ */

/* Key of weft_services. addr all zero but for the family (::ffff:0.0.0.0 or ::): a NodePort, on
 * every address of a node. */
struct weft_service_key {
	struct weft_addr addr;
	__be16 port;
	__u8 proto; /* IPPROTO_TCP or _UDP */
	__u8 pad;
};

/* Who asks decides which backends may answer (traffic policies, readiness: all applied when the
 * list was written). */
enum weft_service_list {
	WEFT_SERVICE_INTERNAL = 0, /* pods and the node's processes */
	WEFT_SERVICE_EXTERNAL = 1, /* from outside, at the underlay's device */
	WEFT_SERVICE_LISTS = 2,
};

/*
 * Value of weft_services. The slots of a list are 0 to count - 1 of this generation; a change
 * writes the slots of another generation first, then this value whole, then takes away the old
 * slots, so that no packet sees half a list.
 */
struct weft_service {
	__u32 id;		/* of the frontend, never 0; unique on the node */
	__u32 affinity_timeout; /* seconds since last use; 0: no affinity */
	__u16 flags;		/* enum weft_service_flags */
	__u16 generation;
	__u16 count[2]; /* by enum weft_service_list; 0: refused at once */
};

enum weft_service_flags {
	WEFT_SERVICE_CLUSTER_ONLY = 1 << 0,  /* ClusterIP: not for the world */
	WEFT_SERVICE_SOURCE_RANGES = 1 << 1, /* from outside only for weft_source_ranges */
	WEFT_SERVICE_MAGLEV = 1 << 2, /* _EXTERNAL picks from weft_maglev instead of a slot */
	WEFT_SERVICE_DSR = 1 << 3,    /* a remote backend's node answers the client itself */
};

struct weft_service_slot_key {
	__u32 service_id;
	__u16 generation;
	__u8 list; /* enum weft_service_list */
	__u8 pad;
	__u32 slot;
};

/* Value of weft_service_slots is the backend's id. Value of weft_backends (key: id, never 0): a
 * backend stays while flows may have it, in a list or not; when its entry is gone, so are they. */
struct weft_backend {
	struct weft_addr addr;
	__be16 port;
	__u8 proto;
	__u8 pad;
};

/* Entries of an inner table of weft_maglev (key: service id, values: backend ids). */
#define WEFT_MAGLEV_SIZE 16381

/* Key of weft_affinity, LRU. */
struct weft_affinity_key {
	struct weft_addr client; /* or, by_cookie, a network namespace's cookie in the first two
				    words */
	__u32 service_id;
	__u8 by_cookie;
	__u8 pad[3];
};

struct weft_affinity {
	__u32 backend_id;
	__u32 used; /* CLOCK_MONOTONIC seconds */
};

/* Key of weft_source_ranges, an LPM trie (value: __u8, 1). prefix_len counts service_id too: an
 * IPv4 /n is 32 + 96 + n. */
struct weft_source_range_key {
	__u32 prefix_len;
	__u32 service_id;
	struct weft_addr addr;
};

/* Key of weft_sock_nat, LRU: what a socket called and got another address for. Also of
 * weft_sock_flows, LRU: the backend (value: its id) that an unconnected UDP socket keeps for a
 * frontend. */
struct weft_sock_nat_key {
	__u64 cookie;	       /* of the socket */
	struct weft_addr addr; /* of the backend; in weft_sock_flows of the frontend */
	__be16 port;
	__u8 pad[6];
};

struct weft_sock_nat_value {
	struct weft_addr front_addr;
	__be16 front_port;
	__u16 pad;
	__u32 service_id;
};

_Static_assert(sizeof(struct weft_service_key) == 20, "weft_service_key");
_Static_assert(sizeof(struct weft_service) == 16, "weft_service");
_Static_assert(sizeof(struct weft_service_slot_key) == 12, "weft_service_slot_key");
_Static_assert(sizeof(struct weft_backend) == 20, "weft_backend");
_Static_assert(sizeof(struct weft_affinity_key) == 24, "weft_affinity_key");
_Static_assert(sizeof(struct weft_affinity) == 8, "weft_affinity");
_Static_assert(sizeof(struct weft_source_range_key) == 24, "weft_source_range_key");
_Static_assert(sizeof(struct weft_sock_nat_key) == 32, "weft_sock_nat_key");
_Static_assert(sizeof(struct weft_sock_nat_value) == 24, "weft_sock_nat_value");

#endif
