// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The instruction F1 (int1, icebp) is a debug exception that no gate's DPL
 * keeps away: it arrives as trap 1 with the address behind it, from ring 3 and
 * ring 1, whatever the gate's kind, and right behind a load of SS, which holds
 * other debug exceptions back.
 *
 * It asks no permission, and hypervisors have hung on it. QEMU's TCG does not
 * know it: there it must be an invalid opcode at its own address.
 */
#include "test/lib/paging.h"

#define USER_CS	  0x73u
#define KERNEL_CS 0x61u
#define IF	  0x200u

static void user_icebp(void)
{
	__asm__ volatile(".byte 0xf1; ud2");
}

static void user_after_ss(void)
{
	__asm__ volatile("mov %%ss, %%ecx; mov %%ecx, %%ss; .byte 0xf1; ud2"
			 :
			 :
			 : "ecx");
}

static void kernel_icebp(void *unused)
{
	(void)unused;
	__asm__ volatile(".byte 0xf1; nop");
}

static void kernel_after_ss(void *unused)
{
	(void)unused;
	__asm__ volatile("mov %%ss, %%ecx; mov %%ecx, %%ss; .byte 0xf1; nop"
			 :
			 :
			 : "ecx");
}

/* What kind of trap it is here. */
static u32 vector = TRAP_DB;

static void check(const struct vm_trap *trap, u32 cs, u32 type)
{
	VM_CHECK(trap != NULL);
	VM_CHECK(trap->cs == cs);
	if (trap->vector != vector) {
		vm_fail("trap %u, error 0x%x", trap->vector, trap->error);
	}
	if (vector == TRAP_UD) {
		VM_CHECK(*(const u8 *)trap->eip == 0xf1);
		return;
	}
	VM_CHECK(*(const u8 *)(trap->eip - 1) == 0xf1);
	VM_CHECK(trap->irq_enabled == (type == GATE_TRAP ? IF : 0));
}

static void find_out(void)
{
	const struct vm_trap *trap = pg_user_try(user_icebp);

	if (trap->vector == TRAP_UD && *(const u8 *)trap->eip == 0xf1) {
		vector = TRAP_UD;
	}
	vm_printf("int1 is trap %u here\n", vector);
}

static void check_all(u32 type, u32 dpl)
{
	vm_load_stub(TRAP_DB, type, dpl);
	lg_write(LG_IRQ_ENABLED, IF);
	check(pg_user_try(user_icebp), USER_CS, type);
	lg_write(LG_IRQ_ENABLED, IF);
	check(pg_user_try(user_after_ss), USER_CS, type);
	lg_write(LG_IRQ_ENABLED, IF);
	check(vm_try(kernel_icebp, NULL), KERNEL_CS, type);
	lg_write(LG_IRQ_ENABLED, IF);
	check(vm_try(kernel_after_ss, NULL), KERNEL_CS, type);
}

void main(void)
{
	vm_init();
	if (vm_has_word("nogate")) {
		kernel_icebp(NULL);
		vm_fail("nobody minded");
	}
	vm_traps_init();
	pg_init();
	find_out();
	for (u32 type = GATE_INTERRUPT; type <= GATE_TRAP; type++) {
		check_all(type, 0);
		check_all(type, 3);
	}
	vm_pass();
}
