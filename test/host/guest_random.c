/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses and frames come from small sets, so that operations meet: a few
 * pages in a few tables in each half, a few dozen frames that are tables of
 * any kind, often of several, or data, or were one and become another.
 */
#include "test/host/guest_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "mm/gaccess.h"
#include "test/host/shadow_check.h"

struct guest_random guest;

u32 guest_rnd(u32 n)
{
	guest.rng ^= guest.rng << 13;
	guest.rng ^= guest.rng >> 7;
	guest.rng ^= guest.rng << 17;
	return (u32)(guest.rng >> 16) % n;
}

static bool one_in(u32 n)
{
	return guest_rnd(n) == 0;
}

static void note(const char *fmt, ...) __printf(1, 2);
static void note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(guest.last, sizeof(guest.last), fmt, args);
	va_end(args);
}

static void fail_if(const char *why)
{
	if (why) {
		fail_msg("%s", why);
	}
}

/* --- choices -------------------------------------------------------------- */

static u32 start_of_kernel(void)
{
	return ROUND_UP(w.config.kernel, 0x400000u);
}

static u32 user_va(void)
{
	u32 gib = w.config.kernel >> 30;
	u32 va = guest_rnd(8) << 12;

	va |= guest_rnd(3) * 0x200000u; /* three tables, or two */
	if (start_of_kernel() > 0x40000000 && one_in(2)) {
		va |= guest_rnd(gib + 1) << 30;
	}
	return va < start_of_kernel() ? va : va & 0x1fffff;
}

static u32 kernel_va(void)
{
	static const u32 far[] = { 0x02000000, 0x10000000, 0x10200000 };
	u32 page = guest_rnd(8) << 12;

	switch (guest_rnd(4)) {
	case 0:
		return world_kva(guest_rnd(w.config.ram), 0);
	case 1:
		return (SWITCH_BASE - 0x8000) | page;
	default:
		return start_of_kernel() + far[guest_rnd(3)] + page;
	}
}

static u32 any_va(void)
{
	switch (guest_rnd(40)) {
	case 0:
		return guest_rnd(~0u);
	case 1:
		return SWITCH_BASE + (guest_rnd(8) << 12);
	default:
		return one_in(3) ? kernel_va() : user_va();
	}
}

static u64 any_root(void)
{
	return guest.root[guest_rnd(GUEST_ROOTS)];
}

static u64 any_root_of(bool prefer_current)
{
	return prefer_current && guest_rnd(3) ? guest.current : any_root();
}

/* Frames from which tables are made: those that are, and some more. */
static u32 table_frame(void)
{
	return 1 + guest_rnd(w.free + 24 < w.config.ram ? w.free + 24
							: w.config.ram - 1);
}

static u32 any_frame(void)
{
	return one_in(3) ? table_frame() : guest_rnd(w.config.ram);
}

/* How likely a flag is. */
struct odds {
	u64 bit;
	u32 in;	       /* set one time in so many */
	bool inverted; /* all times but those */
};

/* One call after the other, so that every compiler makes the same guest. */
static u64 draw(const struct odds *odds, u32 count)
{
	u64 bits = 0;

	for (u32 i = 0; i < count; i++) {
		if (one_in(odds[i].in) != odds[i].inverted) {
			bits |= odds[i].bit;
		}
	}
	return w.config.is_pae && w.config.has_nx ? bits : bits & ~PTE_NX;
}

static u64 leaf_value(void)
{
	static const struct odds odds[] = {
		{ PTE_RW, 4, true },  { PTE_US, 3, true },
		{ PTE_A, 3, true },   { PTE_D, 2, false },
		{ PTE_G, 8, false },  { PTE_PWT | PTE_PCD, 8, false },
		{ PTE_NX, 4, false },
	};

	return world_to(any_frame(), PTE_P) | draw(odds, ARRAY_SIZE(odds));
}

static u64 dir_value(void)
{
	static const struct odds odds[] = {
		{ PTE_RW, 5, true }, { PTE_US, 5, true },  { PTE_A, 2, false },
		{ PTE_D, 8, false }, { PTE_NX, 8, false },
	};

	return world_to(table_frame(), PTE_P) | draw(odds, ARRAY_SIZE(odds));
}

