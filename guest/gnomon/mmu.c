// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page tables of processes and of the kernel (formats: guest/lib/paging.h).
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

#define KERNEL_PTE (PTE_P | PTE_RW | PTE_A | PTE_D)

#define USER_ROOT_ENTRIES 512 /* 2-level */
#define USER_DIRECTORIES  2   /* PAE */

/* Tables for which mmu_space.groups has one bit. */
#define GROUP_TABLES 32

#define CACHED_TABLES 64
#define CACHED_ROOTS  8

bool paging_is_pae;
bool mmu_has_nx;

static uint32_t kernel_root;
static uint32_t current_root;

/* Stacks of frames ready for use. */
static uint32_t tables[CACHED_TABLES], table_count;
static uint32_t roots[CACHED_ROOTS], root_count;

void *mmu_pte(const struct mmu_space *s, uint32_t va)
{
	return paging_entry(s->root, va);
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
	void *entry = paging_directory_entry(s->root, va);
	uint32_t table = paging_table(entry);

	if (!table) {
		table = table_new();
		if (!table) {
			return NULL;
		}
		paging_write(entry, table | PTE_TABLE);
		s->groups |= 1u << (va >> paging_table_shift()) / GROUP_TABLES;
	}
	return paging_entry_in(table, va);
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

uint32_t mmu_next_table(uint32_t va)
{
	return (va | ((1u << paging_table_shift()) - 1)) + 1;
}

static void unlink_table(struct mmu_space *s, uint32_t va)
{
	void *entry = paging_directory_entry(s->root, va);
	uint32_t table = paging_table(entry);

	if (!table) {
		return;
	}
	paging_write(entry, 0);
	if (paging_is_pae) {
		platform->pde_changed(s->root, page_down(frame_of(entry)),
				      paging_directory_index(va));
	} else {
		platform->pde_changed(s->root, 0, va >> 22);
	}
	table_free(table);
}

/* Tables of one group, of those [@first, @end) that the space could have. */
static void free_group(struct mmu_space *s, uint32_t group, uint32_t first,
		       uint32_t end)
{
	uint32_t from = group * GROUP_TABLES, to = from + GROUP_TABLES;
	uint32_t n;

	if (first <= from && to <= end) {
		s->groups &= ~(1u << group);
	}
	for (n = first > from ? first : from; n < to && n < end; n++) {
		unlink_table(s, n << paging_table_shift());
	}
}

void mmu_free_tables(struct mmu_space *s, uint32_t start, uint32_t end)
{
	uint32_t shift = paging_table_shift();
	uint32_t first = (start + (1u << shift) - 1) >> shift;
	uint32_t last = end >> shift;
	uint32_t groups = s->groups;

	if (first >= last) {
		return;
	}
	for (; groups; groups &= groups - 1) {
		free_group(s, (uint32_t)__builtin_ctz(groups), first, last);
	}
}

/* --- spaces --------------------------------------------------------------- */

static int root_fill(uint32_t root)
{
	uint64_t *pae = frame_at(root);
	uint32_t i;

	if (!paging_is_pae) {
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

	for (i = 0; paging_is_pae && i < USER_DIRECTORIES; i++) {
		uint32_t directory = paging_table(&pae[i]);

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
	s->groups = 0;
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

void mmu_activate(const struct mmu_space *s)
{
	if (s->root != current_root) {
		current_root = s->root;
		platform->set_root(s->root);
	}
}

/* --- the kernel's half ---------------------------------------------------- */

/* The boot's mapping of the first addresses one to one goes. */
void mmu_init(const struct early *e)
{
	paging_is_pae = e->is_pae;
	kernel_root = current_root = e->root;
	paging_write(frame_at(kernel_root), 0);
	platform->pde_changed(kernel_root, 0, 0);
	platform->flush_kernel();
	platform->mmu_sync();
}

void mmu_map_kernel(uint32_t va, uint32_t pa, uint32_t flags)
{
	void *entry = paging_entry(kernel_root, va);

	paging_write(entry, pa | flags | KERNEL_PTE);
	platform->pte_changed(kernel_root, va, paging_read(entry));
}

uint32_t mmu_unmap_kernel(uint32_t va)
{
	void *entry = paging_entry(kernel_root, va);
	uint32_t pa = mmu_frame(paging_read(entry));

	paging_write(entry, 0);
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

	size = page_up(size + offset);
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
