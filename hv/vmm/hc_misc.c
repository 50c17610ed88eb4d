/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Introduction and farewell, LGUEST_INIT and SHUTDOWN; and the short calls:
 * TS, SET_CLOCKEVENT, HALT.
 *
 * Rules: lguest ABI 2.4, 3, 4.8, 5.5, 5.6, 7, 12.
 */
#include <string.h>

#include "arch/x86/clock.h"
#include "arch/x86/layout.h"
#include "hv/abi/umbra.h"
#include "hv/lib/log.h"
#include "hv/vmm/hc.h"
#include "hv/vmm/syscall.h"
#include "mm/gaccess.h"
#include "mm/hvmap.h"

/* Map the frames behind [@a, @a + size) at two pages of our own. */
static volatile struct lguest_data *map_area(struct guest *g, gpa_t a)
{
	gpa_t last = gpa_add(a, sizeof(struct lguest_data_old) - 1);
	mfn_t frames[2] = { INVALID_mfn, INVALID_mfn };

	if (p2m_lookup(&g->p2m, gpa_to_gfn(a), &frames[0]) != P2M_RAM ||
	    p2m_lookup(&g->p2m, gpa_to_gfn(last), &frames[1]) != P2M_RAM) {
		/* Past the end of RAM; a new layout may end before. */
		frames[1] = frames[0];
	}
	hvmap_repin(g->lg_window, frames, ARRAY_SIZE(frames));
	return (void *)((u8 *)g->lg_window + gpa_offset(a));
}

/*
 * Guests up to 3.19 have one more field in front of the last two. There is
 * no version number; a kernel address is never as small as a vector.
 */
static bool is_old_layout(const volatile struct lguest_data *lg)
{
	return lg->syscall_vec >= X86_VECTORS;
}

/* The fields that differ, each read once. */
static void read_layout(struct guest *g, const volatile struct lguest_data *lg,
			u32 *kernel_address, u32 *syscall_vec)
{
	const volatile struct lguest_data_old *old =
		(const volatile struct lguest_data_old *)lg;

	if (g->is_old_layout) {
		g->noirq_start = old->noirq_start;
		g->noirq_iret = old->noirq_end - 1;
		*kernel_address = old->kernel_address;
		*syscall_vec = old->syscall_vec;
	} else {
		g->noirq_start = g->noirq_iret = lg->noirq_iret;
		*kernel_address = lg->kernel_address;
		*syscall_vec = lg->syscall_vec;
	}
}

static bool is_area_in_ram(struct guest *g, gpa_t area, u32 size)
{
	if (gaccess_is_ram(&g->p2m, area, size)) {
		return true;
	}
	guest_kill(g, "lguest_data at 0x%08x is not all in RAM",
		   (u32)gpa_raw(area));
	return false;
}

/*
 * The frames behind the area are written by way of the window here and of
 * the one that a system-call gate opens (hv/vmm/syscall.c). A guest may use
 * them as tables all the same.
 */
static void share_area(struct guest *g, gpa_t area, u32 size)
{
	gfn_t first = gpa_to_gfn(area);
	gfn_t last = gpa_to_gfn(gpa_add(area, size - 1));

	sh_share(&g->shadow, first);
	if (!gfn_eq(last, first)) {
		sh_share(&g->shadow, last);
	}
}

/* What the hypervisor tells the guest. */
static void fill_area(volatile struct lguest_data *lg)
{
	u32 sec, nsec;

	clock_wall(&sec, &nsec);
	lg->time_sec = sec;
	lg->time_nsec = nsec;
	lg->tsc_khz = clock_tsc_khz();
	lg->reserve_mem = RESERVE_MEM;
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
	if (!is_area_in_ram(g, area, sizeof(struct lguest_data))) {
		return;
	}
	lg = map_area(g, area);
	g->is_old_layout = is_old_layout(lg);
	if (g->is_old_layout &&
	    !is_area_in_ram(g, area, sizeof(struct lguest_data_old))) {
		return;
	}
	read_layout(g, lg, &kernel_address, &syscall_vec);
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
	if (g->is_old_layout) {
		p2m_limit(&g->p2m, g->p2m.all_frames);
		devices_use_old_bus(&g->board.devices, mk_gfn(g->mem_frames));
	}
	share_area(g, area,
		   g->is_old_layout ? sizeof(struct lguest_data_old)
				    : sizeof(struct lguest_data));
	fill_area(lg);
	g->lg = lg;
	g->ring_next = 0;
	syscall_init(v, area);
	log_debug("guest: LGUEST_INIT, %s lguest_data at 0x%08x, kernel at "
		  "0x%08x",
		  g->is_old_layout ? "old" : "new", a->arg[0], kernel_address);
}

void hc_notify(struct vcpu *v, const struct hcall_args *a)
{
	board_notify(&v->guest->board, mk_gpa(a->arg[0]));
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
		strcpy(text, "(no text)");
	}
	text[sizeof(text) - 1] = '\0';
	log_escape(g->end_text, sizeof(g->end_text), text, sizeof(text));
	g->end = is_restart ? GUEST_RESTART : GUEST_OFF;
}

void hc_ts(struct vcpu *v, const struct hcall_args *a)
{
	vcpu_set_ts(v, a->arg[0] != 0);
}

void hc_set_clockevent(struct vcpu *v, const struct hcall_args *a)
{
	vtime_set(&v->guest->time, a->arg[0]);
}

/* The run loop sleeps, unless something is already due. */
void hc_halt(struct vcpu *v, const struct hcall_args *a)
{
	(void)a;
	v->is_halted = true;
}

/* Umbra's own: who is there, and what can it do? */
void hc_query(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;
	const struct umbra_info info = {
		.magic = UMBRA_MAGIC,
		.version = UMBRA_VERSION,
		.features = UMBRA_FEATURE_PAE |
			    (g->mmu.allows_nx ? UMBRA_FEATURE_NX : 0) |
			    (v->has_trampoline ? UMBRA_FEATURE_SYSCALL : 0),
		.exits = (u32)stats_exits(&g->stats),
	};

	if (a->arg[0] &&
	    gaccess_write(&g->p2m, mk_gpa(a->arg[0]), &info, sizeof(info))) {
		guest_kill(g, "umbra_info at 0x%08x is not in RAM", a->arg[0]);
		return;
	}
	if (!a->is_deferred) {
		v->regs->eax = UMBRA_VERSION;
	}
}