static u64 garbage(void)
{
	u64 v = guest_rnd(~0u);

	v = v << 32 | guest_rnd(~0u);
	switch (guest_rnd(4)) {
	case 0:
		return v; /* all random */
	case 1:
		return world_to(any_frame(), v & 0xfff);
	case 2:
		return world_to(w.config.ram + (u32)v % 3, PTE_P | PTE_RW);
	default:
		return leaf_value() ^ 1ull << v % 64;
	}
}

/* A new value for an entry at @level, 1 to 3, that holds @old. */
static u64 new_value(u32 level, u64 old)
{
	u32 what = guest_rnd(24);
	u64 other;

	if (what == 0) {
		return garbage();
	}
	if (what < 4) {
		return 0;
	}
	if (what < 10) {
		/* The usual small changes. */
		static const u64 bit[] = { PTE_P, PTE_RW, PTE_US,
					   PTE_A, PTE_D,  PTE_A | PTE_D };

		return old ^ (level == 3 ? PTE_P : bit[guest_rnd(6)]);
	}
	if (what == 10) {
		other = any_root();
		return world_get(world_pte(other, any_va()));
	}
	if (what == 11) {
		other = any_root();
		return world_get(world_pde(other, any_va()));
	}
	switch (level) {
	case 1:
		return leaf_value();
	case 2:
		return dir_value();
	default:
		return world_to(table_frame(), PTE_P);
	}
}

/* --- edits and their announcements ---------------------------------------- */

/* An entry that is going to change, and what it is to be. */
struct edit {
	struct place at;
	u64 value;
	u64 root;
	u32 va;
	u32 level;
};

static bool has_table(u32 gfn, enum sh_level level)
{
	return shtable_find(&w.shadow, mk_gfn(gfn), level);
}

/* Does the frame hold PAE root entries, which nobody watches? */
static bool is_root_frame(u32 gfn)
{
	for (u32 i = 0; w.config.is_pae && i < GUEST_ROOTS; i++) {
		if (guest.root[i] >> PAGE_SHIFT == gfn) {
			return true;
		}
	}
	return false;
}

/* Do the leaves for @e->va in @e->root come from the edited table? */
static bool is_reached(const struct edit *e)
{
	u32 q = e->va >> 30, i = e->va >> 21 & 511;
	struct sh_root *r = shroot_find(&w.shadow, mk_gpa(e->root));
	struct sh_page *p = e->va >= start_of_kernel() ? w.shadow.kernel[q]
			    : r			       ? r->pd[q]
						       : NULL;

	return p && gpte_raw(p->from[i]) &&
	       gfn_raw(gpte_frame(p->from[i])) == e->at.gfn;
}

/*
 * Will the right call make everything current that was made from the entry?
 * The calls name one use of it.
 */
static bool can_announce(const struct edit *e)
{
	u32 f = e->at.gfn;

	switch (e->level) {
	case 1:
		return !is_root_frame(f) && !has_table(f, SH_L2) &&
		       (!has_table(f, SH_L1) || is_reached(e));
	case 2:
		return !is_root_frame(f) && !has_table(f, SH_L1) &&
		       e->va < start_of_kernel();
	default:
		return !has_table(f, SH_L1) && !has_table(f, SH_L2) &&
		       e->va < ROUND_DOWN(start_of_kernel(), 1u << 30);
	}
}

static void announce(const struct edit *e)
{
	struct shadow *s = &w.shadow;

	switch (e->level) {
	case 1:
		sh_set_pte(s, mk_gpa(e->root), mk_gva(e->va));
		break;
	case 2:
		if (w.config.is_pae) {
			sh_set_pmd(s, mk_gpa((u64)e->at.gfn << 12), e->at.i);
		} else {
			sh_set_pgd(s, mk_gpa(e->root), e->at.i);
		}
		break;
	default:
		sh_set_pgd(s, mk_gpa(e->root), e->va >> 30);
		break;
	}
}

static bool choose_edit(struct edit *e)
{
	e->root = any_root_of(true);
	e->va = one_in(4) ? kernel_va() : user_va();
	if (e->va >= start_of_kernel() &&
	    e->va - start_of_kernel() < w.config.ram * PAGE_SIZE &&
	    guest_rnd(50)) {
		return false; /* mostly leave the direct map alone */
	}
	e->level = guest_rnd(12);
	e->level = e->level == 0 && w.config.is_pae ? 3 : e->level < 4 ? 2 : 1;
	switch (e->level) {
	case 1:
		e->at = world_pte(e->root, e->va);
		break;
	case 2:
		e->at = world_pde(e->root, e->va);
		break;
	default:
		e->at = world_pdpte(e->root, e->va >> 30);
		break;
	}
	if (e->at.gfn >= w.config.ram) {
		return false;
	}
	e->value = new_value(e->level, world_get(e->at));
	if (!w.config.is_pae) {
		e->value = (u32)e->value;
	}
	return true;
}

