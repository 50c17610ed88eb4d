// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page tables of test guests.
 *
 * Frames come from a pool above the image, which only the kernel part maps,
 * so that each table has exactly one writable mapping, as in Linux.
 */
#include "test/lib/paging.h"

#define POOL_START 0x00400000u
#define KERNEL_PTE (PTE_P | PTE_RW | PTE_A | PTE_D)
#define DIR_FLAGS  (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)

#define USER_CODE_ENTRY 14
#define USER_DATA_ENTRY 15
#define USER_CS		0x73
#define USER_DS		0x7b
#define GUEST_SS	0x69
#define FLAT_LO		0x0000ffffu
#define USER_CODE_HI	0x00cffb00u
#define USER_DATA_HI	0x00cff300u

bool pg_is_pae;

static u32 pool = POOL_START;
static u32 kernel_root; /* pattern for new spaces */
static u32 current;
static bool is_linear = true;

static u8 trap_stack[8192] __attribute__((aligned(4096)));
static u8 user_stack[4096] __attribute__((aligned(4096)));

u32 pg_alloc(void)
{
	u32 pa = pool;

	pool += PAGE_SIZE;
	VM_CHECK(pool <= PG_DIRECT && pool <= vm_ram_size());
	memset(is_linear ? (void *)pa : PG_VA(pa), 0, PAGE_SIZE);
	return pa;
}

static void *at(u32 pa)
{
	return is_linear ? (void *)pa : PG_VA(pa);
}

static u32 entry_size(void)
{
	return pg_is_pae ? 8 : 4;
}

static u64 entry_read(u32 pa)
{
	return pg_is_pae ? *(volatile u64 *)at(pa) : *(volatile u32 *)at(pa);
}

static void entry_write(u32 pa, u64 value)
{
	if (pg_is_pae) {
		((volatile u32 *)at(pa))[1] = (u32)(value >> 32);
	}
	*(volatile u32 *)at(pa) = (u32)value;
}

/* The table that the entry at @pa names; made with @flags if absent. */
static u32 next_table(u32 pa, u32 flags)
{
	u64 entry = entry_read(pa);

	if (!(entry & PTE_P)) {
		entry = pg_alloc() | flags;
		entry_write(pa, entry);
	}
	return (u32)entry & ~0xfffu;
}

u32 pg_table_of(u32 root, u32 va)
{
	u32 pd = root;

	if (!pg_is_pae) {
		return next_table(pd + (va >> 22) * 4, DIR_FLAGS);
	}
	pd = next_table(root + (va >> 30) * 8, PTE_P);
	return next_table(pd + (va >> 21 & 0x1ff) * 8, DIR_FLAGS);
}

u32 pg_entry_at(u32 root, u32 va)
{
	u32 mask = pg_is_pae ? 0x1ff : 0x3ff;

	return pg_table_of(root, va) + (va >> 12 & mask) * entry_size();
}

u64 pg_read(u32 root, u32 va)
{
	return entry_read(pg_entry_at(root, va));
}

void pg_write(u32 root, u32 va, u64 pte)
{
	entry_write(pg_entry_at(root, va), pte);
}

void pg_set(u32 root, u32 va, u64 pte)
{
	__asm__ volatile("" : : : "memory");
	pg_write(root, va, pte);
	/* Five arguments do not fit hypercall(): EDX, ESI carry the entry. */
	hypercall(HC_SET_PTE, root, va, (u32)pte, (u32)(pte >> 32));
}

static void fill_kernel(u32 root)
{
	for (u32 pa = 0; pa < POOL_START; pa += PAGE_SIZE) {
		pg_write(root, pa, pa | KERNEL_PTE | PTE_US);
	}
	for (u32 pa = 0; pa < PG_DIRECT && pa < vm_ram_size();
	     pa += PAGE_SIZE) {
		pg_write(root, PG_KERNEL + pa, pa | KERNEL_PTE);
	}
}

/* Spaces share the tables, not the directories, of their user parts. */
static void copy_entries(u32 to, u32 from, u32 bytes)
{
	memcpy(at(to), at(from), bytes);
}

u32 pg_new_space(void)
{
	u32 root = pg_alloc();

	copy_entries(root, kernel_root, pg_is_pae ? 32 : PAGE_SIZE);
	if (pg_is_pae) {
		u32 low = pg_alloc();

		copy_entries(low, (u32)entry_read(kernel_root) & ~0xfffu,
			     PAGE_SIZE);
		entry_write(root, low | PTE_P);
	}
	return root;
}

void pg_enter(u32 root)
{
	hypercall(HC_NEW_PGTABLE, root, 0, 0, 0);
	current = root;
	is_linear = false;
}

u32 pg_current(void)
{
	return current;
}

void pg_init(void)
{
	pg_is_pae = vm_has_word("pae");
	kernel_root = pg_alloc();
	fill_kernel(kernel_root);
	pg_enter(pg_new_space());
	hypercall(HC_LOAD_GDT_ENTRY, USER_CODE_ENTRY, FLAT_LO, USER_CODE_HI,
		  0);
	hypercall(HC_LOAD_GDT_ENTRY, USER_DATA_ENTRY, FLAT_LO, USER_DATA_HI,
		  0);
	hypercall(HC_SET_STACK, GUEST_SS,
		  (u32)trap_stack + sizeof(trap_stack), 2, 0);
}

static void enter_user(void *fn)
{
	__asm__ volatile("mov %0, %%ds\n\t"
			 "mov %0, %%es\n\t"
			 "pushl %0\n\t"
			 "pushl %1\n\t"
			 "pushl $0x202\n\t"
			 "pushl %2\n\t"
			 "pushl %3\n\t"
			 "iret"
			 :
			 : "r"(USER_DS),
			   "r"((u32)user_stack + sizeof(user_stack)),
			   "i"(USER_CS), "r"(fn)
			 : "memory");
}

const struct vm_trap *pg_user_try(void (*fn)(void))
{
	return vm_try(enter_user, (void *)fn);
}
