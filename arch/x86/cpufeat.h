/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the processor can do, and the control state it runs with.
 */
#pragma once

#include "hv/lib/types.h"

struct cpu_features {
	char vendor[13];
	char name[49]; /* brand string, or "" */
	u32 family, model, stepping;
	bool has_nx;
	bool has_sysenter;
	bool has_pse;
	bool has_mce;
	bool has_apic;
	bool has_sse;
	bool has_hypervisor; /* we run under another hypervisor */
	bool tsc_varies;     /* as far as the processor tells */
	u32 phys_bits;	     /* width of a host-physical address */
};

/* By CPUID. boot/early.c has checked that all that Umbra requires is there. */
void cpufeat_detect(struct cpu_features *f);

/*
 * Set CR0, CR4, EFER and the system-call MSRs to the values of both worlds
 * (lguest ABI 4.7). Paging is still off; mm/hvmap.c turns it on.
 */
void cpufeat_enable(const struct cpu_features *f);