/* By Umbra's own pointer, where it would get one. */
static bool store_by_pointer(const struct edit *e)
{
	u32 size = w.config.is_pae ? 8 : 4;
	u32 va = world_kva(e->at.gfn, e->at.i * size);
	void *p = NULL;

	if (world_mapped_gfn(va) == e->at.gfn) {
		p = sh_writable(&w.shadow, mk_gva(va), size);
	}
	if (p) {
		memcpy(p, &e->value, size);
	}
	return p;
}

/* By a map that nobody knows of, to the frame that is shared. */
static bool store_unseen(const struct edit *e)
{
	u32 size = w.config.is_pae ? 8 : 4;
	u8 *table = gwalk_root(&w.mmu, mk_gpa((u64)e->at.gfn << PAGE_SHIFT));

	if (w.shadow.shared[0] != sh_gframe(&w.shadow, mk_gfn(e->at.gfn))) {
		return false;
	}
	memcpy(table + e->at.i * size, &e->value, size);
	return true;
}

static void write_entry(const struct edit *e)
{
	u32 how = guest_rnd(8);

	if (how < 4 && store_unseen(e)) {
		return;
	}

	if (how < 5 && world_store_entry(e->at, e->value)) {
		return;
	}
	if (how == 5 && store_by_pointer(e)) {
		return;
	}
	world_set(e->at, e->value);
}

/* What was just announced is right, in the current root, if all else was. */
static void check_announced(void)
{
	if (guest.is_calm && one_in(4)) {
		fail_if(shadow_check_agrees(guest.is_kernel_calm));
	}
}

static void edit(void)
{
	struct edit e;
	bool says_so;

	if (!choose_edit(&e)) {
		note("nothing");
		return;
	}
	says_so = can_announce(&e) || one_in(3);
	if (!guest.edits_allowed && !can_announce(&e)) {
		note("nothing");
		return;
	}
	note("level %u entry for %08x of %x (%x, %x) becomes %x%08x%s", e.level,
	     e.va, (u32)e.root, e.at.gfn, e.at.i, HI32(e.value), LO32(e.value),
	     says_so ? ", announced" : "");
	write_entry(&e);
	/* Judged now: the store may have filled something. */
	if (!can_announce(&e) || !says_so) {
		guest.is_calm = guest.is_kernel_calm = false;
	}
	if (e.va >= start_of_kernel() || e.level != 1) {
		guest.is_kernel_calm = false;
	}
	if (says_so) {
		announce(&e);
		check_announced();
	}
}

/* --- other operations ----------------------------------------------------- */

static void access_page(void)
{
	static const u32 kinds[] = { READ, WRITE, FETCH };
	u32 va = any_va();
	u32 kind = kinds[guest_rnd(3)];
	struct access a;

	va = (va & ~PAGE_MASK) | guest_rnd(1024) << 2;
	kind |= one_in(2) ? RING3 : 0;
	note("access to %08x, kind %x", va, kind);
	a = world_access(va, kind);
	for (u32 i = 0; i < a.write_count; i++) {
		/* Accessed, set in a root entry, makes it illegal. */
		if (is_root_frame((u32)(a.write[i].gpa >> PAGE_SHIFT))) {
			guest.is_calm = guest.is_kernel_calm = false;
		}
	}
	if (a.rc == ACCESS_OK && a.gfn != NO_GFN && guest.is_calm &&
	    (va < start_of_kernel() || guest.is_kernel_calm)) {
		struct model_result m = world_model(va, kind);

		assert_int_equal(m.rc, MODEL_OK);
		assert_int_equal(m.gpa >> PAGE_SHIFT, a.gfn);
	}
}

static void flush_user(void)
{
	note("FLUSH_TLB(0)");
	sh_flush_user(&w.shadow);
	fail_if(shadow_check_agrees(false));
	if (one_in(4)) {
		assert_int_equal(sh_audit_flushed(&w.shadow, false), 0);
	}
}

