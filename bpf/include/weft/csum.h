/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Internet checksums (RFC 1071), sums in the form of bpf_csum_diff(). */
#ifndef WEFT_CSUM_H
#define WEFT_CSUM_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

/* The sum of 16-bit words, folded, complemented. */
static __always_inline __u16 weft_csum_fold(__s64 sum)
{
	sum = (sum & 0xffff) + ((sum >> 16) & 0xffff);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static __always_inline __s64 weft_csum_add(__s64 sum, __u32 more)
{
	sum = (sum & 0xffffffff) + more;
	return (sum & 0xffffffff) + (sum >> 32);
}

#endif
