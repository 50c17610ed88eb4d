/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor's own page tables.
 *
 * I1  W^X: no frame is writable and executable; only .text and the Switcher's
 *     code are executable (enforced where the processor has NX).
 * I2  What is not RAM is absent until somebody maps it by name.
 * I3  Nothing here is global: a CR3 load forgets everything.
 *
 * Next: mm/shadow.c, the guest's side.
 */
#include "mm/hvmap.h"

#include <string.h>

#include "arch/x86/cpu.h"
#include "arch/x86/layout.h"
#include "arch/x86/pte.h"
#include "arch/x86/sections.h"
#include "hv/lib/panic.h"
#include "mm/pte_set.h"

#define PTE_BASE (PTE_P | PTE_RW | PTE_A | PTE_D)

static u64 pdpt[PAE_PDPTES] __aligned(32);
static u64 pd[PAE_PDPTES * PAE_ENTRIES] __aligned(4096);

static struct pfa *frames;
static u64 nx; /* PTE_NX, or 0 where the processor has none */
static u32 device_next = DEVICE_BASE;

static struct {
	u64 *pte; /* [HVMAP_SLOTS] */
	mfn_t frame[HVMAP_SLOTS];
	u64 used[HVMAP_SLOTS]; /* at which call, 0: never */
	u64 calls;
} slots;

mfn_t hvmap_frame_of(const void *p)
{
	return mk_mfn((u32)(uintptr_t)p >> PAGE_SHIFT);
}

static u64 *new_table(void)
{
	mfn_t f = pfa_alloc(frames, 0, PFA_LOW, FRAME_HV);

	if (mfn_eq(f, INVALID_mfn)) {
		panic("no memory for the hypervisor's page tables");
	}
	return memset((void *)(uintptr_t)mfn_to_hpa(f).raw, 0, PAGE_SIZE);
}

/* The entry that maps the 4 KiB page at @va; makes its table if need be. */
static u64 *pte_of(u32 va)
{
	u64 *pde = &pd[va >> PAE_PD_SHIFT];
	u64 *table;

	if (*pde & PTE_P) {
		table = (u64 *)(uintptr_t)(*pde & PTE_FRAME);
	} else {
		table = new_table();
		pte_set(pde, (u32)(uintptr_t)table | PTE_P | PTE_RW);
	}
	return &table[va >> PAGE_SHIFT & (PAE_ENTRIES - 1)];
}

static void map_page(u32 va, u64 pte)
{
	pte_set(pte_of(va), pte);
	invlpg((void *)(uintptr_t)va);
}

/* Rights of the one to one map at @va, by the sections of the image. */
static u64 direct_rights(u32 va)
{
	if (va >= (u32)(uintptr_t)image_start) {
		if (va < (u32)(uintptr_t)text_end) {
			return PTE_P | PTE_A;
		}
		/* The Switcher's code runs elsewhere: here it is read-only. */
		if (va < (u32)(uintptr_t)switch_load + PAGE_SIZE) {
			return PTE_P | PTE_A | nx;
		}
	}
	if (va == 0 || va == (u32)(uintptr_t)df_stack_guard ||
	    va == (u32)(uintptr_t)hv_stack_guard) {
		return 0;
	}
	return PTE_BASE | nx;
}

/* A large page must not cover page 0 or the image. */
static bool is_plain(u32 va)
{
	return va >= ROUND_UP((u32)(uintptr_t)image_end, LARGE_PAGE_SIZE);
}

static void map_direct(u64 base, u64 end)
{
	for (u64 a = base; a < end;) {
		u32 va = (u32)a;

		if (a % LARGE_PAGE_SIZE == 0 && end - a >= LARGE_PAGE_SIZE &&
		    is_plain(va)) {
			pte_set(&pd[va >> PAE_PD_SHIFT],
				a | PTE_BASE | PTE_PS | nx);
			a += LARGE_PAGE_SIZE;
			continue;
		}
		if (direct_rights(va)) {
			pte_set(pte_of(va), a | direct_rights(va));
		}
		a += PAGE_SIZE;
	}
}

