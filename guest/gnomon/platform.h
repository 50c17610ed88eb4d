/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between a guest of Umbra and the bare machine.
 *
 * Chosen once, by the entry point through which the kernel was started.
 * Everything runs with interrupts closed unless said otherwise. "pa" are
 * physical addresses: guest-physical on Umbra.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Interrupt lines: vector IRQ_VECTOR + line. */
#define IRQ_LINES 32
#define IRQ_TIMER 0

struct platform {
	const char *name; /* "umbra", "native" */
	bool is_pv;
	/* Can PAE entries forbid execution? Known after init(). */
	bool (*has_nx)(void);

	/* Set up gates, segments, TSS; before anything else. */
	void (*init)(const char *cmdline);

	/* The stack for traps out of ring 3. */
	void (*set_kernel_stack)(uint32_t top);
	void (*load_tls)(const uint64_t tls[3]);
	uint32_t (*fault_address)(void);

	/*
	 * Page tables. Entries were changed in memory already; these tell
	 * who must know. They may be deferred until mmu_sync(), which the
	 * way to ring 3 does by itself. @root is the pa of a top-level table.
	 */
	void (*set_root)(uint32_t root);
	void (*pte_changed)(uint32_t root, uint32_t va, uint64_t pte);
	/* Directory entry @index; PAE: of directory @dir, else of the root. */
	void (*pde_changed)(uint32_t root, uint32_t dir, uint32_t index);
	void (*flush_user)(void);   /* the current root, user half */
	void (*flush_kernel)(void); /* everything */
	void (*mmu_sync)(void);

	/*
	 * One shot, @ns from now; an earlier one is forgotten; 0: none. It
	 * may come early, then whoever gets it sets it again.
	 */
	void (*set_timer)(uint64_t ns);
	uint64_t (*now)(void);	/* ns since boot, never backwards */
	uint64_t (*wall)(void); /* ns since 1970 */

	void (*irq_unmask)(uint32_t line);
	/* End of interrupt. False: there was none, it was noise. */
	bool (*irq_done)(uint32_t line);
	/* Open interrupts, sleep until one was served, close them. */
	void (*idle)(void);
	/* Serve interrupts that are waiting, at a place that can bear it. */
	void (*serve_irqs)(void);

	void (*putc)(char c); /* works from the first instruction on */
	/* Input without a driver, or -1. */
	int (*getc)(void);

	/* To the hypervisor, so far, modulo 2^32. NULL: there is none. */
	uint32_t (*exits)(void);

	void (*power_off)(const char *text) __attribute__((noreturn));
	void (*restart)(const char *text) __attribute__((noreturn));
	/* After a panic, which was printed. */
	void (*crash)(const char *text) __attribute__((noreturn));
};

extern const struct platform *platform;
extern const struct platform platform_pv, platform_native;
