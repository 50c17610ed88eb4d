// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * int 0x80 from ring 3 arrives by an interrupt gate and by a trap gate, with
 * every register as it was and an exact frame on the stack of SET_STACK; only
 * the interrupt gate clears irq_enabled. It works with the stack's page gone
 * from the shadow, from ring 1, and after either gate replaced the other.
 *
 * The hypervisor may let the processor deliver it alone; nobody must be able
 * to tell.
 */
#include "test/lib/paging.h"

#define USER_CS	  0x73u
#define USER_DS	  0x7bu
#define KERNEL_CS 0x61u
#define SYSCALL	  0x80u
#define STACK	  0xd0000000u

#define CF   0x001u
#define ONE  0x002u
#define ZF   0x040u
#define TF   0x100u
#define IF   0x200u
#define DF   0x400u
#define IOPL 0x3000u
#define NT   0x4000u
#define ID   0x200000u

#define ARITH (CF | 0x4u | 0x10u | ZF | 0x80u | 0x800u)

extern const u8 behind_call[];
u32 call_flags;
u32 call_esp;

static void call(void)
{
	__asm__ volatile("movl $0xb1b2b3b4, %%ebx\n\t"
			 "movl $0xc1c2c3c4, %%ecx\n\t"
			 "movl $0xd1d2d3d4, %%edx\n\t"
			 "movl $0x51525354, %%esi\n\t"
			 "movl $0x61626364, %%edi\n\t"
			 "movl $0x71727374, %%ebp\n\t"
			 "movl %%esp, call_esp\n\t"
			 "pushl call_flags\n\t"
			 "popfl\n\t"
			 "movl $0xa1a2a3a4, %%eax\n\t"
			 "int $0x80\n"
			 "behind_call:\n\t"
			 "ud2"
			 :
			 :
			 : "memory");
}

static void check_registers(const struct vm_trap *trap)
{
	VM_CHECK(trap->eax == 0xa1a2a3a4);
	VM_CHECK(trap->ebx == 0xb1b2b3b4);
	VM_CHECK(trap->ecx == 0xc1c2c3c4);
	VM_CHECK(trap->edx == 0xd1d2d3d4);
	VM_CHECK(trap->esi == 0x51525354);
	VM_CHECK(trap->edi == 0x61626364);
	VM_CHECK(trap->ebp == 0x71727374);
}

static void check_call(u32 type, u32 flags, u32 top)
{
	const struct vm_trap *trap;

	call_flags = flags;
	lg_write(LG_IRQ_ENABLED, IF);
	trap = pg_user_try(call);
	if (trap->vector != SYSCALL) {
		vm_fail("trap %u error 0x%x at 0x%x cr2 0x%x", trap->vector,
			trap->error, trap->eip, trap->cr2);
	}
	check_registers(trap);
	VM_CHECK(trap->eip == (u32)behind_call);
	VM_CHECK(trap->cs == USER_CS && trap->ss == USER_DS);
	VM_CHECK(trap->esp == call_esp);
	VM_CHECK(trap->top == top);
	if (trap->eflags != (flags | ONE | IF)) {
		vm_fail("flags 0x%x became 0x%x", flags, trap->eflags);
	}
	if ((trap->handler_eflags & (TF | NT | IOPL)) ||
	    !(trap->handler_eflags & IF)) {
		vm_fail("handler has flags 0x%x", trap->handler_eflags);
	}
	VM_CHECK(trap->irq_enabled == (type == GATE_TRAP ? IF : 0));
}

static void check_gate(u32 type)
{
	static const u32 flags[] = { 0, ARITH, DF | ZF, ID | CF };

	vm_load_stub(SYSCALL, type, 3);
	for (u32 i = 0; i < ARRAY_SIZE(flags); i++) {
		check_call(type, flags[i], pg_trap_stack_top());
	}
}

static void set_stack(u32 top, u32 pages)
{
	hypercall(HC_SET_STACK, 0x69, top, pages, 0);
}

/*
 * The stack's pages lose their shadow entries in several ways; frames cross
 * into a page that lies elsewhere in memory.
 */
