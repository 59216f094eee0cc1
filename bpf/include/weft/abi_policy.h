/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who may speak to whom: the tables of endpoints, and what they say; part of abi.h. */
#ifndef WEFT_ABI_POLICY_H
#define WEFT_ABI_POLICY_H

#include <weft/abi_addr.h>

/*
 * Key of an endpoint's table, the inner map that weft_policies has for its id. The value (__u32)
 * is the number of a set of rules.
 */
struct weft_policy_key {
	__u32 identity; /* of the peer; 0: whoever it is */
	__u8 direction; /* enum weft_direction, from the endpoint's side */
	__u8 pad[3];
};

/*
 * Key of weft_policy_rules, an LPM trie: what a set says of a protocol and port. Nothing in a set
 * is ever changed, so one lookup of its number leads to all of it or to none.
 */
struct weft_policy_rule_key {
	__u32 prefix_len; /* enum weft_policy_bits, and up to 16 of the port */
	__u32 set;
	__u8 proto; /* IPPROTO_* */
	__u8 pad;
	__be16 port; /* the receiver's; of ICMP the type */
};

enum weft_policy_bits {
	WEFT_POLICY_ANY_PROTOCOL = 32, /* the set's number only */
	WEFT_POLICY_ANY_PORT = 48,
	WEFT_POLICY_ONE_PORT = 64,
};

/* The set of an endpoint that is under policy and has nothing that holds for everybody. */
#define WEFT_POLICY_NOTHING 0

struct weft_policy_rule {
	__u32 rule;  /* number that the agent knows the rule by; 0: it follows from none */
	__u8 deny;   /* 0: allowed */
	__u8 narrow; /* bits of protocol and port that count, 0 to 24: which of two matches decides
		      */
	__u16 pad;
};

enum weft_policy_verdict {
	WEFT_POLICY_ALLOWED = 0,
	WEFT_POLICY_DENIED_BY_DEFAULT = 1, /* no rule speaks of it */
	WEFT_POLICY_DENIED_BY_RULE = 2,
};

enum weft_policy_flags {
	WEFT_POLICY_AUDIT = 1 << 0,	/* denied, and let pass: the endpoint is audited */
	WEFT_POLICY_ANYBODY = 1 << 1,	/* what decided holds for any peer */
	WEFT_POLICY_REVISED = 1 << 2,	/* the flow was there before the policy changed */
	WEFT_POLICY_BY_NOBODY = 1 << 3, /* nothing matched */
};

_Static_assert(sizeof(struct weft_policy_key) == 8, "weft_policy_key");
_Static_assert(sizeof(struct weft_policy_rule_key) == 12, "weft_policy_rule_key");
_Static_assert(sizeof(struct weft_policy_rule) == 8, "weft_policy_rule");

#endif
