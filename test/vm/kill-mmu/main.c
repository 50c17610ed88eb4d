// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page tables that the ABI does not allow end the guest when they are used,
 * and not before: large pages, illegal flags on each level, a table outside
 * RAM; and so do calls with such arguments. (A frame outside RAM is none of
 * these: mmio-hole.)
 *
 * The reason names what was found, so that a kernel's author can find it too.
 */
#include "test/lib/paging.h"

#define VA	 0x40000000u
#define RESERVED 0xffc00000u
#define BIT_32	 (1ull << 32)
#define BIT_52	 (1ull << 52)
#define WILD	 0xfffff000u

static u32 root;
static u32 page;

/* An entry of the lowest level, announced as something harmless. */
static void use(u64 pte)
{
	pg_write(root, VA, pte);
	hypercall(HC_SET_PTE, root, VA, 0, 0);
	pg_flush(true);
	pg_access(VA, PG_READ, 1);
}

static void use_directory(u64 entry)
{
	pg_table_of(root, VA);
	pg_set_directory(root, VA, entry);
	pg_flush(true);
	pg_access(VA, PG_READ, 1);
}

static void use_root(u64 entry)
{
	pg_write_at(root + (VA >> 30) * 8, entry);
	hypercall(HC_SET_PGD, root, VA >> 30, 0, 0);
	pg_flush(true);
	pg_access(VA, PG_READ, 1);
}

/* The fourth argument, from a register and from the ring. */
static void set_high(bool is_deferred)
{
	volatile u32 *slot = (volatile u32 *)&vm_lguest_data[LG_HCALLS];
	u32 high = (u32)(BIT_52 >> 32);

	if (!is_deferred) {
		hypercall(HC_SET_PTE, root, VA, page | PTE_ALL, high);
		return;
	}
	slot[0] = HC_SET_PTE;
	slot[1] = root;
	slot[2] = VA;
	slot[3] = page | PTE_ALL;
	slot[4] = high;
	vm_lguest_data[LG_HCALL_STATUS] = 0;
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
}

/*
 * A first root whose first entry looks like that of either format: the high
 * dword decides. The call behind it is illegal in one of them, and must be
 * reached without a write to memory: the first entry has no right for that.
 */
static void enter_doubtful(u32 high)
{
	static u32 table[1024] __attribute__((aligned(4096)));
	static u32 top[1024] __attribute__((aligned(4096)));

	for (u32 i = 0; i < ARRAY_SIZE(table); i++) {
		table[i] = i * PAGE_SIZE | PTE_P | PTE_RW;
	}
	top[0] = (u32)table | PTE_P;
	top[1] = high;
	__asm__ volatile("int $0x1f\n\t"
			 "movl $13, %%eax\n\t"
			 "int $0x1f"
			 :
			 : "a"(HC_NEW_PGTABLE), "b"(top), "c"(0)
			 : "memory");
}

static void run_entry(void)
{
	if (vm_is_case("use-ps")) {
		use(page | PTE_ALL | PTE_PS);
	} else if (vm_is_case("use-reserved")) {
		use(page | PTE_ALL | BIT_52);
	} else if (vm_is_case("use-nx")) {
		if (vm_has_nx()) {
			vm_skip("a processor with NX");
		}
		use(page | PTE_ALL | PTE_NX);
	} else if (vm_is_case("set-ps")) {
		pg_set(root, VA, page | PTE_ALL | PTE_PS);
	} else if (vm_is_case("set-high")) {
		set_high(false);
	} else if (vm_is_case("ring-high")) {
		set_high(true);
	} else if (vm_is_case("set-reserved")) {
		hypercall(HC_SET_PTE, root, RESERVED, 0, 0);
	} else if (vm_is_case("set-end")) {
		hypercall(HC_SET_PTE, root, WILD, 0, 0);
	}
}

static void run_directory(void)
{
	if (vm_is_case("dir-ps")) {
		use_directory(page | PTE_ALL | PTE_PS);
	} else if (vm_is_case("dir-global")) {
		use_directory(page | PTE_ALL | PTE_G);
	} else if (vm_is_case("dir-frame")) {
		use_directory(vm_ram_size() | PTE_ALL);
	} else if (vm_is_case("dir-high")) {
		use_directory(page | PTE_ALL | BIT_32);
	} else if (vm_is_case("root-flags")) {
		use_root(page | PTE_P | PTE_RW);
	} else if (vm_is_case("root-frame")) {
		use_root(vm_ram_size() | PTE_P);
	} else if (vm_is_case("pgd-index")) {
		hypercall(HC_SET_PGD, root, pg_is_pae ? 4 : 1024, 0, 0);
	} else if (vm_is_case("pgd-wild")) {
		hypercall(HC_SET_PGD, root, 0xffffffff, 0, 0);
	} else if (vm_is_case("pmd")) {
		hypercall(HC_SET_PMD, root, 0, 0, 0);
	} else if (vm_is_case("table-outside")) {
		pg_enter(vm_ram_size());
	}
}

void main(void)
{
	vm_init();
	if (vm_is_case("first-outside")) {
		hypercall(HC_NEW_PGTABLE, WILD, 0, 0, 0);
		vm_fail("still alive");
	}
	if (vm_is_case("format-high")) {
		enter_doubtful(0x10);
	} else if (vm_is_case("format-low")) {
		enter_doubtful(0xf);
	}
	vm_traps_init();
	pg_init();
	root = pg_current();
	page = pg_alloc();
	pg_set(root, VA, page | PTE_ALL);
	VM_CHECK(!pg_access(VA, PG_READ, 1));
	run_entry();
	run_directory();
	vm_fail("still alive after \"%s\"", vm_cmdline());
}
