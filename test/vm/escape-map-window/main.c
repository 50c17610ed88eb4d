// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever a guest's own tables say about the reserved top of the address
 * space, the hypervisor's window is what is there, read-only where it was and
 * absent where it was; with the kernel's half shared with it, and ("high")
 * with the last GiB the user's.
 *
 * The processor's descriptor tables are in it: a page of the guest's in their
 * place would be ring 0.
 */
#include "test/lib/paging.h"

#define WINDOW 0xffc00000u
#define LARGE  0x200000u
#define HIGH   0xffb00000u
#define SIGN   0x6b6b6b6bu
#define PAGES  16u
#define BELOW  (WINDOW - PAGE_SIZE)

static u32 before[PAGES]; /* first dwords; 0: cannot be read */
static bool was_readable[PAGES];

static void look(void)
{
	for (u32 i = 0; i < PAGES; i++) {
		was_readable[i] =
			!vm_try_read(WINDOW + i * PAGE_SIZE, &before[i]);
	}
}

static void check_window(void)
{
	for (u32 i = 0; i < PAGES; i++) {
		u32 value;
		const struct vm_trap *trap =
			vm_try_read(WINDOW + i * PAGE_SIZE, &value);

		VM_CHECK((trap == NULL) == was_readable[i]);
		VM_CHECK(trap || value != SIGN);
		/* Not ring 3's in any case. */
		trap = pg_access(WINDOW + i * PAGE_SIZE, PG_READ, 3);
		VM_CHECK(trap && trap->vector == TRAP_PF);
		VM_CHECK(trap->cr2 == WINDOW + i * PAGE_SIZE);
	}
}

/* Tables of our own for the window's directory entries, full of one page. */
static u32 full_table(u32 page)
{
	u32 table = pg_alloc();
	u32 step = pg_is_pae ? 8 : 4;

	for (u32 at = 0; at < PAGE_SIZE; at += step) {
		pg_write_at(table + at, page | PTE_ALL);
	}
	return table;
}

static void map(u32 root, u32 table)
{
	for (u32 va = WINDOW; va != 0; va += LARGE) {
		pg_set_directory(root, va, table | PTE_ALL);
		check_window();
		hypercall(HC_SET_PTE, root, BELOW, 0, 0);
	}
}

static void check_space(u32 root, u32 table)
{
	pg_enter(root);
	map(root, table);
	pg_flush(false);
	check_window();
	pg_flush(true);
	check_window();
	pg_enter(pg_new_space());
	check_window();
	pg_enter(root);
	check_window();
	/* The page below is the guest's, up to the last byte. */
	pg_set(root, BELOW, pg_signed(SIGN) | PTE_ALL);
	pg_check_sign(BELOW, SIGN);
	check_window();
}

void main(void)
{
	vm_lguest_data_fill();
	if (vm_is_case("high")) {
		lg_write(LG_KERNEL_ADDRESS, HIGH);
	}
	hypercall(HC_LGUEST_INIT, (u32)vm_lguest_data, 0, 0, 0);
	vm_traps_init();
	pg_init();
	look();
	VM_CHECK(was_readable[0]);
	check_space(pg_current(), full_table(pg_signed(SIGN)));
	check_space(pg_new_space(), full_table(pg_signed(SIGN)));
	vm_pass();
}
