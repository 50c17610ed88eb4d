/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Introduction and farewell: LGUEST_INIT and SHUTDOWN.
 *
 * Rules: lguest ABI 2.4, 7.
 */
#include <string.h>

#include "arch/x86/cpu.h"
#include "arch/x86/layout.h"
#include "hv/hc.h"
#include "hv/lib/log.h"
#include "mm/gaccess.h"
#include "mm/hvmap.h"

/* Map the frames behind [@a, @a + size) at two pages of our own. */
static volatile struct lguest_data *map_area(struct guest *g, gpa_t a)
{
	gpa_t last = gpa_add(a, sizeof(struct lguest_data) - 1);
	mfn_t frames[2] = { INVALID_mfn, INVALID_mfn };

	if (p2m_lookup(&g->p2m, gpa_to_gfn(a), &frames[0]) != P2M_RAM ||
	    p2m_lookup(&g->p2m, gpa_to_gfn(last), &frames[1]) != P2M_RAM) {
		return NULL;
	}
	hvmap_repin(g->lg_window, frames, ARRAY_SIZE(frames));
	return (void *)((u8 *)g->lg_window + gpa_offset(a));
}

void hc_init(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;
	gpa_t area = mk_gpa(a->arg[0]);
	volatile struct lguest_data *lg;
	u32 syscall_vec, kernel_address;

	if (g->lg) {
		guest_kill(g, "second LGUEST_INIT");
		return;
	}
	if (!gaccess_is_ram(&g->p2m, area, sizeof(struct lguest_data))) {
		guest_kill(g, "lguest_data at 0x%08x is not all in RAM",
			   a->arg[0]);
		return;
	}
	lg = map_area(g, area);
	syscall_vec = lg->syscall_vec;
	kernel_address = lg->kernel_address;
	if (syscall_vec != X86_VEC_SYSCALL) {
		guest_kill(g, "system-call vector 0x%x is not 0x%x",
			   syscall_vec, X86_VEC_SYSCALL);
		return;
	}
	if (kernel_address >= SWITCH_BASE) {
		guest_kill(g, "kernel address 0x%08x is in the reserved area",
			   kernel_address);
		return;
	}
	if (sh_set_kernel(&g->shadow, mk_gva(kernel_address))) {
		guest_kill(g, "no memory for the kernel's shadow tables");
		return;
	}
	/* 0: the time-stamp counter has not been calibrated. */
	lg->tsc_khz = 0;
	lg->reserve_mem = RESERVE_MEM;
	g->lg = lg;
	g->ring_next = 0;
	log_debug("guest: LGUEST_INIT, lguest_data at 0x%08x, kernel at 0x%08x",
		  a->arg[0], kernel_address);
}

void hc_shutdown(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;
	char text[HC_SHUTDOWN_TEXT];
	bool is_restart = a->arg[1] == SHUTDOWN_RESTART;

	if (gaccess_read(&g->p2m, text, mk_gpa(a->arg[0]), sizeof(text))) {
		/* A plain reboot passes no readable text. */
		if (!is_restart) {
			guest_kill(g, "SHUTDOWN text at 0x%08x is not in RAM",
				   a->arg[0]);
			return;
		}
		text[0] = '\0';
	}
	text[sizeof(text) - 1] = '\0';
	log_escape(g->end_text, sizeof(g->end_text), text, sizeof(text));
	g->end = is_restart ? GUEST_RESTART : GUEST_OFF;
}

/*
 * The virtual CR0.TS is the real one: the hypervisor never uses the FPU, so
 * it can stay as the guest wants it all the time.
 */
void hc_ts(struct vcpu *v, const struct hcall_args *a)
{
	u32 cr0 = read_cr0();

	(void)v;
	write_cr0(a->arg[0] ? cr0 | CR0_TS : cr0 & ~(u32)CR0_TS);
}
