/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a panic reports about the processor. As something is broken by then, it
 * trusts nothing, follows frame pointers only inside the hypervisor's stacks,
 * and prints the most important facts first.
 *
 * Next: hv/lib/panic.c.
 */
#include "arch/x86/report.h"

#include "arch/x86/cpu.h"
#include "arch/x86/layout.h"
#include "arch/x86/sections.h"
#include "hv/lib/log.h"
#include "hv/lib/panic.h"
#include "hv/lib/symbols.h"

#define TRACE_MAX 16

static const struct cpu_regs *context;
static u32 context_esp;

void report_set_context(const struct cpu_regs *f, u32 esp)
{
	context = f;
	context_esp = esp;
}

static bool is_on_a_stack(u32 addr)
{
	u32 hv_top = (u32)(uintptr_t)hv_stack_top;
	u32 df_top = (u32)(uintptr_t)df_stack_top;

	return addr % 4 == 0 &&
	       ((addr >= hv_top - HV_STACK_SIZE && addr <= hv_top - 8) ||
		(addr >= df_top - DF_STACK_SIZE && addr <= df_top - 8));
}

static void print_address(const char *what, u32 addr)
{
	u32 offset;
	const char *name = symbols_find(addr, &offset);

	if (name) {
		log_error("  %s 0x%08x %s+0x%x", what, addr, name, offset);
	} else {
		log_error("  %s 0x%08x", what, addr);
	}
}

/* Frames made by "push %ebp; mov %esp, %ebp": saved EBP, return address. */
static void print_trace(u32 ebp)
{
	log_error("stack trace:");
	for (u32 n = 0; n < TRACE_MAX && is_on_a_stack(ebp); n++) {
		const u32 *frame = (const u32 *)(uintptr_t)ebp;

		print_address("from", frame[1]);
		if (frame[0] <= ebp) {
			break;
		}
		ebp = frame[0];
	}
}

static void print_registers(const struct cpu_regs *f, u32 esp)
{
	log_error("eax 0x%08x ebx 0x%08x ecx 0x%08x edx 0x%08x", f->eax, f->ebx,
		  f->ecx, f->edx);
	log_error("esi 0x%08x edi 0x%08x ebp 0x%08x esp 0x%08x", f->esi, f->edi,
		  f->ebp, esp);
	log_error("cs 0x%02x ds 0x%02x es 0x%02x eflags 0x%08x", f->cs, f->ds,
		  f->es, f->eflags);
	print_address("eip", f->eip);
}

/* Without a trap: the registers at the time of the report. */
static __attribute__((noinline)) void capture(struct cpu_regs *f)
{
	*f = (struct cpu_regs){ .eip = (u32)(uintptr_t)__builtin_return_address(
					0) };
	__asm__ volatile("movl %%eax, %0\n\t"
			 "movl %%ebx, %1\n\t"
			 "movl %%ecx, %2\n\t"
			 "movl %%edx, %3\n\t"
			 "movl %%esi, %4\n\t"
			 "movl %%edi, %5\n\t"
			 "movl %%ebp, %6"
			 : "=m"(f->eax), "=m"(f->ebx), "=m"(f->ecx),
			   "=m"(f->edx), "=m"(f->esi), "=m"(f->edi),
			   "=m"(f->ebp));
	__asm__ volatile("mov %%cs, %0\n\t"
			 "mov %%ds, %1\n\t"
			 "mov %%es, %2\n\t"
			 "pushfl\n\t"
			 "popl %3"
			 : "=r"(f->cs), "=r"(f->ds), "=r"(f->es),
			   "=r"(f->eflags));
}

void arch_panic_report(void)
{
	struct cpu_regs now;

	log_error("cr0 0x%08x cr2 0x%08x cr3 0x%08x cr4 0x%08x", read_cr0(),
		  read_cr2(), read_cr3(), read_cr4());
	if (context) {
		print_registers(context, context_esp);
		print_trace(context->ebp);
	} else {
		capture(&now);
		print_registers(&now, (u32)(uintptr_t)&now);
		print_trace((u32)(uintptr_t)__builtin_frame_address(0));
	}
}

void arch_halt(void)
{
	cpu_halt_forever();
}
