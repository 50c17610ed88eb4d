// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * There is no local descriptor table, whatever the loader left in LDTR.
 *
 * After a reset LDTR holds a table of 64 KiB at linear address 0 (SDM 3A,
 * Table 9-1): memory that the guest writes. A call gate there, which no
 * hypercall has looked at, would lead straight into ring 0.
 */
#include "test/lib/vm.h"

#define SEL_DATA    0x09u /* ring 1 */
#define SEL_GATE    0x11u
#define SEL_LDT	    0x04u
#define SEL_RPL	    0x03u
#define SEL_HV_CODE 0x50u

#define DATA_LO 0x0000ffffu
#define DATA_HI 0x00cfb300u /* flat, DPL 1 */
#define GATE_HI 0x0000ec00u /* 32-bit call gate, DPL 3 */

#define SELECTOR_DATA (SEL_DATA | SEL_LDT)
#define SELECTOR_GATE (SEL_GATE | SEL_LDT)

volatile u32 cs_behind_gate;
extern u8 behind_gate[];

/* Entered by the gate: say in which ring, and go back. */
__asm__(".pushsection .text\n"
	"behind_gate:\n\t"
	"pushl %cs\n\t"
	"popl cs_behind_gate\n\t"
	"lret\n\t"
	".popsection");

static void load_gs(void *arg)
{
	__asm__ volatile("movl %0, %%gs" : : "r"(arg));
}

static void call_gate(void *arg)
{
	static const struct {
		u32 offset;
		u16 selector;
	} __attribute__((packed)) target = { 0, SELECTOR_GATE };

	(void)arg;
	__asm__ volatile("lcall *%0" : : "m"(target) : "memory");
}

static void check_refused(const struct vm_trap *trap, u32 selector,
			  const char *what)
{
	if (trap == NULL) {
		vm_fail("%s through the LDT worked, CS was 0x%x", what,
			cs_behind_gate);
	}
	if (trap->vector != TRAP_GP || trap->error != (selector & ~SEL_RPL)) {
		vm_fail("%s: trap %u error 0x%x", what, trap->vector,
			trap->error);
	}
}

void main(void)
{
	/* Linear mode: guest-physical 0 is linear 0. */
	volatile u32 *ldt = NULL;
	u32 handler = (u32)behind_gate;

	vm_init();
	vm_traps_init();
	__asm__("" : "+r"(ldt));
	cs_behind_gate = 0; /* no fault from ring 0 */
	ldt[SEL_DATA / 8 * 2] = DATA_LO;
	ldt[SEL_DATA / 8 * 2 + 1] = DATA_HI;
	ldt[SEL_GATE / 8 * 2] = SEL_HV_CODE << 16 | (handler & 0xffff);
	ldt[SEL_GATE / 8 * 2 + 1] = (handler & 0xffff0000) | GATE_HI;

	check_refused(vm_try(call_gate, NULL), SELECTOR_GATE, "a far call");
	check_refused(vm_try(load_gs, (void *)SELECTOR_DATA), SELECTOR_DATA,
		      "loading GS");
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	vm_pass();
}