static void check_stack(u32 type)
{
	u32 root = pg_current();
	u32 low = pg_alloc(), high = pg_alloc();
	u32 bits = PTE_P | PTE_RW;

	vm_load_stub(SYSCALL, type, 3);
	for (u32 above = 0; above <= 24; above += 4) {
		u32 top = STACK + PAGE_SIZE + above;

		pg_set(root, STACK, low | bits);
		pg_set(root, STACK + PAGE_SIZE, high | bits);
		set_stack(top, above ? 2 : 1);
		check_call(type, CF, top);
		VM_CHECK(pg_read(root, STACK) & PTE_D);
		pg_set(root, STACK, low | bits);
		pg_set(root, STACK + PAGE_SIZE, high | bits);
		check_call(type, ZF, top);
		VM_CHECK(pg_read(root, STACK) & PTE_D);
		pg_write(root, STACK, low | bits);
		pg_write(root, STACK + PAGE_SIZE, high | bits);
		pg_flush(true);
		check_call(type, 0, top);
	}
	set_stack(pg_trap_stack_top(), 2);
}

/* No pages announced: nothing is present beforehand. */
static void check_unpinned(u32 type)
{
	u32 root = pg_current();

	pg_set(root, STACK, 0);
	vm_load_stub(SYSCALL, type, 3);
	set_stack(STACK + PAGE_SIZE, 0);
	pg_set(root, STACK, pg_alloc() | PTE_P | PTE_RW);
	check_call(type, 0, STACK + PAGE_SIZE);
	set_stack(pg_trap_stack_top(), 2);
}

/* A handler that returns, and the program goes on. */
void count_call(void);
u32 calls_seen;
__asm__("count_call:\n\t"
	"incl %ss:calls_seen\n\t"
	"addl $100, %eax\n\t"
	"iret\n");

u32 calls_result;

static void call_often(void)
{
	u32 result = 0;

	for (u32 i = 0; i < 50; i++) {
		__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	}
	calls_result = result;
	pg_user_end();
}

static void check_returns(u32 type)
{
	const struct vm_trap *trap;

	calls_seen = 0;
	lg_write(LG_IRQ_ENABLED, IF);
	vm_load_gate(SYSCALL, (u32)count_call, type, 3);
	trap = pg_user_try(call_often);
	VM_CHECK(trap->vector == TRAP_UD);
	VM_CHECK(calls_seen == 50 && calls_result == 5000);
}

static void kernel_call(void *arg)
{
	(void)arg;
	__asm__ volatile("int $0x80" : : : "memory");
}

static void check_from_kernel(u32 type)
{
	const struct vm_trap *trap;

	vm_load_stub(SYSCALL, type, 3);
	lg_write(LG_IRQ_ENABLED, IF);
	trap = vm_try(kernel_call, NULL);
	VM_CHECK(trap && trap->vector == SYSCALL);
	VM_CHECK(trap->cs == KERNEL_CS && (trap->eflags & IF));
	VM_CHECK(trap->irq_enabled == (type == GATE_TRAP ? IF : 0));
}

/* The gate's own selector counts for nothing: the kernel's code is entered. */
static void check_selector(u32 type)
{
	static const u32 selectors[] = { 0, 0x50, 0x58, 0x73, 0xffff };

	lg_write(LG_IRQ_ENABLED, IF);
	for (u32 i = 0; i < ARRAY_SIZE(selectors); i++) {
		const struct vm_trap *trap;
		u32 handler = (u32)count_call;

		hypercall(HC_LOAD_IDT_ENTRY, SYSCALL,
			  selectors[i] << 16 | (handler & 0xffff),
			  (handler & 0xffff0000) | 0xe0ff | type << 8, 0);
		trap = pg_user_try(call_often);
		VM_CHECK(trap->vector == TRAP_UD && calls_result == 5000);
	}
}

/* Level 0 keeps programs out; absence is a fault of its own. */
static void check_closed(u32 type)
{
	const struct vm_trap *trap;

	vm_load_stub(SYSCALL, type, 0);
	trap = pg_user_try(call);
	VM_CHECK(trap->vector == TRAP_GP && trap->error == SYSCALL * 8 + 2);
}

void main(void)
{
	static const u32 types[] = { GATE_INTERRUPT, GATE_TRAP };

	vm_init();
	vm_traps_init();
	pg_init();
	for (u32 i = 0; i < 4; i++) {
		u32 type = types[i % ARRAY_SIZE(types)];

		check_gate(type);
		check_returns(type);
		check_selector(type);
		check_from_kernel(type);
		check_stack(type);
		check_unpinned(type);
		check_closed(type);
	}
	vm_pass();
}
