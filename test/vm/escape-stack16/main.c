// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * With a stack segment of 16 bits a return to it leaves the upper half of ESP
 * as ring 0 had it. After every kind of exit that half tells nothing but the
 * guest's own value or where the register page is, which sgdt's neighbour
 * it is anyway.
 *
 * Linux's espfix exists because its kernel stack's address leaked this way.
 */
#include "test/lib/paging.h"

#define INDEX	  26u
#define DATA_16	  0x0000f300u /* present, level 3, writable, 16 bits */
#define KERNEL_16 0x0000b300u
#define WINDOW	  0xffc0u
#define OWN	  0x1234u

static u8 stack[PAGE_SIZE] __attribute__((aligned(4096)));

u32 found_esp;
u32 saved_esp;

/* Nothing below uses the stack: SP is all that counts. */
#define EXIT_AND_LOOK(name, insn)                    \
	void name(void);                             \
	__asm__(#name ":\n\t"                        \
		      "pushal\n\t"                   \
		      "movl %esp, saved_esp\n\t"     \
		      "movl $0x69, %ebx\n\t"         \
		      "movl $0xd1, %ecx\n\t"         \
		      "movl $0x12340800, %esp\n\t"   \
		      "mov %cx, %ss\n\t" insn "\n\t" \
		      "movl %esp, found_esp\n\t"     \
		      "mov %bx, %ss\n\t"             \
		      "movl saved_esp, %esp\n\t"     \
		      "popal\n\t"                    \
		      "ret\n")

EXIT_AND_LOOK(by_hypercall, "xorl %eax, %eax; int $0x1f; nop");
EXIT_AND_LOOK(by_port, "inb $0x80, %al");
EXIT_AND_LOOK(by_fault, "movl $0x40000000, %edi; movl (%edi), %eax");

static void check(const char *how, void (*leave)(void))
{
	u32 high;

	found_esp = 0;
	leave();
	high = found_esp >> 16;
	VM_CHECK((found_esp & 0xffff) == 0x0800);
	if (high != OWN && high != WINDOW) {
		vm_fail("%s: ESP is 0x%x", how, found_esp);
	}
}

/* From ring 3, by way of the kernel's own iret: only its ESP can show. */
static void user_look(void)
{
	__asm__ volatile("movl $0xd3, %%ecx\n\t"
			 "movl $0x12340800, %%esp\n\t"
			 "mov %%cx, %%ss\n\t"
			 "movl $0x40001000, %%edi\n\t"
			 "movl (%%edi), %%eax\n\t"
			 "movl %%esp, found_esp\n\t"
			 "ud2"
			 :
			 :
			 : "memory");
}

static void check_user(void)
{
	const struct vm_trap *trap;

	hypercall(HC_LOAD_GDT_ENTRY, INDEX, ((u32)stack << 16) | 0xffff,
		  DATA_16 | (u32)stack >> 16, 0);
	found_esp = 0;
	trap = pg_user_try(user_look);
	VM_CHECK(trap->vector == TRAP_UD && trap->ss == 0xd3);
	VM_CHECK(found_esp >> 16 == OWN || found_esp >> 16 == WINDOW);
	VM_CHECK(trap->esp >> 16 == OWN || trap->esp >> 16 == WINDOW);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	for (u32 i = 0; i < 2; i++) {
		pg_write(pg_current(), 0x40000000 + i * PAGE_SIZE,
			 pg_alloc() | PTE_P | PTE_US);
	}
	hypercall(HC_LOAD_GDT_ENTRY, INDEX, ((u32)stack << 16) | 0xffff,
		  KERNEL_16 | (u32)stack >> 16, 0);
	check("hypercall", by_hypercall);
	check("port access", by_port);
	check("page fault", by_fault);
	check_user();
	vm_pass();
}
