/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a packet went no further. The numbers are those that users of Cilium know and are never
 * reused; the texts are in src/Weft.Abi (DropReason) and docs/reference/drop-reasons.md is
 * generated from there. A reason is listed once something counts or drops with it.
 */
#ifndef WEFT_REASONS_H
#define WEFT_REASONS_H

enum weft_reason {
	WEFT_FORWARDED = 0,
	WEFT_INTERFACE = 3, /* not a drop: seen on the underlay device, ours or not */
	WEFT_DROP_INVALID_SOURCE_MAC = 130,
	WEFT_DROP_INVALID_DESTINATION_MAC = 131,
	WEFT_DROP_INVALID_SOURCE_IP = 132,
	WEFT_DROP_INVALID_PACKET = 134,
	WEFT_DROP_CT_INVALID_HEADER = 135,
	WEFT_DROP_FRAGMENTATION_NEEDED = 136,
	WEFT_DROP_CT_UNKNOWN_PROTOCOL = 137,
	WEFT_DROP_UNSUPPORTED_L3 = 139,
	WEFT_DROP_WRITE_ERROR = 141,
	WEFT_DROP_NO_TUNNEL_KEY = 147,
	WEFT_DROP_UNKNOWN_L3_TARGET = 150,
	WEFT_DROP_NO_LOCAL_ENDPOINT = 152,
	WEFT_DROP_CT_INSERT_FAILED = 155,
	WEFT_DROP_NO_TUNNEL_ENDPOINT = 160,
	WEFT_DROP_NO_CONFIG = 165,
	WEFT_DROP_UNSUPPORTED_L2 = 166,
	WEFT_DROP_ENCAP_PROHIBITED = 170,
	WEFT_DROP_INVALID_IDENTITY = 171,
	WEFT_DROP_UNKNOWN_SENDER = 172,
	WEFT_DROP_FIRST_FRAGMENT_MISSING = 175,
	WEFT_DROP_TTL_EXCEEDED = 196,
};

#endif
