// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * As a guest of Umbra, in ring 1.
 *
 * Interrupts are closed by a flag in lguest_data, which the hypervisor looks
 * at before it delivers one; page tables are shadowed, so that changes must
 * be told. What can wait is put in the ring of hypercalls, and trap_work sees
 * to it that the ring is emptied before the way to ring 3.
 */
#include <string.h>

#include "guest/gnomon/clock.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/trap.h"
#include "guest/lib/emergency.h"
#include "guest/lib/irq.h"
#include "guest/lib/tsc.h"
#include "hv/abi/boot.h"
#include "hv/abi/umbra.h"

#define FLAT_LOW       0x0000ffffu
#define USER_CODE_HIGH 0x00cffb00u
#define USER_DATA_HIGH 0x00cff300u

#define TIMER_MIN 100u
#define TIMER_MAX 4000000000u

extern const uint8_t syscall_entry[];

static struct umbra_info info;
static uint64_t wall_start; /* ns since 1970 when now() was 0 */

/* --- set-up --------------------------------------------------------------- */

static uint64_t shared_wall(void)
{
	return (uint64_t)lguest_data.time_sec * NS_PER_SEC +
	       lguest_data.time_nsec;
}

/* By the ring: made directly the call would change EAX. */
static void query(void)
{
	hcall_lazy(HC_UMBRA_QUERY, sdk_pa(&info), 0, 0, 0);
	hcall_sync();
}

static void pv_init(const char *cmdline)
{
	(void)cmdline;
	trap_init();
	trap_set_gate(VECTOR_SYSCALL, syscall_entry, 3);
	hcall(HC_LOAD_GDT_ENTRY, GDT_USER_CODE, FLAT_LOW, USER_CODE_HIGH, 0);
	hcall(HC_LOAD_GDT_ENTRY, GDT_USER_DATA, FLAT_LOW, USER_DATA_HIGH, 0);
	query();
	tsc_start(lguest_data.tsc_khz);
	wall_start = shared_wall();
}

static uint32_t pv_exits(void)
{
	query();
	return info.exits;
}

static bool pv_has_nx(void)
{
	return info.features & UMBRA_FEATURE_NX;
}

/* --- the processor -------------------------------------------------------- */

static void later(uint32_t number, uint32_t arg1, uint32_t arg2, uint32_t arg3,
		  uint32_t arg4)
{
	hcall_lazy(number, arg1, arg2, arg3, arg4);
	trap_work = 1;
}

/* No pages to be mapped ahead: the kernel's half is mapped once for all. */
static void pv_set_kernel_stack(uint32_t top)
{
	later(HC_SET_STACK, GUEST_DS, top, 0, 0);
}

/* Most programs have none, or the task goes on that ran before. */
static void pv_load_tls(const uint64_t tls[GDT_TLS_COUNT])
{
	static uint64_t loaded[GDT_TLS_COUNT];

	if (memcmp(loaded, tls, sizeof(loaded))) {
		memcpy(loaded, tls, sizeof(loaded));
		later(HC_LOAD_TLS, sdk_pa(loaded), 0, 0, 0);
	}
}

static uint32_t pv_fault_address(void)
{
	return lguest_data.cr2;
}

/* --- page tables ---------------------------------------------------------- */

static void pv_set_root(uint32_t root)
{
	later(HC_NEW_PGTABLE, root, 0, 0, 0);
}

static void pv_pte_changed(uint32_t root, uint32_t va, uint64_t pte)
{
	later(HC_SET_PTE, root, va, (uint32_t)pte, (uint32_t)(pte >> 32));
}

static void pv_pde_changed(uint32_t root, uint32_t dir, uint32_t index)
{
	if (dir) {
		later(HC_SET_PMD, dir, index, 0, 0);
	} else {
		later(HC_SET_PGD, root, index, 0, 0);
	}
}

static void pv_flush_user(void)
{
	later(HC_FLUSH_TLB, 0, 0, 0, 0);
}

static void pv_flush_kernel(void)
{
	later(HC_FLUSH_TLB, 1, 0, 0, 0);
}

/* --- time ----------------------------------------------------------------- */

static void pv_set_timer(uint64_t ns)
{
	if (ns && ns < TIMER_MIN) {
		ns = TIMER_MIN;
	}
	later(HC_SET_CLOCKEVENT, ns > TIMER_MAX ? TIMER_MAX : (uint32_t)ns, 0,
	      0, 0);
}

/* Without a counter to be trusted, time goes on with each interrupt. */
static uint64_t pv_now(void)
{
	return lguest_data.tsc_khz ? tsc_ns() : shared_wall() - wall_start;
}

static uint64_t pv_wall(void)
{
	return wall_start + pv_now();
}

/* --- interrupts ----------------------------------------------------------- */

/* Delivery ended it already. */
static bool pv_irq_done(uint32_t line)
{
	(void)line;
	return true;
}

/* The hypervisor opens interrupts when it delivers the one that wakes. */
static void pv_idle(void)
{
	hcall_lazy(HC_HALT, 0, 0, 0, 0);
	hcall_sync();
	irq_close();
}

static void pv_serve_irqs(void)
{
	volatile uint32_t *pending = &lguest_data.irq_pending;

	while (*pending) {
		hcall_lazy(HC_SEND_INTERRUPTS, 0, 0, 0, 0);
		lguest_data.irq_enabled = LGUEST_IF;
		hcall_sync();
		irq_close();
	}
}

/* --- console and the end -------------------------------------------------- */

static void pv_putc(char c)
{
	emergency_write(&c, 1);
}

static int pv_getc(void)
{
	return -1;
}

static __attribute__((noreturn)) void pv_power_off(const char *text)
{
	hcall_shutdown(text, SHUTDOWN_POWEROFF);
}

static __attribute__((noreturn)) void pv_restart(const char *text)
{
	hcall_shutdown(text, SHUTDOWN_RESTART);
}

/* A trap without a gate: the hypervisor reports the kernel's state. */
static __attribute__((noreturn)) void pv_crash(const char *text)
{
	(void)text;
	hcall_sync();
	hcall(HC_LOAD_IDT_ENTRY, VECTOR_OPCODE, 0, 0, 0);
	__builtin_trap();
}

const struct platform platform_pv = {
	.name = "umbra",
	.is_pv = true,
	.init = pv_init,
	.has_nx = pv_has_nx,
	.set_kernel_stack = pv_set_kernel_stack,
	.load_tls = pv_load_tls,
	.fault_address = pv_fault_address,
	.set_root = pv_set_root,
	.pte_changed = pv_pte_changed,
	.pde_changed = pv_pde_changed,
	.flush_user = pv_flush_user,
	.flush_kernel = pv_flush_kernel,
	.mmu_sync = hcall_sync,
	.set_timer = pv_set_timer,
	.now = pv_now,
	.wall = pv_wall,
	.irq_unmask = irq_unmask,
	.irq_done = pv_irq_done,
	.idle = pv_idle,
	.serve_irqs = pv_serve_irqs,
	.putc = pv_putc,
	.getc = pv_getc,
	.exits = pv_exits,
	.power_off = pv_power_off,
	.restart = pv_restart,
	.crash = pv_crash,
};