void hvmap_init(struct pfa *pfa, const struct memmap *map, bool has_nx)
{
	frames = pfa;
	nx = has_nx ? PTE_NX : 0;
	for (u32 i = 0; i < PAE_PDPTES; i++) {
		pdpt[i] = (u32)(uintptr_t)&pd[i * PAE_ENTRIES] | PTE_P;
	}
	for (u32 i = 0; i < map->count; i++) {
		const struct mem_range *r = &map->range[i];

		if (r->kind != MEM_RESERVED && r->base < DIRECT_LIMIT) {
			map_direct(r->base,
				   min_u64(r->base + r->len, DIRECT_LIMIT));
		}
	}
	slots.pte = pte_of(SLOTS_BASE);
	for (u32 i = 0; i < HVMAP_SLOTS; i++) {
		slots.frame[i] = INVALID_mfn;
	}
	write_cr3(hvmap_root());
	write_cr0(read_cr0() | CR0_PG | CR0_WP);
}

u32 hvmap_root(void)
{
	return (u32)(uintptr_t)pdpt;
}

static void *slot_address(u32 i)
{
	return (void *)(uintptr_t)(SLOTS_BASE + i * PAGE_SIZE);
}

/*
 * A frame above DIRECT_LIMIT: its slot, or that which nobody asked for for the
 * longest time. A slot that is found counts as asked for: the caller may hold
 * its address for as many calls as one who got a new slot.
 */
static __cold_path void *map_in_slot(mfn_t f)
{
	u32 oldest = 0;
	u32 i;

	for (i = 0; i < HVMAP_SLOTS && !mfn_eq(slots.frame[i], f); i++) {
		if (slots.used[i] < slots.used[oldest]) {
			oldest = i;
		}
	}
	slots.calls++;
	if (i < HVMAP_SLOTS) {
		slots.used[i] = slots.calls;
		return slot_address(i);
	}
	i = oldest;
	slots.used[i] = slots.calls;
	slots.frame[i] = f;
	pte_set(&slots.pte[i], 0);
	pte_set(&slots.pte[i], mfn_to_hpa(f).raw | PTE_BASE | nx);
	/* The slot's former page may still be in the TLB. */
	invlpg(slot_address(i));
	return slot_address(i);
}

bool hvmap_is_direct(mfn_t f)
{
	return mfn_raw(f) < DIRECT_LIMIT >> PAGE_SHIFT;
}

void *hvmap_page(mfn_t f)
{
	if (likely(hvmap_is_direct(f))) {
		return (void *)(uintptr_t)(mfn_raw(f) << PAGE_SHIFT);
	}
	return map_in_slot(f);
}

/* Take @len bytes of address space for a map that stays; 0 when used up. */
static u32 reserve_space(u32 len)
{
	u32 va = device_next;

	if (len > DEVICE_LIMIT - va) {
		return 0;
	}
	device_next += len;
	return va;
}

void *hvmap_window(u32 count)
{
	u32 va = reserve_space(count * PAGE_SIZE);

	BUG_ON(va == 0);
	return (void *)(uintptr_t)va;
}

void hvmap_repin(void *window, const mfn_t *f, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		u32 va = (u32)(uintptr_t)window + i * PAGE_SIZE;

		map_page(va, 0);
		map_page(va, mfn_to_hpa(f[i]).raw | PTE_BASE | nx);
	}
}

/* Map a range at an address of its own with these rights, for ever. */
static void *map_range(hpa_t addr, u32 len, u64 rights)
{
	u32 offset = (u32)hpa_raw(addr) & PAGE_MASK;
	u32 size, va;

	if (len > DEVICE_LIMIT - DEVICE_BASE - 2 * PAGE_SIZE) {
		return NULL;
	}
	size = ROUND_UP(offset + len, PAGE_SIZE);
	va = reserve_space(size);
	if (va == 0) {
		return NULL;
	}
	for (u32 i = 0; i < size; i += PAGE_SIZE) {
		map_page(va + i, (hpa_raw(addr) - offset + i) | rights);
	}
	return (void *)(uintptr_t)(va + offset);
}

void *hvmap_device(hpa_t addr, u32 len)
{
	return map_range(addr, len, PTE_BASE | PTE_PCD | PTE_PWT | nx);
}

void *hvmap_ram(hpa_t addr, u32 len)
{
	return map_range(addr, len, PTE_BASE | nx);
}

void hvmap_switcher(u32 va, mfn_t f, bool is_code)
{
	u64 rights = is_code ? PTE_P | PTE_A : PTE_BASE | nx;

	map_page(va, mfn_to_hpa(f).raw | rights);
}
