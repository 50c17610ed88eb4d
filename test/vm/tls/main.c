// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ring 3 reaches its thread's memory through the three segments of LOAD_TLS;
 * another call exchanges them; an empty one cannot be used; and FS and GS
 * survive exits.
 *
 * Every Linux program with threads keeps such a selector in GS.
 */
#include "test/lib/paging.h"

#define FIRST	0x33u
#define ENTRIES 3u
#define DATA_HI 0x00cff300u /* flat size, level 3, writable */
#define CODE_HI 0x00cffb00u

u32 selector;
u32 seen[2];
static u32 thread[2][ENTRIES][2];

static void set_tls(u32 which, u32 flags)
{
	static u32 tls[ENTRIES * 2];

	for (u32 i = 0; i < ENTRIES; i++) {
		u32 base = (u32)thread[which][i];

		tls[i * 2] = base << 16 | 0xffff;
		tls[i * 2 + 1] = flags ? (base & 0xff000000) | flags |
						 (base >> 16 & 0xff)
				       : 0;
	}
	hypercall(HC_LOAD_TLS, (u32)tls, 0, 0, 0);
}

/* Read through GS, leave the guest by a fault that is filled, read again. */
static void user_read(void)
{
	__asm__ volatile("mov %0, %%gs\n\t"
			 "mov %0, %%fs\n\t"
			 "movl %%gs:0, %%eax\n\t"
			 "movl %%eax, seen\n\t"
			 "movl 0x40000000, %%eax\n\t"
			 "movl %%fs:4, %%eax\n\t"
			 "movl %%eax, seen + 4\n\t"
			 "ud2"
			 :
			 : "r"(selector)
			 : "eax", "memory");
}

static void check_reads(u32 which)
{
	for (u32 i = 0; i < ENTRIES; i++) {
		pg_set(pg_current(), 0x40000000, pg_alloc() | PTE_P | PTE_US);
		selector = FIRST + i * 8;
		VM_CHECK(pg_user_try(user_read)->vector == TRAP_UD);
		VM_CHECK(seen[0] == thread[which][i][0]);
		VM_CHECK(seen[1] == thread[which][i][1]);
	}
}

static void check_empty(void)
{
	set_tls(0, 0);
	for (u32 i = 0; i < ENTRIES; i++) {
		const struct vm_trap *trap;

		selector = FIRST + i * 8;
		trap = pg_user_try(user_read);
		VM_CHECK(trap->vector == TRAP_GP || trap->vector == TRAP_NP);
		VM_CHECK(trap->error == (selector & 0xfffc));
	}
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	for (u32 i = 0; i < sizeof(thread) / sizeof(u32); i++) {
		(&thread[0][0][0])[i] = 0x1000 + i;
	}
	for (u32 round = 0; round < 4; round++) {
		set_tls(round % 2, round < 2 ? DATA_HI : CODE_HI);
		check_reads(round % 2);
		check_empty();
	}
	vm_pass();
}
