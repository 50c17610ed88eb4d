/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct lguest_data: the memory a guest shares with the hypervisor.
 *
 * The guest names it once, in HC_LGUEST_INIT. It is the layout of guests from
 * 4.0 on: one address where no interrupt may be pushed, not a window. It may
 * lie anywhere in RAM and straddle pages. Both sides write, so the hypervisor
 * reads a field once and believes nothing it finds here.
 *
 * Rules: lguest ABI 2.3, 3.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "hv/abi/hypercall.h"

/* The bit of irq_enabled and irq_pending that counts, as in EFLAGS. */
#define LGUEST_IF 0x200u

struct lguest_hcall {
	uint32_t number;
	uint32_t arg1;
	uint32_t arg2;
	uint32_t arg3;
	uint32_t arg4;
};

struct lguest_data {
	/* Virtual interrupt flag. May hold a whole EFLAGS image. */
	uint32_t irq_enabled;
	/* Set bit n: interrupt n stays pending. */
	uint32_t blocked_interrupts;
	/* Address of the last page fault that was reflected. */
	uint32_t cr2;
	/* Wall clock. */
	uint32_t time_sec;
	uint32_t time_nsec;
	/* LGUEST_IF while an interrupt waits for irq_enabled. */
	uint32_t irq_pending;

	/* Calls to make at the next hypercall, oldest first. */
	uint8_t hcall_status[HC_RING_SLOTS];
	struct lguest_hcall hcalls[HC_RING_SLOTS];

	/* Written at HC_LGUEST_INIT: bytes to stay clear of below 4 GiB... */
	uint32_t reserve_mem;
	/* ...and the rate of rdtsc, 0 when it cannot be trusted. */
	uint32_t tsc_khz;

	/* Read at HC_LGUEST_INIT: virtual address of the iret... */
	uint32_t noirq_iret;
	/* ...of the kernel's start, and its system-call vector. */
	uint32_t kernel_address;
	uint32_t syscall_vec;
};

#define LGUEST_DATA_AT(field, offset)                                   \
	_Static_assert(offsetof(struct lguest_data, field) == (offset), \
		       "ABI: lguest_data." #field)

LGUEST_DATA_AT(irq_enabled, 0x000);
LGUEST_DATA_AT(blocked_interrupts, 0x004);
LGUEST_DATA_AT(cr2, 0x008);
LGUEST_DATA_AT(time_sec, 0x00c);
LGUEST_DATA_AT(time_nsec, 0x010);
LGUEST_DATA_AT(irq_pending, 0x014);
LGUEST_DATA_AT(hcall_status, 0x018);
LGUEST_DATA_AT(hcalls, 0x058);
LGUEST_DATA_AT(reserve_mem, 0x558);
LGUEST_DATA_AT(tsc_khz, 0x55c);
LGUEST_DATA_AT(noirq_iret, 0x560);
LGUEST_DATA_AT(kernel_address, 0x564);
LGUEST_DATA_AT(syscall_vec, 0x568);
_Static_assert(sizeof(struct lguest_data) == 1388, "ABI: lguest_data");
_Static_assert(sizeof(struct lguest_hcall) == 20, "ABI: lguest_hcall");

#undef LGUEST_DATA_AT

/* The same in guests up to 3.19: a window of addresses in place of one. */
struct lguest_data_old {
	uint8_t same[0x560];
	/* No interrupt from here on... */
	uint32_t noirq_start;
	/* ...up to and without this address, one byte behind the iret. */
	uint32_t noirq_end;
	uint32_t kernel_address;
	uint32_t syscall_vec;
};

_Static_assert(offsetof(struct lguest_data_old, kernel_address) == 0x568,
	       "ABI: lguest_data_old.kernel_address");
_Static_assert(sizeof(struct lguest_data_old) == 1392, "ABI: lguest_data_old");
