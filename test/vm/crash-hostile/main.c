// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that dies on purpose and leaves traps for whoever reports on it:
 * a log that lies, frame pointers in a circle, tables that lead nowhere or
 * to themselves, a stack at the end of the world. The report must end, and
 * none of its lines may be of the guest's making.
 */
#include "test/lib/paging.h"

#define FORGED "\n\033[2Jumbra: panic: forged\n"

struct record {
	u64 ns;
	u16 len, text_len, dict_len, level;
	char text[48];
};

static struct record records[4];

/* The names that a Linux kernel has. */
u32 log_buf = (u32)records;
u32 log_buf_len = sizeof(records);
u32 log_first_idx;
u32 log_next_idx = 1; /* never reached: the log goes in circles */

static void make_log(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(records); i++) {
		records[i].ns = ~0ull;
		records[i].len = sizeof(records[i]);
		records[i].text_len = 40;
		memcpy(records[i].text, FORGED, sizeof(FORGED));
	}
	if (vm_has_word("log-long")) {
		log_buf_len = 0xffffffff;
	} else if (vm_has_word("log-far")) {
		log_buf = 0xfffffff0;
	} else if (vm_has_word("log-index")) {
		log_first_idx = 0xfffffff4;
	} else if (vm_has_word("log-text")) {
		records[2].text_len = 0xffff;
	} else if (vm_has_word("log-empty")) {
		memset(records, 0, sizeof(records));
	}
}

static __attribute__((noinline)) __noreturn void die(u32 esp, u32 ebp)
{
	__asm__ volatile("movl %0, %%ecx\n\t"
			 "movl %1, %%ebp\n\t"
			 "movl %%ecx, %%esp\n\t"
			 "movl $77, %%eax\n\t"
			 "int $0x1f"
			 :
			 : "r"(esp), "r"(ebp)
			 : "ecx", "eax");
	__builtin_unreachable();
}

/* Frames that return into code and lead back to the first. */
static void die_in_circles(void)
{
	static u32 frame[8];

	frame[0] = (u32)&frame[2];
	frame[1] = (u32)main + 1;
	frame[2] = (u32)&frame[0];
	frame[3] = (u32)main + 2;
	die((u32)frame, (u32)frame);
}

/* Stack and fault where entry after entry is the root itself, or nonsense. */
static void die_in_tables(void)
{
	u32 root = pg_current();

	*(volatile u32 *)PG_VA(root + 0x800) = root | PTE_P;
	*(volatile u32 *)PG_VA(root + 0x804) = 0xfffff000 | PTE_P | PTE_RW;
	*(volatile u32 *)PG_VA(root + 0x808) = root | PTE_P | PTE_PS;
	die(vm_has_word("self")	 ? 0x80000800
	    : vm_has_word("far") ? 0x80400800
				 : 0x80800800,
	    0x80000800);
}

void main(void)
{
	make_log();
	vm_init();
	if (vm_has_word("circle")) {
		die_in_circles();
	}
	pg_init();
	if (vm_has_word("self") || vm_has_word("far") || vm_has_word("large")) {
		die_in_tables();
	}
	die(vm_has_word("top") ? 0xfffffffd : 0x00100000, 0xffffffff);
}
