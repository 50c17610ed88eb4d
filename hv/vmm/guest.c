/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's life: made once, reset at every start, killed at most once per
 * start.
 *
 * Next: hv/load/load.c, hv/vmm/vcpu.c, hv/vmm/run.c.
 */
#include "hv/vmm/guest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arch/x86/layout.h"
#include "hv/lib/panic.h"
#include "hv/load/load.h"
#include "mm/hvmap.h"

#define LG_WINDOW_PAGES 2

/* Low frames that a guest's memory leaves for its shadow tables. */
#define LOW_RESERVE_SHARE 16 /* one in so many */

static struct guest *alloc_guest(struct pfa *pfa)
{
	mfn_t f = pfa_alloc(pfa, pfa_order(sizeof(struct guest)), PFA_LOW,
			    FRAME_HV);

	if (mfn_eq(f, INVALID_mfn)) {
		return NULL;
	}
	return memset(hvmap_page(f), 0, sizeof(struct guest));
}

/* Shadow pages may take half of what is left in the low zone. */
static u32 shadow_limit(const struct pfa *pfa)
{
	return pfa_count_low(pfa, FRAME_FREE) / 2 / SH_FRAMES_PER_PAGE;
}

static void note_write(void *ctx, gfn_t f)
{
	sh_note_write(ctx, f);
}

struct guest *guest_create(struct machine *m, struct pcpu *p,
			   const struct guest_modules *modules, u32 ram_frames)
{
	struct guest *g = alloc_guest(&m->pfa);
	u32 reserve = pfa_count_low(&m->pfa, FRAME_FREE) / LOW_RESERVE_SHARE;
	u32 old_bus = board_old_bus_frames(modules->disk_count);

	if (!g || p2m_init(&g->p2m, &m->pfa, ram_frames + old_bus, reserve)) {
		return NULL;
	}
	g->mem_frames = ram_frames;
	g->mmu.p2m = &g->p2m;
	g->mmu.allows_nx = m->cpu.has_nx;
	g->p2m.on_write = note_write;
	g->p2m.on_write_ctx = &g->shadow;
	if (sh_init(&g->shadow, &m->pfa, &g->mmu, &p->switcher,
		    shadow_limit(&m->pfa))) {
		return NULL;
	}
	g->machine = m;
	g->modules = modules;
	g->vcpu.trampoline = pfa_alloc(&m->pfa, 0, PFA_LOW, FRAME_HV);
	if (mfn_eq(g->vcpu.trampoline, INVALID_mfn)) {
		return NULL;
	}
	/* The guest can read all of it. */
	memset(hvmap_page(g->vcpu.trampoline), 0, PAGE_SIZE);
	g->lg_window = hvmap_window(LG_WINDOW_PAGES);
	g->stats.is_timed = m->options.stats;
	g->vcpu.guest = g;
	g->vcpu.pcpu = p;
	return g;
}

const char *guest_reset(struct guest *g)
{
	const char *error;
	u32 entry = 0;

	sh_reset(&g->shadow);
	p2m_clear(&g->p2m);
	p2m_limit(&g->p2m, g->mem_frames);
	g->lg = NULL;
	exit_log_reset(&g->exit_log);
	g->is_old_layout = false;
	g->is_native = false;
	g->virq.pending = 0;
	vtime_reset(&g->time, &g->virq);
	g->end = GUEST_RUNS;

	board_reset(&g->board, g);
	g->mmu.mmio_end = devices_mmio_end(&g->board.devices);

	error = load_guest(&g->load, &g->p2m, g->modules, &entry);
	if (!error) {
		vcpu_reset(&g->vcpu, entry);
		g->vcpu.cr3 = sh_cr3(&g->shadow);
	}
	return error;
}

void guest_kill(struct guest *g, const char *fmt, ...)
{
	va_list args;

	if (g->end != GUEST_RUNS) {
		return;
	}
	g->end = GUEST_KILLED;
	va_start(args, fmt);
	vsnprintf(g->end_text, sizeof(g->end_text), fmt, args);
	va_end(args);
}

void guest_restart(struct guest *g, const char *why)
{
	if (g->end == GUEST_RUNS) {
		g->end = GUEST_RESTART;
		snprintf(g->end_text, sizeof(g->end_text), "%s", why);
	}
}
