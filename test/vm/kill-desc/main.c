// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Descriptor calls with a wild index or table end the guest; so does a
 * descriptor that a segment register holds and that cannot be loaded again.
 *
 * The hypervisor reloads DS, ES, CS and SS on the guest's behalf, in ring 0:
 * the fault is raised there and must be the guest's.
 */
#include "test/lib/paging.h"

#define INDEX	     20u
#define SELECTOR     (INDEX * 8 + 1)
#define LO	     0x0000ffffu
#define DATA_HI	     0x00cfb300u
#define CODE_ONLY_HI 0x00cfb900u /* cannot be read */
#define ABSENT	     0x00008000u
#define SYSTEM	     0x00001000u
#define KERNEL_CODE  12u
#define KERNEL_DATA  13u

static void set_entry(u32 index, u32 high)
{
	hypercall(HC_LOAD_GDT_ENTRY, index, LO, high, 0);
}

/* A good descriptor in a register, exchanged for a bad one. */
static void spoil_ds(u32 high)
{
	set_entry(INDEX, DATA_HI);
	__asm__ volatile("mov %0, %%ds" : : "r"(SELECTOR));
	set_entry(INDEX, high);
}

static void run_register(void)
{
	if (vm_is_case("ds")) {
		spoil_ds(DATA_HI & ~ABSENT);
	} else if (vm_is_case("ds-limit")) {
		spoil_ds(CODE_ONLY_HI);
	} else if (vm_is_case("system")) {
		spoil_ds(DATA_HI & ~SYSTEM);
	} else if (vm_is_case("es")) {
		set_entry(INDEX, DATA_HI);
		__asm__ volatile("mov %0, %%es" : : "r"(SELECTOR));
		set_entry(INDEX, DATA_HI & ~ABSENT);
	} else if (vm_is_case("cs")) {
		set_entry(KERNEL_CODE, 0x00cfbb00 & ~ABSENT);
	} else if (vm_is_case("cs-data")) {
		set_entry(KERNEL_CODE, DATA_HI);
	} else if (vm_is_case("ss")) {
		set_entry(INDEX, DATA_HI);
		__asm__ volatile("mov %0, %%ds; mov %0, %%es"
				 :
				 : "r"(SELECTOR));
		set_entry(KERNEL_DATA, DATA_HI & ~ABSENT);
	}
}

void main(void)
{
	vm_init();
	if (vm_is_case("gdt")) {
		set_entry(32, DATA_HI);
	} else if (vm_is_case("gdt-wild")) {
		set_entry(0xffffffff, DATA_HI);
	} else if (vm_is_case("tls")) {
		hypercall(HC_LOAD_TLS, vm_ram_size(), 0, 0, 0);
	} else if (vm_is_case("tls-straddle")) {
		hypercall(HC_LOAD_TLS, vm_ram_size() - 16, 0, 0, 0);
	} else if (vm_is_case("tls-wrap")) {
		hypercall(HC_LOAD_TLS, 0xfffffff0, 0, 0, 0);
	}
	run_register();
	vm_fail("still alive after \"%s\"", vm_cmdline());
}
