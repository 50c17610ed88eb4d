/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "test/host/fake_cpu.h"
#include "test/host/fake_hvmap.h"
#include "mm/gaccess.h"

/* One chunk of sh_gframe, and what tests need besides. */
#define MACHINE_SPARE 1400

/* More refills in a row than any of the tests has roots. */
#define REFILLS_MAX 600

struct world w;

/* --- the machine -------------------------------------------------------- */

static void init_pfa(u32 frames, u32 direct)
{
	static struct memmap map;

	map = (struct memmap){ .count = 1 };
	map.range[0] = (struct mem_range){ .base = PAGE_SIZE,
					   .len = (u64)(frames - 1) * PAGE_SIZE,
					   .kind = MEM_AVAILABLE };
	w.pfa_table = malloc(pfa_table_size(frames));
	assert_non_null(w.pfa_table);
	pfa_init(&w.pfa, w.pfa_table, frames, direct, &map);
}

static mfn_t hv_frame(void)
{
	mfn_t f = pfa_alloc(&w.pfa, 0, PFA_LOW, FRAME_HV);

	assert_false(mfn_eq(f, INVALID_mfn));
	return f;
}

static void note_write(void *ctx, gfn_t f)
{
	sh_note_write(ctx, f);
}

static void init_guest(const struct world_config *c, u32 direct)
{
	u32 reserve = w.machine > direct ? 700 : 0;

	assert_int_equal(p2m_init(&w.p2m, &w.pfa, c->ram, reserve), 0);
	w.p2m.on_write = note_write;
	w.p2m.on_write_ctx = &w.shadow;
	w.mmu = (struct mmu_ctx){ .p2m = &w.p2m, .allows_nx = c->has_nx };
	w.switcher = (struct sh_switcher){ hv_frame(), hv_frame(), hv_frame() };
	assert_int_equal(
		sh_init(&w.shadow, &w.pfa, &w.mmu, &w.switcher, c->page_limit),
		0);
	for (u32 o = 0; o < FRAME_OWNERS; o++) {
		w.boot_frames[o] = pfa_count(&w.pfa, o);
	}
}

void world_init(const struct world_config *c)
{
	u32 direct;

	memset(&w, 0, sizeof(w));
	w.config = *c;
	w.machine = c->machine ? c->machine : c->ram + MACHINE_SPARE;
	direct = c->direct ? c->direct : w.machine;
	fake_hvmap_init(w.machine, direct);
	init_pfa(w.machine, direct);
	init_guest(c, direct);
	w.gfn_of = malloc(w.machine * sizeof(u32));
	assert_non_null(w.gfn_of);
	memset(w.gfn_of, 0xff, w.machine * sizeof(u32));
	for (u32 i = 0; i < c->ram; i++) {
		w.gfn_of[w.p2m.entry[i] >> P2M_SHIFT] = i;
	}
	w.free = 1;
}

void world_free(void)
{
	free(w.gfn_of);
	free(w.pfa_table);
	fake_hvmap_free();
}

/* --- guest memory ------------------------------------------------------- */

u32 world_new_frame(void)
{
	static const u8 zero[PAGE_SIZE];

	assert_in_range(w.free, 0, w.config.ram - 1);
	assert_int_equal(gaccess_write(&w.p2m, gfn_to_gpa(mk_gfn(w.free)), zero,
				       PAGE_SIZE),
			 0);
	return w.free++;
}

static u32 entry_size(void)
{
	return w.config.is_pae ? 8 : 4;
}

/* The test's own view: no look-up, no slots, no side effects. */
static const void *guest_frame(u32 gfn)
{
	static const u8 zero[PAGE_SIZE] __aligned(8);
	u32 e = w.p2m.entry[gfn];

	return e & P2M_ZEROED ? fake_frame(mk_mfn(e >> P2M_SHIFT)) : zero;
}

u64 world_entry(u32 gfn, u32 i)
{
	const void *table;

	if (gfn >= w.config.ram) {
		return 0;
	}
	table = guest_frame(gfn);
	return w.config.is_pae ? ((const u64 *)table)[i]
			       : ((const u32 *)table)[i];
}

void world_set_entry(u32 gfn, u32 i, u64 value)
{
	gpa_t at = gpa_add(gfn_to_gpa(mk_gfn(gfn)), i * entry_size());

	assert_int_equal(gaccess_write(&w.p2m, at, &value, entry_size()), 0);
}

u64 world_get(struct place p)
{
	return p.gfn == NO_GFN ? 0 : world_entry(p.gfn, p.i);
}

void world_set(struct place p, u64 value)
{
	world_set_entry(p.gfn, p.i, value);
}

