// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The instructions that ring 1 may use although the processor refuses them:
 * port accesses of every form and width, cli, sti, hlt, and before there are
 * gates rdmsr and wrmsr. Only the accessed part of EAX changes. They may lie
 * across the border of two pages that are apart in memory.
 *
 * A port write of 0xfe to 0x64 is how kernels restart a PC.
 */
#include "test/lib/paging.h"

#define VA	    0x40000000u
#define BORDER	    (VA + PAGE_SIZE)
#define PCI_ADDRESS 0xcf8
#define ABSENT_PORT 0x80
#define PATTERN	    0xa1a2a3a4u
#define ADDRESS	    0x80000800u /* what the address register keeps */
#define IF	    0x200u
#define RF	    0x10000u
#define TIMER	    0x20u
#define UNBLOCKED   0xfffffffeu

/* EAX after "in", EDX being the port. */
#define IN(insn, port)                                           \
	({                                                       \
		u32 eax_ = PATTERN;                              \
		__asm__ volatile(insn : "+a"(eax_) : "d"(port)); \
		eax_;                                            \
	})

static void check_widths(void)
{
	VM_CHECK(IN("inb %%dx, %%al", ABSENT_PORT) == 0xa1a2a3ff);
	VM_CHECK(IN("inw %%dx, %%ax", ABSENT_PORT) == 0xa1a2ffff);
	VM_CHECK(IN("inl %%dx, %%eax", ABSENT_PORT) == 0xffffffff);
	VM_CHECK(IN("inb $0x80, %%al", 0) == 0xa1a2a3ff);
	VM_CHECK(IN("inw $0x80, %%ax", 0) == 0xa1a2ffff);
	VM_CHECK(IN("inl $0x80, %%eax", 0) == 0xffffffff);
	/* The port is 16 bits of EDX. */
	VM_CHECK(IN("inb %%dx, %%al", 0x12340000 | ABSENT_PORT) == 0xa1a2a3ff);
}

/* Prefixes that change nothing are legal. */
static void check_prefixes(void)
{
	VM_CHECK(IN(".byte 0x2e, 0xec", ABSENT_PORT) == 0xa1a2a3ff);
	VM_CHECK(IN(".byte 0x66, 0x66, 0xed", ABSENT_PORT) == 0xa1a2ffff);
	VM_CHECK(IN(".byte 0x64, 0x66, 0x67, 0xed", ABSENT_PORT) == 0xa1a2ffff);
}

static void check_outputs(void)
{
	outl(PCI_ADDRESS, ADDRESS);
	VM_CHECK(inl(PCI_ADDRESS) == ADDRESS);
	__asm__ volatile("outb %%al, %%dx" : : "a"(1), "d"(ABSENT_PORT));
	__asm__ volatile("outw %%ax, %%dx" : : "a"(1), "d"(ABSENT_PORT));
	__asm__ volatile("outb %%al, $0x80" : : "a"(1));
	__asm__ volatile("outw %%ax, $0x80" : : "a"(1));
	__asm__ volatile("outl %%eax, $0x80" : : "a"(1));
	VM_CHECK(inl(PCI_ADDRESS) == ADDRESS);
}

static void emulated_and_trap(void *unused)
{
	(void)unused;
	__asm__ volatile("inb $0x80, %%al; int3" : : : "eax");
}

/* The fault that made them known leaves no resume flag behind. */
static void check_resume_flag(void)
{
	const struct vm_trap *trap;

	vm_load_stub(TRAP_BP, GATE_INTERRUPT, 3);
	trap = vm_try(emulated_and_trap, NULL);
	VM_CHECK(trap && trap->vector == TRAP_BP);
	VM_CHECK(!(trap->eflags & RF));
}

static void halt(void *unused)
{
	(void)unused;
	__asm__ volatile("hlt" : : : "memory");
}

/* Sleep ends with the interrupt, although interrupts are not enabled. */
static void check_halt(void)
{
	const struct vm_trap *trap;

	vm_load_stub(TIMER, GATE_INTERRUPT, 0);
	lg_write(LG_BLOCKED, 0);
	lg_write(LG_IRQ_ENABLED, 0);
	hypercall(HC_SET_CLOCKEVENT, 1000000, 0, 0, 0);
	trap = vm_try(halt, NULL);
	VM_CHECK(trap && trap->vector == TIMER);
	lg_write(LG_BLOCKED, ~UNBLOCKED);
}

