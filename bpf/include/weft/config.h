/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the agent fixes when it loads an object. The kernel freezes the map before it verifies the
 * programs, so each field is a constant to the verifier and code that it rules out vanishes.
 */
#ifndef WEFT_CONFIG_H
#define WEFT_CONFIG_H

#include <weft/abi.h>

const volatile struct weft_config weft_config;

#endif
