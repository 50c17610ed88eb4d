// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel asks of either platform, in hypercalls, and how a guest of
 * Umbra makes them, in ring 1.
 *
 * There interrupts are closed by a flag in lguest_data, which the hypervisor
 * looks at before it delivers one; page tables are shadowed, so that changes
 * must be told. Calls wait in the ring of hypercalls, and trap_work sees to it
 * that the ring is emptied before the way to ring 3.
 *
 * Natively nobody but platform_native.c writes to lguest_data: interrupts
 * never wait there, and the flag that closes them means nothing.
 */
#include "guest/gnomon/arch/platform.h"

#include <string.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/lib/emergency.h"
#include "guest/lib/irq.h"
#include "guest/lib/paging.h"
#include "guest/lib/trap.h"
#include "guest/lib/tsc.h"
#include "hv/abi/boot.h"
#include "hv/abi/umbra.h"

/* Segment and gate descriptors: Intel SDM 3A 3.4.5, 6.11. */
#define FLAT_LOW	    0x0000ffffu
#define USER_CODE_HIGH	    0x00cffb00u
#define USER_DATA_HIGH	    0x00cff300u
#define GATE_INTERRUPT(dpl) (0x8e00u | (dpl) << 13)

#define TIMER_MAX 4000000000u

const struct platform *platform;
bool paging_is_pae;
bool paging_has_nx;

/* ns since 1970 when platform_now() was 0: as it was, as it was set later */
static uint64_t boot_wall, wall_start;

/* --- time ----------------------------------------------------------------- */

static uint64_t shared_wall(void)
{
	return (uint64_t)lguest_data.time_sec * NS_PER_SEC +
	       lguest_data.time_nsec;
}

/* Without a counter to be trusted, time goes on with each interrupt. */
uint64_t platform_now(void)
{
	return lguest_data.tsc_khz ? tsc_ns() : shared_wall() - boot_wall;
}

uint64_t platform_wall(void)
{
	return wall_start + platform_now();
}

void platform_set_wall(uint64_t ns)
{
	wall_start = ns - platform_now();
}

void platform_set_timer(uint64_t ns)
{
	platform->call(HC_SET_CLOCKEVENT,
		       ns > TIMER_MAX ? TIMER_MAX : (uint32_t)ns, 0, 0, 0);
}

/* --- the processor -------------------------------------------------------- */

/* No pages to be mapped ahead: the kernel's half is mapped once for all. */
void platform_set_stack(uint32_t top)
{
	platform->call(HC_SET_STACK, GUEST_DS, top, 0, 0);
}

/* Most programs have none, or the task goes on that ran before. */
void platform_load_tls(const uint64_t tls[GDT_TLS_COUNT])
{
	static uint64_t loaded[GDT_TLS_COUNT];

	if ((loaded[0] ^ tls[0]) | (loaded[1] ^ tls[1]) |
	    (loaded[2] ^ tls[2])) {
		memcpy(loaded, tls, sizeof(loaded));
		platform->call(HC_LOAD_TLS, sdk_pa(loaded), 0, 0, 0);
	}
}

/* A hypervisor opens interrupts when it delivers the one that wakes. */
void platform_idle(void)
{
	platform->call(HC_HALT, 0, 0, 0, 0);
	hcall_sync();
	irq_close();
}

/* Natively they come with the first instruction of ring 3. */
void platform_serve_irqs(void)
{
	volatile uint32_t *pending = &lguest_data.irq_pending;

	while (*pending) {
		platform->call(HC_SEND_INTERRUPTS, 0, 0, 0, 0);
		lguest_data.irq_enabled = LGUEST_IF;
		hcall_sync();
		irq_close();
	}
}

/* --- initialisation ------------------------------------------------------- */

/* The selector counts natively alone. */
static void set_gate(uint32_t vector, const void *entry, uint32_t dpl)
{
	uint32_t at = (uint32_t)entry;

	platform->call(HC_LOAD_IDT_ENTRY, vector,
		       SEL_KERNEL_CODE << 16 | (at & 0xffff),
		       (at & 0xffff0000) | GATE_INTERRUPT(dpl), 0);
}

void platform_init(const char *cmdline, const void *syscall_entry)
{
	uint32_t v;

	for (v = 0; v < TRAP_VECTORS; v++) {
		set_gate(v, trap_stubs + v * TRAP_STUB_SIZE, trap_gate_dpl(v));
	}
	set_gate(VECTOR_SYSCALL, syscall_entry, 3);
	platform->call(HC_LOAD_GDT_ENTRY, GDT_USER_CODE, FLAT_LOW,
		       USER_CODE_HIGH, 0);
	platform->call(HC_LOAD_GDT_ENTRY, GDT_USER_DATA, FLAT_LOW,
		       USER_DATA_HIGH, 0);
	hcall_sync();
	platform->init(cmdline);
	tsc_start(lguest_data.tsc_khz);
	boot_wall = wall_start = shared_wall();
}

/* --- as a guest ----------------------------------------------------------- */

static struct umbra_info info;

static void pv_call(uint32_t number, uint32_t arg1, uint32_t arg2,
		    uint32_t arg3, uint32_t arg4)
{
	hcall_lazy(number, arg1, arg2, arg3, arg4);
	trap_work = 1;
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
	query();
	paging_has_nx = paging_is_pae && info.features & UMBRA_FEATURE_NX;
}

static uint32_t pv_exits(void)
{
	query();
	return info.exits;
}

static uint32_t pv_fault_address(void)
{
	return lguest_data.cr2;
}

const struct platform platform_pv = {
	.name = "umbra",
	.init = pv_init,
	.call = pv_call,
	.fault_address = pv_fault_address,
	.irq_unmask = irq_unmask,
	.write = emergency_write,
	.exits = pv_exits,
	.shutdown = hcall_shutdown,
	.crash = hcall_crash,
};
