// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shared area of guests up to 3.19, with one more field, is told from the
 * new one by its contents: its kernel address and vector are the ones that
 * count, and its 1392 bytes must be RAM.
 *
 * The ABI has no version number.
 */
#include "test/lib/paging.h"

#define OLD_NOIRQ_START	   0x560u
#define OLD_NOIRQ_END	   0x564u
#define OLD_KERNEL_ADDRESS 0x568u
#define OLD_SYSCALL_VEC	   0x56cu
#define OLD_SIZE	   1392u

#define KERNEL	     0xc0000000u
#define VA	     0x40000000u
#define SHARED	     0xd0000000u
#define STATUS_SLOTS 64u

static u8 area[OLD_SIZE] __attribute__((aligned(4)));

static u32 *field(u32 at, u32 offset)
{
	return (u32 *)(at + offset);
}

static void fill(u32 at)
{
	memset((void *)at, 0, OLD_SIZE);
	memset((void *)(at + LG_HCALL_STATUS), 0xff, STATUS_SLOTS);
	*field(at, LG_BLOCKED) = 1;
	*field(at, OLD_NOIRQ_START) = 0xc0100000;
	*field(at, OLD_NOIRQ_END) = 0xc0100008;
	*field(at, OLD_KERNEL_ADDRESS) = KERNEL;
	*field(at, OLD_SYSCALL_VEC) = 0x80;
}

static void init(u32 at)
{
	hypercall(HC_LGUEST_INIT, at, 0, 0, 0);
}

/* The kernel address is understood: what lies above it is shared. */
static void check_kernel_half(void)
{
	u32 first, second;

	pg_table_of(pg_pattern(), SHARED);
	first = pg_new_space();
	second = pg_new_space();
	pg_enter(first);
	pg_set(first, SHARED, pg_signed(1) | PTE_ALL);
	pg_check_sign(SHARED, 1);
	pg_enter(second);
	pg_check_sign(SHARED, 1);
	pg_set(second, SHARED, pg_signed(2) | PTE_ALL);
	pg_enter(first);
	pg_check_sign(SHARED, 2);
}

/* Ring, fault address, and the fields behind are where they were. */
static void check_works(u32 at)
{
	const struct vm_trap *trap;
	u32 value;

	vm_traps_init();
	pg_init();
	*field(at, LG_CR2) = 0;
	trap = vm_try_read(VA, &value);
	VM_CHECK(trap && trap->vector == TRAP_PF);
	VM_CHECK(*field(at, LG_CR2) == VA);
	*(u8 *)(at + LG_HCALL_STATUS) = 0;
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	VM_CHECK(*(u8 *)(at + LG_HCALL_STATUS) == 0xff);
	VM_CHECK(*field(at, LG_RESERVE_MEM) != 0);
	VM_CHECK(*field(at, OLD_NOIRQ_START) == 0xc0100000);
	VM_CHECK(*field(at, OLD_NOIRQ_END) == 0xc0100008);
	VM_CHECK(*field(at, OLD_KERNEL_ADDRESS) == KERNEL);
	check_kernel_half();
}

void main(void)
{
	u32 at = (u32)area;

	if (vm_is_case("end")) {
		at = vm_ram_size() - OLD_SIZE;
	} else if (vm_is_case("straddle")) {
		/* The new layout would fit. The last field is beyond. */
		at = vm_ram_size() - OLD_SIZE + 4;
		memset((void *)at, 0, OLD_SIZE - 4);
		*field(at, OLD_KERNEL_ADDRESS) = KERNEL;
		init(at);
		vm_fail("still alive");
	}
	fill(at);
	if (vm_is_case("vector")) {
		*field(at, OLD_SYSCALL_VEC) = 0x81;
	} else if (vm_is_case("kernel")) {
		*field(at, OLD_KERNEL_ADDRESS) = 0xffff0000;
	}
	init(at);
	if (vm_is_case("pass")) {
		check_works(at);
	}
	vm_pass();
}