static void flush_all(void)
{
	note("FLUSH_TLB(1)");
	sh_flush_all(&w.shadow);
	fail_if(shadow_check_agrees(true));
	if (one_in(4)) {
		assert_int_equal(sh_audit_flushed(&w.shadow, true), 0);
	}
	guest.is_calm = guest.is_kernel_calm = true;
	guest.edits_allowed = one_in(2);
}

static void switch_root(void)
{
	u64 root = any_root();

	note("NEW_PGTABLE %x", (u32)root);
	if (root != guest.current) {
		guest.is_kernel_calm = false;
	}
	guest.current = root;
	world_switch(root);
	if (guest.is_calm && one_in(8)) {
		fail_if(shadow_check_agrees(false));
	}
}

/* Calls that name anything, as only a confused guest makes them. */
static void odd_call(void)
{
	gpa_t what = one_in(2) ? mk_gpa(any_root())
			       : mk_gpa((u64)any_frame() << PAGE_SHIFT);
	u32 i = guest_rnd(2) ? guest_rnd(512) : guest_rnd(4);

	note("odd call for %x, %x", (u32)gpa_raw(what), i);
	switch (guest_rnd(3)) {
	case 0:
		sh_set_pte(&w.shadow, what, mk_gva(any_va() % SWITCH_BASE));
		break;
	case 1:
		sh_set_pmd(&w.shadow, what, i);
		break;
	default:
		sh_set_pgd(&w.shadow, what, i);
		break;
	}
}

/* A frame is used for something else from one moment to the next. */
static void reuse_frame(void)
{
	u64 content[PAGE_SIZE / 8];
	u32 f = table_frame();

	if (!guest.edits_allowed) {
		note("nothing");
		return;
	}
	memset(content, 0, sizeof(content));
	for (u32 i = 0; i < 60 && one_in(2); i++) {
		content[guest_rnd(20)] = one_in(2) ? leaf_value() : garbage();
	}
	note("frame %x is used anew", f);
	guest.is_calm = guest.is_kernel_calm = false;
	if (gaccess_write(&w.p2m, mk_gpa((u64)f << PAGE_SHIFT), content,
			  PAGE_SIZE)) {
		fail_msg("frame %x cannot be written", f);
	}
}

/* Umbra reads or writes by a guest-virtual address; contents stay. */
static void umbra_access(void)
{
	u32 va = any_va() % SWITCH_BASE, value;

	note("Umbra's access to %08x", va);
	if (gwalk_read(&w.mmu, &value, mk_gva(va), sizeof(value)) == 0 &&
	    one_in(2) &&
	    gwalk_write(&w.mmu, mk_gva(va), &value, sizeof(value)) == 0) {
		note("Umbra's write to %08x", va);
	}
	/* The walk may have set accessed anywhere, in root entries even. */
	if (w.config.is_pae) {
		guest.is_calm = guest.is_kernel_calm = false;
	}
}

static void sane_tables(void)
{
	w.free = 1;
	w.kernel_root = 0;
	for (u32 i = 0; i < GUEST_ROOTS; i++) {
		guest.root[i] = world_new_root();
		for (u32 n = 0; n < 4 && w.free + 40 < w.config.ram; n++) {
			u32 va = user_va();

			world_map(guest.root[i], va, leaf_value());
		}
	}
	guest.is_calm = guest.is_kernel_calm = false;
	guest.edits_allowed = true;
}

static void restart(void)
{
	note("restart");
	sh_reset(&w.shadow);
	p2m_clear(&w.p2m);
	fail_if(shadow_check());
	guest_start(guest.rng);
}

void guest_start(u64 seed)
{
	guest.rng = seed;
	assert_int_equal(sh_set_kernel(&w.shadow, mk_gva(w.config.kernel)), 0);
	sh_share(&w.shadow, mk_gfn(table_frame()));
	sane_tables();
	guest.current = guest.root[0];
	world_switch(guest.current);
}

void guest_step(void)
{
	u32 n = guest_rnd(1000);

	if (n < 480) {
		access_page();
	} else if (n < 800) {
		edit();
	} else if (n < 900) {
		switch_root();
	} else if (n < 930) {
		flush_user();
	} else if (n < 960) {
		flush_all();
	} else if (n < 980) {
		odd_call();
	} else if (n < 990) {
		umbra_access();
	} else if (n < 999) {
		reuse_frame();
	} else if (one_in(3)) {
		note("sane tables again");
		sane_tables();
	} else if (one_in(4)) {
		restart();
	}
}
