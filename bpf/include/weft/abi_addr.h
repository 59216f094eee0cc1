/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The one form of an address; part of abi.h. */
#ifndef WEFT_ABI_ADDR_H
#define WEFT_ABI_ADDR_H

#include <linux/types.h>

struct weft_addr {
	__be32 word[4];
};

#endif
