/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run loop, the one place from which a guest is entered and the one
 * place that notices its end.
 *
 * Next: arch/x86/switch.S, hv/vmm/exit.c.
 */
#include "hv/vmm/run.h"

#include "arch/x86/clock.h"
#include "arch/x86/timer.h"
#include "hv/vmm/audit.h"
#include "hv/vmm/deliver.h"
#include "hv/vmm/exit.h"

/* What is timed is everything from an exit to the next entry, but sleep. */
static __attribute__((noinline)) struct cpu_regs *switch_timed(struct vcpu *v)
{
	struct stats *s = &v->guest->stats;
	struct cpu_regs *frame;

	stats_stop(s);
	frame = switch_to_guest(v->cr3);
	stats_start(s);
	return frame;
}

/* The guest's time between two shares of the devices' work. */
#define GUEST_SHARE_NS 50000u

/*
 * A device has done its share and has more to do: the guest runs, or sleeps,
 * for a while before that. Without a timer to end the while there is none.
 */
static __attribute__((noinline)) void put_off_devices(struct guest *g)
{
	if (!timer_device()) {
		while (devices_run(&g->board.devices)) {
		}
	} else if (!vtime_is_awaited(&g->time)) {
		vtime_wake(&g->time, clock_now_ns() + GUEST_SHARE_NS);
	}
}

/* The machine has interrupted. */
static void serve_interrupt(struct guest *g)
{
	struct devices *d = &g->board.devices;

	board_poll(&g->board);
	/* They were put off, and that time is over. */
	if (devices_have_more(d) && !vtime_is_awaited(&g->time)) {
		devices_run(d);
	}
}

/*
 * The guest sleeps, and so does the processor. Interrupts are on only in
 * timer_wait(), so none is lost between the look and the sleep.
 *
 * LIMIT: without a timer the clock event of a guest that never sleeps waits
 * until it does.
 */
static void sleep_until_due(struct vcpu *v)
{
	struct stats *s = &v->guest->stats;

	if (s->is_timed) {
		stats_stop(s);
	}
	while (!deliver_is_due(v) && v->guest->end == GUEST_RUNS) {
		timer_wait();
		serve_interrupt(v->guest);
		if (devices_have_more(&v->guest->board.devices)) {
			put_off_devices(v->guest);
		}
	}
}

__attribute__((noinline)) void run_guest(struct guest *g)
{
	struct vcpu *v = &g->vcpu;
	u32 until_audit = audit_period(g);

	vcpu_load(v);
	vtime_start(&g->time);
	while (g->end == GUEST_RUNS) {
		if (unlikely(v->is_halted)) {
			sleep_until_due(v);
			if (g->end != GUEST_RUNS) {
				break;
			}
		}
		if (unlikely(g->virq.pending)) {
			deliver_irq(v);
			if (g->end != GUEST_RUNS) {
				break;
			}
		}
		if (exit_serve(v, unlikely(g->stats.is_timed)
					  ? switch_timed(v)
					  : switch_to_guest(v->cr3))) {
			serve_interrupt(g);
		}
		if (unlikely(devices_have_more(&g->board.devices))) {
			put_off_devices(g);
		}
		if (unlikely(--until_audit == 0)) {
			audit_exit(g);
			until_audit = audit_period(g);
		}
	}
	if (g->stats.is_timed) {
		stats_stop(&g->stats);
	}
}
