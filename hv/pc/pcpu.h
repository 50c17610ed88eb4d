/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One physical processor: the frames of its Switcher window, and whose state
 * it holds.
 */
#pragma once

#include "mm/shadow.h"

struct vcpu;

struct pcpu {
	struct sh_switcher switcher;
	struct vcpu *current; /* set by hv/vmm/vcpu.c; may be NULL */
};

/*
 * Take the Switcher's pages, map them in the hypervisor's tables and load
 * this processor's descriptor tables from there. Paging is on. Panics when
 * there is no memory.
 */
void pcpu_init(struct pcpu *p, struct pfa *pfa);
