/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/gwalk_tests.h"

#include <stdio.h>
#include <stdlib.h>

#include "test/host/fake_hvmap.h"

#define MACHINE 200u

struct gwalk_guest guest;

static struct pfa pfa;
static void *pfa_table;

const u64 extras[EXTRAS] = {
	0,
	1ull << 7,
	NX,
	1ull << 3,
	1ull << 4,
	1ull << 8,
	1ull << 9,
	1ull << 11,
	1ull << 52,
	1ull << 62,
	0xf18,
	NX | 0x100,
	NX | 1ull << 52,
	NX | 0x80,
};

/* --- the machine -------------------------------------------------------- */

static const void *mirror_frame(u32 frame)
{
	return guest.mirror[frame];
}

static u8 *real_frame(u32 frame)
{
	return fake_frame(mk_mfn(guest.p2m.entry[frame] >> P2M_SHIFT));
}

static void begin(u32 direct)
{
	static struct memmap map;

	map = (struct memmap){ .count = 1 };
	map.range[0] = (struct mem_range){ .base = PAGE_SIZE,
					   .len = (MACHINE - 1) * PAGE_SIZE,
					   .kind = MEM_AVAILABLE };
	fake_hvmap_init(MACHINE, direct);
	pfa_table = malloc(pfa_table_size(MACHINE));
	assert_non_null(pfa_table);
	pfa_init(&pfa, pfa_table, MACHINE, direct, &map);
	assert_int_equal(p2m_init(&guest.p2m, &pfa, RAM, direct - 4), 0);
	memset(guest.mirror, 0, sizeof(guest.mirror));
	/* Frame 0 stays unused so far: what was there must not be seen. */
	for (u32 f = 1; f < RAM; f++) {
		mfn_t m;

		assert_int_equal(p2m_lookup(&guest.p2m, mk_gfn(f), &m),
				 P2M_RAM);
	}
}

int setup(void **state)
{
	(void)state;
	begin(MACHINE);
	return 0;
}

int setup_slots(void **state)
{
	(void)state;
	begin(60);
	for (u32 f = 0; f < RAM; f++) {
		assert_in_range(guest.p2m.entry[f] >> P2M_SHIFT, 60, MACHINE);
	}
	return 0;
}

int teardown(void **state)
{
	(void)state;
	free(pfa_table);
	fake_hvmap_free();
	return 0;
}

void use(enum gwalk_mode mode, u64 root, bool has_nx)
{
	guest.ctx = (struct mmu_ctx){ .p2m = &guest.p2m,
				      .mode = mode,
				      .allows_nx = has_nx };
	gwalk_set_root(&guest.ctx, mk_gpa(root));
	guest.model =
		(struct model){ .format = mode == GWALK_PAE	 ? MODEL_PAE
					  : mode == GWALK_2LEVEL ? MODEL_2LEVEL
								 : MODEL_LINEAR,
				.root = root,
				.ram = RAM * PAGE_SIZE,
				.has_nx = has_nx,
				.frame = mirror_frame };
}

u32 entry_size(void)
{
	return guest.ctx.mode == GWALK_PAE ? 8 : 4;
}

/* Write to the guest's memory and to what the model believes to be there. */
static void set_bytes(u64 gpa, const void *from, u32 len)
{
	memcpy(real_frame((u32)(gpa >> 12)) + gpa % PAGE_SIZE, from, len);
	memcpy(guest.mirror[gpa >> 12] + gpa % PAGE_SIZE, from, len);
}

void set_entry(u32 frame, u32 i, u64 value)
{
	set_bytes((u64)frame * PAGE_SIZE + i * entry_size(), &value,
		  entry_size());
}

