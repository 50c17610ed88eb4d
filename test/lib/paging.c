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

u32 pg_signed(u32 sign)
{
	u32 pa = pg_alloc();

	*(volatile u32 *)at(pa) = sign;
	return pa;
}

void pg_check_sign(u32 va, u32 sign)
{
	u32 value;
	const struct vm_trap *trap = vm_try_read(va, &value);

	if (trap) {
		vm_fail("0x%x: trap %u error 0x%x, not 0x%x", va, trap->vector,
			trap->error, sign);
	}
	if (value != sign) {
		vm_fail("0x%x: 0x%x, not 0x%x", va, value, sign);
	}
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

u32 pg_directory_entry_at(u32 root, u32 va)
{
	if (!pg_is_pae) {
		return root + (va >> 22) * 4;
	}
	return next_table(root + (va >> 30) * 8, PTE_P) +
	       (va >> 21 & 0x1ff) * 8;
}

u64 pg_read_at(u32 pa)
{
	return entry_read(pa);
}

void pg_write_at(u32 pa, u64 entry)
{
	__asm__ volatile("" : : : "memory");
	entry_write(pa, entry);
}

void pg_announce_directory(u32 root, u32 va)
{
	u32 at = pg_directory_entry_at(root, va);

	if (pg_is_pae) {
		hypercall(HC_SET_PMD, at & ~0xfffu, (at & 0xfff) / 8, 0, 0);
	} else {
		hypercall(HC_SET_PGD, root, va >> 22, 0, 0);
	}
}

void pg_set_directory(u32 root, u32 va, u64 entry)
{
	pg_write_at(pg_directory_entry_at(root, va), entry);
	pg_announce_directory(root, va);
}

void pg_flush(bool with_kernel)
{
	hypercall(HC_FLUSH_TLB, with_kernel, 0, 0, 0);
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

/* Spaces share the kernel's tables and no directory of a user part. */
static void copy_entries(u32 to, u32 from, u32 bytes)
{
	memcpy(at(to), at(from), bytes);
}

u32 pg_pattern(void)
{
	return kernel_root;
}

u32 pg_new_space(void)
{
	u32 root = pg_alloc();

	copy_entries(root, kernel_root, pg_is_pae ? 32 : PAGE_SIZE);
	for (u32 q = 0; pg_is_pae && q < PG_KERNEL >> 30; q++) {
		u64 entry = entry_read(kernel_root + q * 8);

		if (entry & PTE_P) {
			u32 own = pg_alloc();

			copy_entries(own, (u32)entry & ~0xfffu, PAGE_SIZE);
			entry_write(root + q * 8, own | PTE_P);
		}
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

u32 pg_trap_stack_top(void)
{
	return (u32)trap_stack + sizeof(trap_stack);
}

u32 pg_user_stack_top(void)
{
	return (u32)user_stack + sizeof(user_stack);
}

void pg_init(void)
{
	pg_is_pae = vm_is_pae_case();
	kernel_root = pg_alloc();
	fill_kernel(kernel_root);
	pg_enter(pg_new_space());
	hypercall(HC_LOAD_GDT_ENTRY, USER_CODE_ENTRY, FLAT_LO, USER_CODE_HI, 0);
	hypercall(HC_LOAD_GDT_ENTRY, USER_DATA_ENTRY, FLAT_LO, USER_DATA_HI, 0);
	hypercall(HC_SET_STACK, GUEST_SS, pg_trap_stack_top(), 2, 0);
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
			 : "r"(USER_DS), "r"(pg_user_stack_top()), "i"(USER_CS),
			   "r"(fn)
			 : "memory");
}

const struct vm_trap *pg_user_try(void (*fn)(void))
{
	return vm_try(enter_user, (void *)fn);
}

/*
 * One access each, from a place with a name. They end with an undefined
 * instruction in ring 3 and by returning in ring 1.
 */
u32 pg_access_value = PG_UD2;
static u32 access_address;

static void user_read(void)
{
	pg_access_value = *(volatile u32 *)access_address;
	pg_user_end();
}

static void user_write(void)
{
	*(volatile u32 *)access_address = pg_access_value;
	pg_user_end();
}

static void user_fetch(void)
{
	__asm__ volatile("jmp *%0" : : "r"(access_address));
}

static void kernel_read(void *arg)
{
	pg_access_value = *(volatile u32 *)arg;
}

static void kernel_write(void *arg)
{
	*(volatile u32 *)arg = pg_access_value;
}

static void kernel_fetch(void *arg)
{
	__asm__ volatile("jmp *%0" : : "r"(arg));
}

/* Did the access happen, going by how its function ended? */
static bool happened(const struct vm_trap *trap, u32 va, enum pg_access what)
{
	if (!trap || trap->vector != TRAP_UD) {
		return !trap;
	}
	return what == PG_FETCH ? trap->eip == va : trap->cs == USER_CS;
}

const struct vm_trap *pg_access(u32 va, enum pg_access what, u32 ring)
{
	static void (*const user[])(void) = { user_read, user_write,
					      user_fetch };
	static void (*const kernel[])(void *) = { kernel_read, kernel_write,
						  kernel_fetch };
	const struct vm_trap *trap;

	access_address = va;
	trap = ring == 3 ? pg_user_try(user[what])
			 : vm_try(kernel[what], (void *)va);
	return happened(trap, va, what) ? NULL : trap;
}

void pg_check_fault(const struct vm_trap *trap, u32 va, u32 error)
{
	if (!trap) {
		vm_fail("0x%x: no fault, not error 0x%x", va, error);
	}
	if (trap->vector != TRAP_PF || trap->error != error ||
	    trap->cr2 != va) {
		vm_fail("0x%x: trap %u error 0x%x cr2 0x%x, not error 0x%x", va,
			trap->vector, trap->error, trap->cr2, error);
	}
}
