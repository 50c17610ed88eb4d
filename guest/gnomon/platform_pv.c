// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * As a guest of Umbra, in ring 1.
 *
 * Interrupts are closed by a flag in lguest_data, which the hypervisor looks
 * at before it delivers one; page tables are shadowed, so that changes must
 * be told. Calls wait in the ring of hypercalls, and trap_work sees to it that
 * the ring is emptied before the way to ring 3.
 */
#include "guest/gnomon/mmu.h"
#include "guest/gnomon/platform.h"
#include "guest/lib/emergency.h"
#include "guest/lib/irq.h"
#include "guest/lib/trap.h"
#include "hv/abi/umbra.h"

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
	mmu_has_nx = paging_is_pae && info.features & UMBRA_FEATURE_NX;
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

/* A trap without a gate: the hypervisor reports the kernel's state. */
static __attribute__((noreturn)) void pv_crash(void)
{
	hcall_sync();
	hcall(HC_LOAD_IDT_ENTRY, VECTOR_OPCODE, 0, 0, 0);
	__builtin_trap();
}

const struct platform platform_pv = {
	.name = "umbra",
	.is_pv = true,
	.init = pv_init,
	.call = pv_call,
	.fault_address = pv_fault_address,
	.irq_unmask = irq_unmask,
	.now = platform_now,
	.wall = platform_wall,
	.write = emergency_write,
	.exits = pv_exits,
	.shutdown = hcall_shutdown,
	.crash = pv_crash,
};