static void check_flag(void)
{
	lg_write(LG_IRQ_ENABLED, 0);
	__asm__ volatile("sti" : : : "memory");
	VM_CHECK(lg_read(LG_IRQ_ENABLED) & IF);
	/* Nothing but skipped. */
	__asm__ volatile("cli" : : : "memory");
	VM_CHECK(lg_read(LG_IRQ_ENABLED) & IF);
}

/* Code at the border: @length bytes, @before of them below it; then ret. */
static void check_border(const u8 *code, u32 length, u32 eax)
{
	u32 root = pg_current();
	u32 high = pg_alloc(), low = pg_alloc();

	for (u32 before = 0; before <= length; before++) {
		u32 result = PATTERN;

		/* Not accessed: the fetch itself must do that. */
		pg_set(root, VA, low | PTE_P | PTE_RW);
		pg_set(root, BORDER, high | PTE_P | PTE_RW);
		memcpy((void *)(BORDER - before), code, length);
		*(u8 *)(BORDER - before + length) = 0xc3;
		pg_set(root, VA, low | PTE_P);
		pg_set(root, BORDER, high | PTE_P);
		__asm__ volatile("call *%1"
				 : "+a"(result)
				 : "r"(BORDER - before), "d"(ABSENT_PORT)
				 : "memory");
		VM_CHECK(result == eax);
	}
}

static void run_at(void *address)
{
	__asm__ volatile("call *%0" : : "r"(address) : "eax");
}

/* The second half is absent: a fault there. Not needed: none. */
static void check_absent_half(void)
{
	u32 root = pg_current();
	u32 fetch = pg_is_pae && vm_has_nx() ? PF_FETCH : 0;

	pg_set(root, VA, pg_alloc() | PTE_ALL);
	pg_set(root, BORDER, 0);
	*(u8 *)(BORDER - 1) = 0xe4; /* in $..., %al */
	pg_check_fault(vm_try(run_at, (void *)(BORDER - 1)), BORDER, fetch);
	*(u8 *)(BORDER - 2) = 0xe4;
	*(u8 *)(BORDER - 1) = 0x80;
	pg_check_fault(vm_try(run_at, (void *)(BORDER - 2)), BORDER, fetch);
	*(u8 *)(BORDER - 1) = 0xfa; /* cli */
	pg_check_fault(vm_try(run_at, (void *)(BORDER - 1)), BORDER, fetch);
}

static void check_borders(void)
{
	static const u8 in8[] = { 0xe4, 0x80 };
	static const u8 in16[] = { 0x66, 0xe5, 0x80 };
	static const u8 in_dx[] = { 0x2e, 0x66, 0xed };
	static const u8 flag[] = { 0xfa, 0x90 };

	check_border(in8, sizeof(in8), 0xa1a2a3ff);
	check_border(in16, sizeof(in16), 0xa1a2ffff);
	check_border(in_dx, sizeof(in_dx), 0xa1a2ffff);
	check_border(flag, sizeof(flag), PATTERN);
	check_absent_half();
}

/* No gates: 0 is read, what is written is lost, ECX stays. */
static void check_one_msr(u32 number)
{
	u32 eax = PATTERN, edx = PATTERN, ecx = number;

	__asm__ volatile("rdmsr" : "+a"(eax), "+d"(edx), "+c"(ecx));
	VM_CHECK(eax == 0 && edx == 0 && ecx == number);
	__asm__ volatile("wrmsr" : : "a"(1), "d"(2), "c"(number));
	__asm__ volatile("rdmsr" : "=a"(eax), "=d"(edx) : "c"(number));
	VM_CHECK(eax == 0 && edx == 0);
}

/*
 * Microcode, which kernels ask for so early; the local APIC, SYSENTER, the
 * page attributes and the extended features, which are real; none at all.
 */
static void check_msr(void)
{
	static const u32 numbers[] = { 0x8b,  0x1b,	  0x174,      0x175,
				       0x277, 0xc0000080, 0xc0000082, 0,
				       0x300, 0x40000000, 0xffffffff };

	for (u32 i = 0; i < ARRAY_SIZE(numbers); i++) {
		check_one_msr(numbers[i]);
	}
}

void main(void)
{
	vm_init();
	if (vm_is_case("msr")) {
		check_msr();
		vm_pass();
	}
	if (vm_is_case("reset")) {
		outb(0x64, 0xfe);
		vm_fail("still running");
	}
	vm_traps_init();
	pg_init();
	check_widths();
	check_prefixes();
	check_outputs();
	check_flag();
	check_resume_flag();
	check_halt();
	check_borders();
	vm_pass();
}
