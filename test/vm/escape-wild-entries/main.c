// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Entries that name frames outside RAM, or have bits that mean something else
 * in the processor's format, do nothing as long as they are not used: not
 * beside an entry that is, not at a flush, not when a call names their table.
 *
 * A frame number that loses its high half names somebody else's memory.
 */
#include "test/lib/paging.h"

#define VA    0x40000000u
#define GROUP 16u
#define DIR   (PTE_P | PTE_RW | PTE_US | PTE_A)

static u32 page;

/* Wild entry number @i: every high bit, and low ones that cut short. */
static u64 wild_entry(u32 i)
{
	u32 ram = vm_ram_size();

	switch (i) {
	case 0:
		return ram | PTE_ALL;
	case 1:
		return 0xfffff000u | PTE_ALL;
	case 2:
		return 0xffc00000u | PTE_ALL;
	case 3:
		return page | PTE_ALL | PTE_PS;
	case 4:
		return page | PTE_ALL | PTE_PS | PTE_G;
	case 5:
		return 0xffffffffu;
	default:
		return pg_is_pae ? page | PTE_ALL | 1ull << (i + 26)
				 : (ram << (i & 7)) | PTE_ALL;
	}
}

#define WILD_ENTRIES 38u

/* Each beside an entry that is used, on both sides. */
static void check_neighbours(u32 root)
{
	for (u32 i = 0; i < WILD_ENTRIES; i++) {
		for (u32 n = 0; n < GROUP; n++) {
			pg_write(root, VA + n * PAGE_SIZE, wild_entry(i));
		}
		pg_write(root, VA + 5 * PAGE_SIZE, page | DIR);
		pg_flush(i & 1);
		pg_check_sign(VA + 5 * PAGE_SIZE, 77);
		VM_CHECK(!pg_access(VA + 5 * PAGE_SIZE, PG_READ, 3));
	}
}

/* A good entry turns wild in silence; the flush takes it away. */
static void check_flushes(u32 root)
{
	for (u32 i = 0; i < WILD_ENTRIES; i++) {
		pg_write(root, VA, page | PTE_ALL);
		pg_check_sign(VA, 77);
		pg_write(root, VA, wild_entry(i));
		pg_flush(i & 1);
		pg_write(root, VA, page | PTE_ALL);
		hypercall(HC_SET_PTE, root, VA, 0, 0);
		pg_check_sign(VA, 77);
	}
}

static void check_directory(u32 root)
{
	u32 at = pg_directory_entry_at(root, VA);
	u64 good = pg_read_at(at);

	for (u32 i = 0; i < WILD_ENTRIES; i++) {
		pg_check_sign(VA, 77);
		pg_write_at(at, wild_entry(i));
		if (i & 1) {
			pg_announce_directory(root, VA);
		}
		pg_flush(i & 2);
		hypercall(HC_SET_PTE, root, VA, 0, 0);
		pg_write_at(at, good);
		pg_announce_directory(root, VA);
	}
	pg_check_sign(VA, 77);
}

static void check_root(u32 root)
{
	u32 at = root + (VA >> 30) * 8;
	u64 good = pg_read_at(at);

	for (u32 i = 0; i < WILD_ENTRIES; i++) {
		pg_check_sign(VA, 77);
		pg_write_at(at, wild_entry(i));
		hypercall(HC_SET_PGD, root, VA >> 30, 0, 0);
		pg_flush(i & 2);
		hypercall(HC_SET_PTE, root, VA, 0, 0);
		pg_write_at(at, good);
		hypercall(HC_SET_PGD, root, VA >> 30, 0, 0);
	}
	pg_check_sign(VA, 77);
}

void main(void)
{
	u32 root;

	vm_init();
	vm_traps_init();
	pg_init();
	root = pg_current();
	page = pg_signed(77);
	check_neighbours(root);
	check_flushes(root);
	check_directory(root);
	if (pg_is_pae) {
		check_root(root);
	}
	vm_pass();
}
