// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the page-table hypercalls and faults cost, in instructions there and
 * back, including the faults they cause afterwards. The limits are in test.mk.
 *
 * Under "-icount shift=0" the time stamp counts instructions. The rounds of
 * the test itself are measured without the operation and taken off.
 */
#include "test/lib/paging.h"

#define ROUNDS 256u
#define AREA   0x40000000u
#define FILLED 20u

/* One page in each of these tables. */
#define WIDE	    0x60000000u
#define WIDE_TABLES 300u
#define TABLE_SPAN  0x400000u

static u32 frame[ROUNDS];
static u32 roots[2];

static void touch(u32 va)
{
	*(volatile u8 *)va;
}

static void nothing(u32 round)
{
	(void)round;
}

static void call(u32 round)
{
	(void)round;
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
}

/* One page in eight, so that none is filled beforehand by its neighbour. */
static void fault(u32 round)
{
	touch(AREA + round * 8 * PAGE_SIZE);
}

static void switch_space(u32 round)
{
	pg_enter(roots[round % 2]);
}

static void touch_filled(u32 round)
{
	(void)round;
	for (u32 i = 0; i < FILLED; i++) {
		touch(AREA + i * PAGE_SIZE);
	}
}

static void flush_user(u32 round)
{
	hypercall(HC_FLUSH_TLB, 0, 0, 0, 0);
	touch_filled(round);
}

static void flush_all(u32 round)
{
	hypercall(HC_FLUSH_TLB, 1, 0, 0, 0);
	touch_filled(round);
}

/* One entry changes per flush, so that the table counts as written. */
static void write_entry(u32 round)
{
	pg_write(pg_current(), AREA + FILLED * PAGE_SIZE, round << 12);
}

static void write_only(u32 round)
{
	write_entry(round);
	touch_filled(round);
}

static void write_and_flush_user(u32 round)
{
	write_entry(round);
	flush_user(round);
}

static void write_and_flush_all(u32 round)
{
	write_entry(round);
	flush_all(round);
}

/* An address space of many tables, none of which changes. */
static void touch_wide(u32 round)
{
	touch_filled(round);
	for (u32 i = 0; i < WIDE_TABLES; i++) {
		touch(WIDE + i * TABLE_SPAN);
	}
}

static void flush_wide(u32 round)
{
	hypercall(HC_FLUSH_TLB, 1, 0, 0, 0);
	touch_wide(round);
}

static void set_pte(u32 round)
{
	pg_set(pg_current(), AREA,
	       frame[round % 2] | PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D);
}

static u32 cost(void (*op)(u32 round))
{
	u64 start = rdtsc();

	for (u32 i = 0; i < ROUNDS; i++) {
		op(i);
	}
	return (u32)(rdtsc() - start) / ROUNDS;
}

static void report(const char *name, void (*op)(u32 round),
		   void (*base)(u32 round))
{
	u32 empty = (cost(base), cost(base));
	u32 full = cost(op);

	vm_printf("bench %s.%s %u\n", pg_is_pae ? "pae" : "2level", name,
		  full - empty);
}

/* Handlers that do nothing but go on behind the instruction. */
__asm__(".globl skip_read\n"
	"skip_read:\n\t"
	"addl $4, %esp\n\t" /* error code */
	"addl $2, (%esp)\n\t"
	"iret\n");
extern const u8 skip_read[];

static void reflected_fault(u32 round)
{
	(void)round;
	/* Two bytes: mov (%eax), %eax. */
	__asm__ volatile(".byte 0x8b, 0x00" : : "a"(AREA + 0x10000000));
}

static void map_area(u32 root, u32 pages, u32 step)
{
	for (u32 i = 0; i < pages; i++) {
		pg_write(root, AREA + i * step * PAGE_SIZE,
			 frame[i] | PTE_P | PTE_RW | PTE_US);
	}
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	for (u32 i = 0; i < ROUNDS; i++) {
		frame[i] = pg_alloc();
	}
	roots[0] = pg_new_space();
	roots[1] = pg_new_space();
	map_area(roots[0], ROUNDS, 8);
	pg_enter(roots[0]);
	report("hypercall", call, nothing);
	/* Once for the tables, which stay, then for the entries. */
	cost(fault);
	for (u32 i = 0; i < ROUNDS; i++) {
		pg_write(roots[0], AREA + i * 8 * PAGE_SIZE, 0);
	}
	hypercall(HC_FLUSH_TLB, 0, 0, 0, 0);
	map_area(roots[0], ROUNDS, 8);
	report("fault.filled", fault, nothing);
	pg_enter(roots[1]);
	map_area(roots[1], FILLED, 1);
	touch_filled(0);
	report("new_pgtable.known", switch_space, nothing);
	pg_enter(roots[1]);
	report("flush_user.idle", flush_user, touch_filled);
	report("flush_all.idle", flush_all, touch_filled);
	report("flush_user.written", write_and_flush_user, write_only);
	report("flush_all.written", write_and_flush_all, write_only);
	report("set_pte", set_pte, nothing);
	for (u32 i = 0; i < WIDE_TABLES; i++) {
		pg_write(roots[1], WIDE + i * TABLE_SPAN,
			 frame[i % ROUNDS] | PTE_P | PTE_RW | PTE_US);
	}
	hypercall(HC_FLUSH_TLB, 1, 0, 0, 0);
	touch_wide(0);
	report("flush_all.wide", flush_wide, touch_wide);
	vm_load_gate(TRAP_PF, (u32)skip_read, 0xe, 0);
	report("fault.reflected", reflected_fault, nothing);
	vm_pass();
}
