/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the agent fixes when it loads an object. The kernel freezes the map before it verifies the
 * programs, so each field is a constant to the verifier and code that it rules out vanishes.
 */
#ifndef WEFT_CONFIG_H
#define WEFT_CONFIG_H

#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <weft/abi.h>

const volatile struct weft_config weft_config;

/*
 * The addresses of the node and of its pods' router, by family. Copies: read through a pointer that
 * is not volatile they would be the zeros that the object was compiled with.
 */
static __always_inline struct weft_addr weft_config_node(bool ipv6)
{
	return ipv6 ? weft_config.node_addr6 : weft_config.node_addr;
}

static __always_inline struct weft_addr weft_config_router(bool ipv6)
{
	return ipv6 ? weft_config.router_addr6 : weft_config.router_addr;
}

#endif
