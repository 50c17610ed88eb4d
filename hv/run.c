/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run loop, the one place from which a guest is entered and the one
 * place that notices its end.
 *
 * Next: arch/x86/switch.S, hv/exit.c.
 */
#include "hv/run.h"

#include "hv/exit.h"

void run_guest(struct guest *g)
{
	struct vcpu *v = &g->vcpu;

	while (g->end == GUEST_RUNS) {
		exit_serve(v, switch_to_guest(v->cr3));
	}
}
