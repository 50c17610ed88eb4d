// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Traps a test provokes on purpose, and those it did not expect.
 *
 * Gates are interrupt gates, as Linux loads them, so the hypervisor clears the
 * virtual interrupt flag on delivery; a caught trap puts it back.
 */
#include "test/lib/vm.h"

#define EXCEPTIONS   32
#define STUB_SIZE    16
#define GATE_PRESENT 0x8000u
#define GUEST_CS     0x61u
#define EFLAGS_IF    0x200u

/* What entry.S hands over: its pushes, then the processor's frame. */
struct trap_frame {
	u32 handler_eflags;
	u32 edi, esi, ebp, unused, ebx, edx, ecx, eax; /* pusha */
	u32 vector;
	u32 error;
	u32 eip;
	u32 cs;
	u32 eflags;
	u32 esp; /* from here on only if ring 3 trapped */
	u32 ss;
};

#define RPL 3u

/* entry.S */
extern const u8 vm_trap_stubs[];
extern u32 vm_try_esp;
__noreturn void vm_trap_resume(const struct vm_trap *trap);

void vm_trap_entry(const struct trap_frame *frame);

void vm_load_gate(u32 vector, u32 handler, u32 type, u32 dpl)
{
	u32 low = (GUEST_CS << 16) | (handler & 0xffff);
	u32 high = (handler & 0xffff0000) | GATE_PRESENT | (dpl << 13) |
		   (type << 8);

	hypercall(HC_LOAD_IDT_ENTRY, vector, low, high, 0);
}

void vm_load_stub(u32 vector, u32 type, u32 dpl)
{
	vm_load_gate(vector, (u32)&vm_trap_stubs[vector * STUB_SIZE], type,
		     dpl);
}

void vm_traps_init(void)
{
	u32 vector;

	for (vector = 0; vector < EXCEPTIONS; vector++) {
		vm_load_stub(vector, GATE_INTERRUPT, 0);
	}
}

static void copy_registers(struct vm_trap *trap, const struct trap_frame *frame)
{
	trap->edi = frame->edi;
	trap->esi = frame->esi;
	trap->ebp = frame->ebp;
	trap->ebx = frame->ebx;
	trap->edx = frame->edx;
	trap->ecx = frame->ecx;
	trap->eax = frame->eax;
	trap->handler_eflags = frame->handler_eflags;
}

static void copy_outer(struct vm_trap *trap, const struct trap_frame *frame)
{
	if ((frame->cs & RPL) == RPL) {
		trap->esp = frame->esp;
		trap->ss = frame->ss;
		trap->top = (u32)(frame + 1);
	} else {
		trap->esp = 0;
		trap->ss = 0;
		trap->top = (u32)&frame->esp;
	}
}

void vm_trap_entry(const struct trap_frame *frame)
{
	static struct vm_trap trap;

	trap.vector = frame->vector;
	trap.error = frame->error;
	trap.eip = frame->eip;
	trap.cs = frame->cs;
	trap.eflags = frame->eflags;
	trap.cr2 = lg_read(LG_CR2);
	trap.irq_enabled = lg_read(LG_IRQ_ENABLED);
	copy_outer(&trap, frame);
	copy_registers(&trap, frame);
	if (vm_try_esp == 0) {
		vm_fail("unexpected trap %u error 0x%x eip 0x%x cr2 0x%x",
			trap.vector, trap.error, trap.eip, trap.cr2);
	}
	lg_write(LG_IRQ_ENABLED, frame->eflags & EFLAGS_IF);
	vm_trap_resume(&trap);
}

struct access {
	u32 address;
	u32 value;
};

static void access_read(void *arg)
{
	struct access *access = arg;

	access->value = *(volatile u32 *)access->address;
}

static void access_write(void *arg)
{
	struct access *access = arg;

	*(volatile u32 *)access->address = access->value;
}

const struct vm_trap *vm_try_read(u32 address, u32 *value)
{
	struct access access = { address, 0 };
	const struct vm_trap *trap = vm_try(access_read, &access);

	*value = access.value;
	return trap;
}

const struct vm_trap *vm_try_write(u32 address, u32 value)
{
	struct access access = { address, value };

	return vm_try(access_write, &access);
}