u64 world_to(u32 gfn, u64 flags)
{
	return (u64)gfn << PAGE_SHIFT | flags;
}

static u32 frame_in(u64 entry)
{
	u64 f = (entry & PTE_FRAME) >> PAGE_SHIFT;

	return entry & PTE_P && f < w.config.ram ? (u32)f : NO_GFN;
}

struct place world_pdpte(u64 root, u32 q)
{
	return (struct place){ (u32)(root >> PAGE_SHIFT),
			       (u32)(root & PAGE_MASK) / 8 + q };
}

struct place world_pde(u64 root, u32 va)
{
	if (!w.config.is_pae) {
		return (struct place){ (u32)(root >> PAGE_SHIFT), va >> 22 };
	}
	return (struct place){ frame_in(world_get(world_pdpte(root, va >> 30))),
			       va >> 21 & 511 };
}

struct place world_pte(u64 root, u32 va)
{
	return (struct place){ frame_in(world_get(world_pde(root, va))),
			       va >> 12 & (w.config.is_pae ? 511 : 1023) };
}

void world_map(u64 root, u32 va, u64 pte)
{
	if (w.config.is_pae && world_pde(root, va).gfn == NO_GFN) {
		world_set(world_pdpte(root, va >> 30),
			  world_to(world_new_frame(), PTE_P));
	}
	if (world_pte(root, va).gfn == NO_GFN) {
		world_set(world_pde(root, va),
			  world_to(world_new_frame(), DIR_FLAGS));
	}
	world_set(world_pte(root, va), pte);
}

/* --- address spaces ----------------------------------------------------- */

static u32 kernel_start(void)
{
	return ROUND_UP(w.config.kernel, 0x400000u);
}

u32 world_kva(u32 gfn, u32 offset)
{
	return kernel_start() + (gfn << PAGE_SHIFT) + offset;
}

/* PAE: GiB @q of a new root. */
static void inherit_gib(u64 root, u32 q)
{
	u32 start = kernel_start();
	u32 from = q << 30;

	if (start >> 30 > q) {
		return;
	}
	if (start <= from) {
		world_set(world_pdpte(root, q),
			  world_get(world_pdpte(w.kernel_root, q)));
		return;
	}
	world_set(world_pdpte(root, q), world_to(world_new_frame(), PTE_P));
	for (u32 i = start >> 21 & 511; i < 512; i++) {
		u32 va = from | i << 21;

		world_set(world_pde(root, va),
			  world_get(world_pde(w.kernel_root, va)));
	}
}

static void inherit_kernel(u64 root)
{
	if (w.config.is_pae) {
		for (u32 q = 0; q < 4; q++) {
			inherit_gib(root, q);
		}
		return;
	}
	for (u32 i = kernel_start() >> 22; i < 1024; i++) {
		world_set_entry(
			(u32)(root >> PAGE_SHIFT), i,
			world_entry((u32)(w.kernel_root >> PAGE_SHIFT), i));
	}
}

u64 world_new_root(void)
{
	u64 root = (u64)world_new_frame() << PAGE_SHIFT;

	if (w.config.is_pae) {
		/* PAE roots need not begin a page. */
		root |= w.free % 128 * 32;
	}
	if (w.kernel_root) {
		inherit_kernel(root);
		return root;
	}
	w.kernel_root = root;
	for (u32 f = 0; f < w.config.ram; f++) {
		world_map(root, world_kva(f, 0), world_to(f, KERN_FLAGS));
	}
	return root;
}

void world_switch(u64 root)
{
	if (w.mmu.mode == GWALK_LINEAR) {
		w.mmu.mode = w.config.is_pae ? GWALK_PAE : GWALK_2LEVEL;
	}
	assert_int_equal(sh_switch(&w.shadow, mk_gpa(root)), 0);
}

/* --- the guest runs ----------------------------------------------------- */

struct model_result world_model(u32 va, u32 kind)
{
	static const enum model_format format[] = {
		[GWALK_LINEAR] = MODEL_LINEAR,
		[GWALK_2LEVEL] = MODEL_2LEVEL,
		[GWALK_PAE] = MODEL_PAE,
	};
	const struct model m = { .format = format[w.mmu.mode],
				 .root = gpa_raw(w.mmu.root),
				 .ram = (u64)w.config.ram << PAGE_SHIFT,
				 .has_nx = w.config.has_nx,
				 .frame = guest_frame };

	return model_walk(&m, va, kind);
}

static u32 gfn_of_leaf(u64 leaf)
{
	mfn_t f = mk_mfn((u32)((leaf & PTE_FRAME) >> PAGE_SHIFT));

	return fake_has_frame(f) ? w.gfn_of[mfn_raw(f)] : NO_GFN;
}

