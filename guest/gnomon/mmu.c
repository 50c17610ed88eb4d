// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page tables in both formats.
 *
 *	2-level		root: 1024 x 4 bytes -> table: 1024 x 4 bytes
 *	PAE		root: 4 x 8 bytes -> directory: 512 -> table: 512
 *
 * The kernel's half, KERNEL_BASE and above, is made by early.c and the same
 * in all spaces: entries 512 to 1023 of a 2-level root, 2 and 3 of a PAE one.
 *
 * I1  Tables of user mappings that are freed hold zeros only, so they are
 *     kept for the next space as they are; so are roots.
 * I2  A table is unlinked and that is announced before its frame is used
 *     again: announcements are made in order.
 */
#include "guest/gnomon/mmu.h"

#include <string.h>

#include "guest/gnomon/early.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"
#include "guest/lib/virtio.h"

#define TABLE_FLAGS (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)
#define KERNEL_PTE  (PTE_P | PTE_RW | PTE_A | PTE_D)

#define USER_ROOT_ENTRIES 512 /* 2-level */
#define USER_DIRECTORIES  2   /* PAE */
#define PAE_ENTRIES	  512

#define CACHED_TABLES 64
#define CACHED_ROOTS  8

bool mmu_is_pae;
bool mmu_has_nx;

static uint32_t kernel_root;
static uint32_t current_root;

/* Stacks of frames ready for use. */
static uint32_t tables[CACHED_TABLES], table_count;
static uint32_t roots[CACHED_ROOTS], root_count;

/* --- entries -------------------------------------------------------------- */

uint64_t mmu_read(const void *pte)
{
	return mmu_is_pae ? *(const uint64_t *)pte : *(const uint32_t *)pte;
}

/*
 * A PAE entry is written in halves, and must be absent in between: the
 * processor may look at any time.
 */
void mmu_write(void *pte, uint64_t value)
{
	volatile uint32_t *half = pte;

	if (!mmu_is_pae) {
		half[0] = (uint32_t)value;
	} else if (half[1] == (uint32_t)(value >> 32)) {
		half[0] = (uint32_t)value;
	} else {
		half[0] = 0;
		half[1] = (uint32_t)(value >> 32);
		half[0] = (uint32_t)value;
	}
}

static uint32_t table_at(const void *entry)
{
	uint32_t low = *(const uint32_t *)entry;

	return low & PTE_P ? low & ~(uint32_t)PAGE_MASK : 0;
}

/* The lowest directory's entry for @va. Roots have all PAE directories. */
static void *directory_entry(uint32_t root, uint32_t va)
{
	const uint64_t *pae = frame_at(root);
	uint64_t *directory;

	if (!mmu_is_pae) {
		return (uint32_t *)frame_at(root) + (va >> 22);
	}
	directory = frame_at(table_at(&pae[va >> 30]));
	return directory + (va >> 21 & (PAE_ENTRIES - 1));
}

static void *entry_in(uint32_t table, uint32_t va)
{
	if (!mmu_is_pae) {
		return (uint32_t *)frame_at(table) + (va >> 12 & 0x3ff);
	}
	return (uint64_t *)frame_at(table) + (va >> 12 & (PAE_ENTRIES - 1));
}

static void *entry_of(uint32_t root, uint32_t va)
{
	uint32_t table = table_at(directory_entry(root, va));

	return table ? entry_in(table, va) : NULL;
}

void *mmu_pte(const struct mmu_space *s, uint32_t va)
{
	return entry_of(s->root, va);
}

static uint32_t table_new(void)
{
	return table_count ? tables[--table_count] : frame_alloc_zero();
}

static void table_free(uint32_t pa)
{
	if (table_count < CACHED_TABLES) {
		tables[table_count++] = pa;
	} else {
		frame_put(pa);
	}
}

/*
 * A table that appears need not be announced: what is absent is looked up
 * when it is needed.
 */
void *mmu_pte_make(struct mmu_space *s, uint32_t va)
{
	void *entry = directory_entry(s->root, va);
	uint32_t table = table_at(entry);

	if (!table) {
		table = table_new();
		if (!table) {
			return NULL;
		}
		mmu_write(entry, table | TABLE_FLAGS);
	}
	return entry_in(table, va);
}

/* --- announcements -------------------------------------------------------- */

void mmu_changed(struct mmu_space *s, uint32_t va, uint64_t pte)
{
	platform->pte_changed(s->root, va, pte);
}

void mmu_changed_many(struct mmu_space *s)
{
	if (s->root == current_root) {
		platform->flush_user();
	}
}

void mmu_commit(void)
{
	platform->mmu_sync();
}

static uint32_t bytes_per_table(void)
{
	return PAGE_SIZE * (mmu_is_pae ? PAE_ENTRIES : 1024);
}

uint32_t mmu_next_table(uint32_t va)
{
	return (va | (bytes_per_table() - 1)) + 1;
}