void check_memory(void)
{
	static const u8 zero[PAGE_SIZE];

	for (u32 f = 0; f < RAM; f++) {
		if (!(guest.p2m.entry[f] & P2M_ZEROED)) {
			assert_memory_equal(guest.mirror[f], zero, PAGE_SIZE);
			continue;
		}
		if (memcmp(real_frame(f), guest.mirror[f], PAGE_SIZE)) {
			fail_msg("frame %x differs", f);
		}
	}
}

/* --- one walk ----------------------------------------------------------- */

void apply(const struct model_result *m)
{
	for (u32 i = 0; i < m->write_count; i++) {
		u64 gpa = m->write[i].gpa;

		memcpy(guest.mirror[gpa >> 12] + gpa % PAGE_SIZE,
		       &m->write[i].value, entry_size());
	}
}

static void complain(u32 va, u32 kind, const struct model_result *m, int rc,
		     const struct gwalk *g)
{
	fail_msg("va %08x, kind %x, root %llx, NX %d: "
		 "model %d gpa %llx error %x entries %llx %llx; "
		 "walk %d gpa %llx error %x",
		 va, kind, (long long)guest.model.root, guest.model.has_nx,
		 m->rc, (long long)m->gpa, m->error, (long long)m->entry[0],
		 (long long)m->entry[1], rc, (long long)g->gpa.raw, g->pfec);
}

/* What the walk tells of the entries that it used. */
static bool has_entries(const struct gwalk *g, u32 va)
{
	const struct table_format *f = gwalk_format(&guest.ctx);
	u64 pde = 0, pte = 0;
	const u8 *pd, *pt;

	if (guest.ctx.mode == GWALK_LINEAR) {
		return true;
	}
	pd = guest.mirror[gfn_raw(g->pd)];
	pt = guest.mirror[gfn_raw(g->pt)];
	memcpy(&pde, pd + gformat_index(f, 2, va) * entry_size(), entry_size());
	memcpy(&pte, pt + gformat_index(f, 1, va) * entry_size(), entry_size());
	/* One entry at both levels has, at the end, the flags of both. */
	return (gpte_raw(g->gpde) == pde || pd == pt) &&
	       gpte_raw(g->gpte) == pte && !memcmp(g->pt_bytes, pt, PAGE_SIZE);
}

/* Walk, and compare everything but memory far away. */
enum gwalk_rc compare(u32 va, u32 kind)
{
	bool peek = kind & GWALK_PEEK;
	u32 access = kind & (MODEL_W | MODEL_U | MODEL_I);
	struct model_result m = peek ? model_peek(&guest.model, va, access)
				     : model_walk(&guest.model, va, access);
	struct gwalk g;
	enum gwalk_rc rc;
	bool same;

	memset(&g, 0x5a, sizeof(g));
	rc = gwalk(&guest.ctx, mk_gva(va), kind, &g);
	apply(&m);
	switch (m.rc) {
	case MODEL_OK:
		same = rc == GW_OK && g.gpa.raw == m.gpa && has_entries(&g, va);
		break;
	case MODEL_MMIO:
		same = rc == GW_MMIO && g.gpa.raw == m.gpa;
		break;
	case MODEL_FAULT:
		same = rc == GW_FAULT && g.pfec == m.error;
		break;
	default:
		same = rc == GW_BAD && g.why && g.why[0];
		break;
	}
	if (!same) {
		complain(va, kind, &m, rc, &g);
	}
	return rc;
}

/* --- entries and accesses ----------------------------------------------- */

u64 plain_entry(u32 n)
{
	return (n & 7) | (n & 0x18) << 2;
}

u32 kind_number(u32 n)
{
	static const u32 kind[] = { 0, PFEC_W, PFEC_I };
	static u32 noise;

	/* The processor's P and RSVD are of the shadow: to be ignored. */
	noise++;
	return kind[n % 3] | (n / 3 & 1 ? PFEC_U : 0) |
	       (n / 6 ? GWALK_PEEK : 0) | (noise & 1 ? PFEC_P : 0) |
	       (noise & 2 ? PFEC_RSVD : 0);
}