/* What sh_fault() must answer. */
static void check_answer(u32 va, const struct cpu_walk *cpu, enum sh_rc rc,
			 const struct gwalk *walk,
			 const struct model_result *model)
{
	if (va >= SWITCH_BASE) {
		assert_int_equal(rc, SH_REFLECT);
		return;
	}
	switch (model->rc) {
	case MODEL_OK:
		assert_true(rc == SH_FIXED || rc == SH_REFILL);
		break;
	case MODEL_MMIO:
		assert_int_equal(rc, SH_MMIO);
		assert_true(gpa_raw(walk->gpa) == model->gpa);
		break;
	case MODEL_FAULT:
		assert_int_equal(rc, SH_REFLECT);
		assert_int_equal(walk->pfec, model->error);
		break;
	case MODEL_KILL:
		assert_int_equal(rc, SH_BAD);
		assert_non_null(walk->why);
		break;
	}
	assert_int_equal(cpu->error & PFEC_RSVD, 0);
}

static struct cpu_walk cpu_access(u32 va, u32 kind)
{
	return cpu_walk(sh_cr3(&w.shadow), va, kind, w.config.has_nx);
}

static bool is_over(struct access *a, enum sh_rc rc, const struct gwalk *walk)
{
	switch (rc) {
	case SH_FIXED:
		/* What was filled must serve the access that asked for it. */
		a->fixes++;
		assert_int_equal(a->fixes, 1);
		return false;
	case SH_REFILL:
		a->refills++;
		assert_in_range(a->refills, 0, REFILLS_MAX);
		return false;
	case SH_REFLECT:
		a->rc = ACCESS_FAULT;
		a->error = walk->pfec;
		return true;
	case SH_MMIO:
		a->rc = ACCESS_MMIO;
		return true;
	case SH_BAD:
		a->rc = ACCESS_KILL;
		return true;
	}
	fail_msg("sh_fault() answered %d", rc);
	return true;
}

struct access world_access(u32 va, u32 kind)
{
	struct access a = { .gfn = NO_GFN };
	struct cpu_walk cpu = cpu_access(va, kind);

	while (!cpu.is_ok) {
		struct model_result model =
			world_model(va, w.config.has_nx ? kind
						      : kind & ~(u32)FETCH);
		struct gwalk walk;
		enum sh_rc rc =
			sh_fault(&w.shadow, mk_gva(va), cpu.error, &walk);

		check_answer(va, &cpu, rc, &walk, &model);
		if (rc == SH_FIXED) {
			a.write_count = model.write_count;
			memcpy(a.write, model.write, sizeof(a.write));
		}
		if (is_over(&a, rc, &walk)) {
			return a;
		}
		cpu = cpu_access(va, kind);
	}
	a.gfn = gfn_of_leaf(cpu.leaf);
	if (va < SWITCH_BASE) {
		assert_int_not_equal(a.gfn, NO_GFN);
	}
	return a;
}

bool world_store(u32 va, u32 value)
{
	struct access a = world_access(va, WRITE);

	if (a.rc != ACCESS_OK || a.gfn == NO_GFN) {
		return false;
	}
	/* A frame that was mapped has been looked up, so it was zeroed. */
	*(u32 *)((uintptr_t)guest_frame(a.gfn) + (va & PAGE_MASK)) = value;
	return true;
}

bool world_store_entry(struct place p, u64 value)
{
	u32 va = world_kva(p.gfn, p.i * entry_size());
	struct access a = world_access(va, WRITE);

	/* The guest's direct map may have been broken by the guest. */
	if (a.rc != ACCESS_OK || a.gfn != p.gfn) {
		return false;
	}
	if (!w.config.is_pae) {
		return world_store(va, (u32)value);
	}
	/* Present last, as kernels do it. */
	if (value & PTE_P) {
		return world_store(va + 4, HI32(value)) &&
		       world_store(va, LO32(value));
	}
	return world_store(va, LO32(value)) && world_store(va + 4, HI32(value));
}

/* --- looking ------------------------------------------------------------ */

bool world_is_mapped(u32 va)
{
	return cpu_look(sh_cr3(&w.shadow), va, w.config.has_nx).is_ok;
}

u32 world_mapped_gfn(u32 va)
{
	struct cpu_walk c = cpu_look(sh_cr3(&w.shadow), va, w.config.has_nx);

	return c.is_ok ? gfn_of_leaf(c.leaf) : NO_GFN;
}

bool world_is_writable(u32 va)
{
	struct cpu_walk c = cpu_look(sh_cr3(&w.shadow), va, w.config.has_nx);

	return c.is_ok && c.is_writable;
}
