// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No segment register takes one of the hypervisor's selectors, whatever
 * privilege level is written into it, nor one without a descriptor; and no
 * far transfer reaches them.
 *
 * The descriptors lie in the same table as the guest's own.
 */
#include "test/lib/vm.h"

#define GUEST_CS 0x61u
#define GUEST_DS 0x69u
#define HV_CODE	 0x50u
#define HV_DATA	 0x58u
#define TSS	 0x80u
#define DF_TSS	 0xf8u
#define BEHIND	 0x100u /* first selector outside the table */
#define LOCAL	 0x04u	/* in the local table, which there is not */

#define RPL	  3u
#define ERROR_SEL 0xfffcu

#define LOAD(reg)                                                      \
	static void load_##reg(void *selector)                         \
	{                                                              \
		__asm__ volatile("mov %0, %%" #reg : : "r"(selector)); \
	}

LOAD(ds)
LOAD(es)
LOAD(fs)
LOAD(gs)
LOAD(ss)

struct far_pointer {
	u32 offset;
	u16 selector;
} __attribute__((packed));

static struct far_pointer target;

static void far_jump(void *selector)
{
	target = (struct far_pointer){ 0, (u16)(u32)selector };
	__asm__ volatile("ljmp *%0" : : "m"(target));
}

static void far_call(void *selector)
{
	target = (struct far_pointer){ 0, (u16)(u32)selector };
	__asm__ volatile("lcall *%0" : : "m"(target));
}

static void far_return(void *selector)
{
	__asm__ volatile("pushl %0; pushl $0; lret" : : "r"(selector));
}

static void interrupt_return(void *selector)
{
	__asm__ volatile("pushfl; pushl %0; pushl $0; iret" : : "r"(selector));
}

struct way {
	const char *name;
	void (*try)(void *selector);
};

static const struct way ways[] = {
	{ "mov ds", load_ds },	      { "mov es", load_es },
	{ "mov fs", load_fs },	      { "mov gs", load_gs },
	{ "mov ss", load_ss },	      { "ljmp", far_jump },
	{ "lcall", far_call },	      { "lret", far_return },
	{ "iret", interrupt_return },
};

/* Privilege level 2 and 3 make some of the ways back legal: not tried. */
static const u32 selectors[] = {
	HV_CODE, HV_CODE | 1, HV_DATA, HV_DATA | 1, TSS,   TSS | 1,
	DF_TSS,	 DF_TSS | 1,  BEHIND,  BEHIND | 1,  LOCAL, LOCAL | 1,
};

/* lret and iret below their own level are refused with the same error. */
static void check_faults(const struct way *way, u32 selector)
{
	const struct vm_trap *trap = vm_try(way->try, (void *)selector);
	u32 error = selector & ERROR_SEL;

	if (trap == NULL) {
		vm_fail("%s 0x%x succeeded", way->name, selector);
	}
	if ((trap->vector != TRAP_GP && trap->vector != TRAP_NP) ||
	    trap->error != error) {
		vm_fail("%s 0x%x: trap %u error 0x%x", way->name, selector,
			trap->vector, trap->error);
	}
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
}

static void check_null_stack(void)
{
	u32 selector;

	for (selector = 0; selector <= RPL; selector++) {
		const struct vm_trap *trap = vm_try(load_ss, (void *)selector);

		VM_CHECK(trap != NULL);
		VM_CHECK(trap->vector == TRAP_GP && trap->error == 0);
	}
}

/* The guest's own, to show that the table is alive. */
static void check_own(void)
{
	VM_CHECK(vm_try(load_gs, (void *)GUEST_DS) == NULL);
	VM_CHECK(vm_try(load_fs, (void *)GUEST_CS) == NULL);
	VM_CHECK(vm_try(load_ss, (void *)GUEST_DS) == NULL);
	VM_CHECK(vm_try(load_gs, (void *)0) == NULL);
}

void main(void)
{
	size_t i;
	size_t j;

	vm_init();
	vm_traps_init();
	check_own();
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		for (j = 0; j < ARRAY_SIZE(selectors); j++) {
			check_faults(&ways[i], selectors[j]);
		}
	}
	check_null_stack();
	check_own();
	vm_pass();
}