static void unlink_table(struct mmu_space *s, uint32_t va)
{
	void *entry = directory_entry(s->root, va);
	uint32_t table = table_at(entry);

	if (!table) {
		return;
	}
	mmu_write(entry, 0);
	if (mmu_is_pae) {
		platform->pde_changed(s->root,
				      frame_of(entry) & ~(uint32_t)PAGE_MASK,
				      va >> 21 & (PAE_ENTRIES - 1));
	} else {
		platform->pde_changed(s->root, 0, va >> 22);
	}
	table_free(table);
}

void mmu_free_tables(struct mmu_space *s, uint32_t start, uint32_t end)
{
	uint32_t step = bytes_per_table();
	uint32_t va = (start + step - 1) & ~(step - 1);

	for (; va < KERNEL_BASE && end - va >= step && va < end; va += step) {
		unlink_table(s, va);
	}
}

/* --- spaces --------------------------------------------------------------- */

static int root_fill(uint32_t root)
{
	uint64_t *pae = frame_at(root);
	uint32_t i;

	if (!mmu_is_pae) {
		memcpy((uint32_t *)frame_at(root) + USER_ROOT_ENTRIES,
		       (uint32_t *)frame_at(kernel_root) + USER_ROOT_ENTRIES,
		       PAGE_SIZE - USER_ROOT_ENTRIES * sizeof(uint32_t));
		return 0;
	}
	memcpy(pae, frame_at(kernel_root), 4 * sizeof(*pae));
	for (i = 0; i < USER_DIRECTORIES; i++) {
		uint32_t directory = table_new();

		if (!directory) {
			return -ENOMEM;
		}
		pae[i] = directory | PTE_P;
	}
	return 0;
}

/* @root is not known to the hypervisor, or all its user entries are zero. */
static void root_free(uint32_t root)
{
	uint64_t *pae = frame_at(root);
	uint32_t i;

	for (i = 0; mmu_is_pae && i < USER_DIRECTORIES; i++) {
		uint32_t directory = table_at(&pae[i]);

		pae[i] = 0;
		platform->pde_changed(root, 0, i);
		if (directory) {
			table_free(directory);
		}
	}
	frame_put(root);
}

int mmu_create(struct mmu_space *s)
{
	if (root_count) {
		s->root = roots[--root_count];
		return 0;
	}
	s->root = frame_alloc_zero();
	if (!s->root) {
		return -ENOMEM;
	}
	if (root_fill(s->root)) {
		root_free(s->root);
		return -ENOMEM;
	}
	return 0;
}

void mmu_destroy(struct mmu_space *s)
{
	mmu_free_tables(s, 0, KERNEL_BASE);
	if (root_count < CACHED_ROOTS) {
		roots[root_count++] = s->root;
	} else {
		root_free(s->root);
	}
	s->root = 0;
}

static void activate(uint32_t root)
{
	if (root != current_root) {
		current_root = root;
		platform->set_root(root);
	}
}

void mmu_activate(const struct mmu_space *s)
{
	activate(s->root);
}

void mmu_activate_kernel(void)
{
	activate(kernel_root);
}

/* --- the kernel's half ---------------------------------------------------- */

/* The boot's mapping of the first addresses one to one goes. */
void mmu_init(const struct early *e)
{
	mmu_is_pae = e->is_pae;
	kernel_root = current_root = e->root;
	mmu_write(frame_at(kernel_root), 0);
	platform->pde_changed(kernel_root, 0, 0);
	platform->flush_kernel();
	platform->mmu_sync();
}

void mmu_map_kernel(uint32_t va, uint32_t pa, uint32_t flags)
{
	void *entry = entry_of(kernel_root, va);

	mmu_write(entry, pa | flags | KERNEL_PTE);
	platform->pte_changed(kernel_root, va, mmu_read(entry));
}

uint32_t mmu_unmap_kernel(uint32_t va)
{
	void *entry = entry_of(kernel_root, va);
	uint32_t pa = mmu_frame(mmu_read(entry));

	mmu_write(entry, 0);
	platform->pte_changed(kernel_root, va, 0);
	return pa;
}

/* Device windows are handed out in order and never returned. */
volatile void *sdk_map_device(uint32_t pa, uint32_t size)
{
	static uint32_t next = MMIO_START;
	uint32_t offset = pa & PAGE_MASK;
	uint32_t va = next;
	uint32_t at;

	size = (size + offset + PAGE_MASK) & ~(uint32_t)PAGE_MASK;
	if (size > MMIO_START + MMIO_SIZE - next) {
		return NULL;
	}
	for (at = 0; at < size; at += PAGE_SIZE) {
		mmu_map_kernel(va + at, pa - offset + at, PTE_PCD);
	}
	next += size;
	platform->mmu_sync();
	return (volatile void *)(va + offset);
}
