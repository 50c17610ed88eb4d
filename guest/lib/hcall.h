/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercalls, and the memory shared with the hypervisor.
 */
#pragma once

#include "hv/abi/lguest.h"

/* Handed over before main() runs. */
extern struct lguest_data lguest_data;

/*
 * Make hypercall @number (HC_*). Arguments a call does not have are 0.
 * The barrier makes all memory the call may read or write current.
 */
static inline void hcall(uint32_t number, uint32_t arg1, uint32_t arg2,
			 uint32_t arg3, uint32_t arg4)
{
	__asm__ volatile("int %[vector]"
			 :
			 : [vector] "i"(HC_VECTOR), "a"(number), "b"(arg1),
			   "c"(arg2), "d"(arg3), "S"(arg4)
			 : "memory");
}
