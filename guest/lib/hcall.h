/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercalls, and the memory shared with the hypervisor.
 */
#pragma once

#include <stdbool.h>

#include "hv/abi/lguest.h"

/* Handed over before the guest's C code runs. */
extern struct lguest_data lguest_data;

/*
 * Guest-physical address of something in the image, or in RAM that is mapped
 * beside it in the same order. The linker script tells the distance.
 */
extern const char sdk_image_offset[];
static inline uint32_t sdk_pa(const volatile void *p)
{
	return (uint32_t)((uintptr_t)p - (uintptr_t)sdk_image_offset);
}

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

/*
 * The same, but not before hcall_sync(): many calls for the price of one.
 * They are made in order, and before any later hcall(). With interrupts
 * closed, or where no interrupt makes calls.
 */
void hcall_lazy(uint32_t number, uint32_t arg1, uint32_t arg2, uint32_t arg3,
		uint32_t arg4);
void hcall_sync(void);

/* HC_SHUTDOWN with @text, of which 127 bytes count; SHUTDOWN_*. */
void hcall_shutdown(const char *text, uint32_t reason)
	__attribute__((noreturn));
/* End by a crash: a trap without a gate, of which the hypervisor reports. */
void hcall_crash(void) __attribute__((noreturn));
