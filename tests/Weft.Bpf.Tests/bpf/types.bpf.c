/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Types for the BTF reader; the variable keeps them in the object. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum colour { COLOUR_RED = 1, COLOUR_GREEN = 2, COLOUR_BLUE = 0x80000000u };
enum depth { DEPTH_BELOW = -5, DEPTH_ABOVE = 5 };
enum huge { HUGE_ONE = 1, HUGE_ALL = 0xffffffffffffffffull };

struct inner {
	__u16 a;
	__u8 b[6];
};

typedef const volatile struct inner inner_alias;

struct outer {
	__u8 first;
	__u32 second;
	__u32 low : 3;
	__u32 high : 13;
	inner_alias nested;
	struct inner many[3];
	struct outer *next;
	union {
		__u64 whole;
		__u32 halves[2];
	};
	enum colour colour;
	enum depth depth;
};

const volatile struct outer everything;
const volatile enum huge huge = HUGE_ONE;

SEC("tc")
int use(struct __sk_buff *skb)
{
	return everything.second + (int)huge;
}

char _license[] SEC("license") = "Dual BSD/GPL";
