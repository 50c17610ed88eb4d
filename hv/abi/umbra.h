/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Umbra offers beyond the lguest ABI.
 *
 * HC_UMBRA_QUERY, arg1 = address of a struct umbra_info or 0: returns
 * UMBRA_VERSION in EAX, the one call that changes a register (not when it
 * is made through the ring), and fills the structure. On another hypervisor
 * the number is unknown and ends the guest.
 * Rules: lguest ABI 12.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "hv/abi/hypercall.h"

#define UMBRA_MAGIC   0x72626d55u /* "Umbr" */
#define UMBRA_VERSION 1u

/* Bits of umbra_info.features. */
#define UMBRA_FEATURE_PAE     0x1u /* both table formats */
#define UMBRA_FEATURE_NX      0x2u /* entries may forbid execution */
#define UMBRA_FEATURE_SYSCALL 0x4u /* vector 0x80 is delivered directly */

struct umbra_info {
	uint32_t magic;
	uint32_t version;
	uint32_t features;
	uint32_t exits; /* so far, this one included; modulo 2^32 */
};

_Static_assert(sizeof(struct umbra_info) == 16, "ABI: umbra_info");
_Static_assert(offsetof(struct umbra_info, features) == 8, "ABI: umbra_info");
