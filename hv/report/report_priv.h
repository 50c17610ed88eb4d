/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections of a crash report. Only for hv/report. Each prints a heading
 * and lines indented by two.
 */
#pragma once

#include "hv/report/guest_symbols.h"

/* access.c: what the guest attempted, and the most likely cause. */
void report_access(const struct guest_symbols *s);

/* The address of the last trap if it was a page fault, else false. */
bool report_fault_address(const struct guest *g, u32 *va);

/* trace.c: where the guest was called from. */
void report_trace(const struct guest_symbols *s);

/*
 * The lowest word of the stack that can be read. After an overflow ESP may
 * point into the page below it. Returns false when there is none.
 */
bool report_stack_start(const struct guest *g, u32 *va);

/* registers.c */
void report_registers(const struct guest *g);
void report_control(const struct guest *g);

/* dump.c: bytes at EIP, words at ESP. */
void report_code(const struct guest *g);
void report_stack(const struct guest *g);

/* walk.c: the translation of the addresses that matter. */
void report_walks(const struct guest *g);

/* linux.c: the end of a Linux kernel's log. */
void report_log(const struct guest_symbols *s);

/* last_exits.c: the last exits and hypercalls, and the number of them all. */
void report_last_exits(const struct guest_symbols *s);
void report_counts(const struct guest *g);
