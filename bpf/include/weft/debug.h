/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Debug messages and capture points: numbers and what their arguments mean. The one schema of both
 * sides: src/Weft.Abi mirrors the numbers (compared through BTF by tests/Weft.Abi.Tests) and
 * src/Weft.Events has the texts (docs/reference/events.md is generated from them). Numbers and
 * texts are those that users of Cilium know.
 *
 * Arguments named addr are __be32 as in the packet. Everything else is host order, ports too.
 */
#ifndef WEFT_DEBUG_NUMBERS_H
#define WEFT_DEBUG_NUMBERS_H

enum weft_debug {
	WEFT_DEBUG_LOCAL_DELIVERY = 2,	 /* endpoint id, sender's identity */
	WEFT_DEBUG_ENCAPSULATE = 3,	 /* node (10.0.0.1 is 0x0a000001), sender's identity */
	WEFT_DEBUG_CT_FOUND = 8,	 /* when the entry expires, revnat */
	WEFT_DEBUG_ND_SOLICITATION = 13, /* first word and last word of the address */
	WEFT_DEBUG_CT_VERDICT = 15,	 /* enum weft_ct_state, revnat */
	WEFT_DEBUG_DECAPSULATE = 16,	 /* VNI, flow label */
	WEFT_DEBUG_NAT_PORT = 17,	 /* port before, after */
	WEFT_DEBUG_TO_HOST = 19,	 /* 1: policy is not asked */
	WEFT_DEBUG_SERVICE_LOOKUP = 30,	 /* addr, port */
	WEFT_DEBUG_SERVICE_UNKNOWN = 31,
	WEFT_DEBUG_SERVICE_BACKEND = 33, /* addr of the backend, its port */
	WEFT_DEBUG_BACKEND_UNKNOWN = 35, /* backend id */
	WEFT_DEBUG_REVERSE_NAT = 37,	 /* addr that the packet comes from now, port */
	WEFT_DEBUG_CT_LOOKUP_ADDRS = 48, /* source addr, dest addr, dest port << 16 | source port */
	WEFT_DEBUG_CT_LOOKUP_PROTO = 49, /* IPPROTO_*, 1 leaves the endpoint or 0 arrives */
	WEFT_DEBUG_CT_CREATE = 50, /* proxy port << 16 | revnat, sender's identity, service addr */
	WEFT_DEBUG_IPCACHE_MISS = 56, /* addr */
	WEFT_DEBUG_IPCACHE_HIT = 58,  /* addr, identity */
};

/* Where a capture event was taken; arg1 is the ifindex. */
enum weft_capture {
	WEFT_CAPTURE_DELIVERY = 4,
};

#endif
