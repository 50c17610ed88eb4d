// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel may begin anywhere, inside a directory or inside an entry of it:
 * below, spaces are apart; above, a change in one is seen in all.
 *
 * Linux can be built with the kernel at 0xb0000000 or 0x78000000.
 */
#include "test/lib/paging.h"

#define SPACES 3u

static u32 kernel_address;
static u32 space[SPACES];
static u32 page[SPACES];

static u32 hex_digit(char c)
{
	return (u32)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static u32 hex(const char *text)
{
	u32 value = 0;

	for (u32 i = 0; i < 8; i++) {
		value = value << 4 | hex_digit(text[i]);
	}
	return value;
}

static const char *address_text(void)
{
	return vm_cmdline() + (vm_is_pae_case() ? 4 : 7);
}

static void check_apart(u32 va)
{
	for (u32 i = 0; i < SPACES; i++) {
		pg_set(space[i], va, page[i] | PTE_ALL);
	}
	for (u32 round = 0; round < 2; round++) {
		for (u32 i = 0; i < SPACES; i++) {
			pg_enter(space[i]);
			pg_check_sign(va, i);
		}
	}
	pg_set(space[1], va, 0);
	pg_enter(space[1]);
	pg_check_fault(pg_access(va, PG_READ, 1), va, 0);
	pg_enter(space[2]);
	pg_check_sign(va, 2);
}

static void check_shared(u32 va)
{
	for (u32 i = 0; i < SPACES; i++) {
		pg_set(space[i], va, page[i] | PTE_ALL);
		for (u32 j = 0; j < SPACES; j++) {
			pg_enter(space[j]);
			pg_check_sign(va, i);
		}
	}
	pg_write(space[0], va, 0);
	pg_flush(true);
	for (u32 i = 0; i < SPACES; i++) {
		pg_enter(space[i]);
		pg_check_fault(pg_access(va, PG_READ, 1), va, 0);
	}
}

/* The tables of the kernel's half from @va on, once, for all spaces. */
static void share_tables(u32 va)
{
	for (u32 i = 0; i < 4; i++) {
		pg_table_of(pg_pattern(), va + i * 0x200000);
	}
}

void main(void)
{
	kernel_address = hex(address_text());
	vm_lguest_data_fill();
	lg_write(LG_KERNEL_ADDRESS, kernel_address);
	hypercall(HC_LGUEST_INIT, (u32)vm_lguest_data, 0, 0, 0);
	vm_traps_init();
	pg_init();
	share_tables(kernel_address & 0xffc00000);
	for (u32 i = 0; i < SPACES; i++) {
		space[i] = pg_new_space();
		page[i] = pg_signed(i);
	}
	check_shared((kernel_address + 0x400000) & 0xffc00000);
	check_apart((kernel_address & 0xffc00000) - PAGE_SIZE);
	check_shared((kernel_address + 0x400000) & 0xffc00000);
	check_apart((kernel_address & 0xffc00000) - 0x400000);
	vm_pass();
}
