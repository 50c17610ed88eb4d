/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A processor's page walk in PAE format, over the fake machine's memory:
 * CR0.WP = 1, CR4.SMEP = SMAP = 0, EFER.NXE as told. Written from SDM 3A 4.4
 * "PAE Paging", 4.6 "Access Rights", 4.7 "Page-Fault Exceptions" and 4.8
 * "Accessed and Dirty Flags". There is no TLB: what Umbra relies on is that
 * each entry to the guest loads CR3.
 */
#pragma once

#include "mm/addr.h"

/* What the processor does with an access. */
struct cpu_walk {
	bool is_ok;
	u32 error; /* not ok: the page-fault error code */
	u64 leaf;  /* ok: the entry that maps the page, with A and D set */
	bool is_writable, is_user, is_executable;
};

/*
 * Access @va, with the kind given by the error code bits PFEC_W, PFEC_U and
 * PFEC_I, by the tables at @cr3. An allowed access sets accessed and dirty.
 */
struct cpu_walk cpu_walk(u32 cr3, u32 va, u32 kind, bool has_nx);

/* The leaf for @va, whatever its rights; 0: none. Sets nothing. */
struct cpu_walk cpu_look(u32 cr3, u32 va, bool has_nx);
