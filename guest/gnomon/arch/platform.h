/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between a guest of Umbra and the bare machine.
 *
 * The kernel speaks to either by hypercalls (hv/abi/hypercall.h): the bare
 * machine's side of them is the kernel's own, in platform_native.c. Chosen
 * once, by the entry point through which the kernel was started. Everything
 * runs with interrupts closed unless said otherwise.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hv/abi/hypercall.h"

/* Interrupt lines: vector IRQ_VECTOR + line. */
#define IRQ_LINES 32
#define IRQ_TIMER 0

#define NS_PER_SEC 1000000000u

struct platform {
	const char *name; /* "umbra", "native" */

	/*
	 * When segments and gates are told. Afterwards lguest_data has the
	 * clock's rate and the time, paging_has_nx is known.
	 */
	void (*init)(const char *cmdline);

	/*
	 * One of HC_*, now or later: hcall_sync() is when at the latest, and
	 * the way to ring 3 does that by itself.
	 */
	void (*call)(uint32_t number, uint32_t arg1, uint32_t arg2,
		     uint32_t arg3, uint32_t arg4);
	uint32_t (*fault_address)(void);
	void (*irq_unmask)(uint32_t line);

	/* Work from the first instruction on. NULL: no input but a driver's. */
	void (*write)(const char *bytes, uint32_t n);
	uint32_t (*read)(char *to, uint32_t n);

	/* To the hypervisor, so far, modulo 2^32. NULL: there is none. */
	uint32_t (*exits)(void);

	/* SHUTDOWN_* */
	void (*shutdown)(const char *text, uint32_t reason)
		__attribute__((noreturn));
	/* After a panic, which was printed. */
	void (*crash)(void) __attribute__((noreturn));
};

extern const struct platform *platform;
extern const struct platform platform_pv, platform_native;

/* Entries may forbid execution (paging_is_pae: guest/lib/paging.h). */
extern bool paging_has_nx;

/* --- platform.c: the same on both --- */

/* Gates, segments, clock: before anything else. */
/* @syscall_entry: the gate of system calls. */
void platform_init(const char *cmdline, const void *syscall_entry);

uint64_t platform_now(void);  /* ns since boot, never backwards */
uint64_t platform_wall(void); /* ns since 1970 */
void platform_set_wall(uint64_t ns);
/*
 * One shot, @ns from now; an earlier one is forgotten. It may come early,
 * then whoever gets it sets it again.
 */
void platform_set_timer(uint64_t ns);

/* The task that runs: its stack for traps, its thread areas. */
void platform_set_stack(uint32_t top);
void platform_load_tls(const uint64_t tls[3]);

/* Open interrupts, sleep until one was served, close them. */
void platform_idle(void);
/* Serve interrupts that are waiting, at a place that can bear it. */
void platform_serve_irqs(void);
