/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Addresses in their one 16-byte form (abi.h). */
#ifndef WEFT_ADDR_H
#define WEFT_ADDR_H

#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <weft/abi.h>

#define WEFT_ADDR_BITS 128

static __always_inline void weft_addr_set4(struct weft_addr *addr, __be32 ip)
{
	addr->word[0] = 0;
	addr->word[1] = 0;
	addr->word[2] = bpf_htonl(0xffff);
	addr->word[3] = ip;
}

static __always_inline bool weft_addr_is4(const struct weft_addr *addr)
{
	return !addr->word[0] && !addr->word[1] && addr->word[2] == bpf_htonl(0xffff);
}

static __always_inline bool weft_addr_is_none(const struct weft_addr *addr)
{
	return !(addr->word[0] | addr->word[1] | addr->word[2] | addr->word[3]);
}

static __always_inline bool weft_addr_is_loopback(const struct weft_addr *addr)
{
	if (weft_addr_is4(addr))
		return *(const __u8 *)&addr->word[3] == 127;
	return !(addr->word[0] | addr->word[1] | addr->word[2]) && addr->word[3] == bpf_htonl(1);
}

static __always_inline bool weft_addr_equal(const struct weft_addr *a, const struct weft_addr *b)
{
	return a->word[3] == b->word[3] && a->word[2] == b->word[2] && a->word[1] == b->word[1] &&
	       a->word[0] == b->word[0];
}

#endif
