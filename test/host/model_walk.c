/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/model_walk.h"

#include <string.h>

/* SDM 3A tables 4-5, 4-6, 4-8 to 4-11. */
#define BIT(n)	  (1ull << (n))
#define PRESENT	  BIT(0)
#define WRITE	  BIT(1)
#define USER	  BIT(2)
#define ACCESSED  BIT(5)
#define DIRTY	  BIT(6)
#define BIT7	  BIT(7)
#define NO_EXEC	  BIT(63)
#define LOW_FLAGS 0xfffull

/* lguest ABI 6.1: legal flags of a directory entry. */
#define DIRECTORY_LEGAL 0x067ull

/* SDM 3A figure 4-12. */
#define ERROR_PRESENT 1u

/* One level of the walk. */
struct level {
	u64 gpa; /* of the entry */
	u64 entry;
};

static u32 entry_size(const struct model *m)
{
	return m->format == MODEL_PAE ? 8 : 4;
}

static bool is_ram(const struct model *m, u64 gpa, u32 bytes)
{
	return gpa < m->ram && m->ram - gpa >= bytes;
}

static u64 read_at(const struct model *m, u64 gpa)
{
	u64 entry = 0;

	memcpy(&entry, (const u8 *)m->frame((u32)(gpa / 4096)) + gpa % 4096,
	       entry_size(m));
	return entry;
}

static u64 address_in(u64 entry)
{
	return entry & (BIT(52) - 1) & ~LOW_FLAGS;
}

/* SDM 3A 4.4: reserved from the physical-address width, here 52, up. */
static bool has_reserved(const struct model *m, u64 entry, bool is_top)
{
	u64 reserved = m->format == MODEL_PAE ? BIT(63) - BIT(52) : 0;

	if (is_top || !m->has_nx) {
		reserved |= NO_EXEC;
	}
	return entry & reserved;
}

static struct model_result fault(u32 kind, bool is_present)
{
	return (struct model_result){
		.rc = MODEL_FAULT,
		.error = kind | (is_present ? ERROR_PRESENT : 0),
	};
}

static struct model_result kill(void)
{
	return (struct model_result){ .rc = MODEL_KILL };
}

/* Guest-physical address of the table that the root names for @va. */
static enum model_rc top_level(const struct model *m, u32 va, u64 *table)
{
	u64 entry;

	if (m->format == MODEL_2LEVEL) {
		*table = m->root;
		return MODEL_OK;
	}
	if (!is_ram(m, m->root, 32)) {
		return MODEL_KILL;
	}
	entry = read_at(m, m->root + va / BIT(30) * 8);
	if (!(entry & PRESENT)) {
		return MODEL_FAULT;
	}
	if ((entry & LOW_FLAGS) != PRESENT || has_reserved(m, entry, true)) {
		return MODEL_KILL;
	}
	*table = address_in(entry);
	return MODEL_OK;
}

/* The entry for @va in the table at guest-physical @table. */
static enum model_rc read_level(const struct model *m, u64 table, u32 index,
				struct level *l)
{
	if (!is_ram(m, table, 4096)) {
		return MODEL_KILL;
	}
	l->gpa = table + (u64)index * entry_size(m);
	l->entry = read_at(m, l->gpa);
	return l->entry & PRESENT ? MODEL_OK : MODEL_FAULT;
}

static bool is_refused(const struct model_result *r, u32 kind)
{
	/* CR0.WP = 1: ring 1, a supervisor, obeys read-only pages too. */
	return (kind & MODEL_W && !r->is_writable) ||
	       (kind & MODEL_U && !r->is_user) ||
	       (kind & MODEL_I && !r->is_executable);
}

static void add_write(struct model_result *r, const struct level *l, u64 bits)
{
	if ((l->entry & bits) != bits) {
		r->write[r->write_count++] =
			(struct model_write){ l->gpa, l->entry | bits };
	}
}

/* Both entries are present and the directory's is legal. */
static struct model_result judge(const struct model *m, u32 va, u32 kind,
				 const struct level *dir,
				 const struct level *leaf)
{
	struct model_result r = { .rc = MODEL_OK };

	r.entry[0] = dir->entry;
	r.entry[1] = leaf->entry;
	r.is_writable = dir->entry & leaf->entry & WRITE;
	r.is_user = dir->entry & leaf->entry & USER;
	r.is_executable = !((dir->entry | leaf->entry) & NO_EXEC);
	if (is_refused(&r, kind)) {
		return fault(kind, true);
	}
	if (leaf->entry & BIT7 || has_reserved(m, leaf->entry, false)) {
		return kill();
	}
	if (!is_ram(m, address_in(leaf->entry), 4096)) {
		r.rc = MODEL_MMIO;
	}
	r.gpa = address_in(leaf->entry) + va % 4096;
	add_write(&r, dir, ACCESSED);
	add_write(&r, leaf, ACCESSED | (kind & MODEL_W ? DIRTY : 0));
	return r;
}

static struct model_result linear(const struct model *m, u32 va, u32 kind)
{
	if (kind & MODEL_U) {
		return fault(kind, true);
	}
	if (va >= m->ram) {
		return fault(kind, false);
	}
	return (struct model_result){ .rc = MODEL_OK,
				      .gpa = va,
				      .is_writable = true,
				      .is_executable = true };
}

struct model_result model_walk(const struct model *m, u32 va, u32 kind)
{
	u32 shift = m->format == MODEL_PAE ? 21 : 22;
	u32 entries = 4096 / entry_size(m);
	struct level dir, leaf;
	enum model_rc rc;
	u64 table;

	/* SDM 3A 4.7: told of where CR4.PAE and EFER.NXE are set. */
	if (m->format != MODEL_PAE) {
		kind &= ~MODEL_I;
	}
	if (m->format == MODEL_LINEAR) {
		return linear(m, va, kind);
	}
	rc = top_level(m, va, &table);
	if (rc == MODEL_OK) {
		rc = read_level(m, table, va >> shift & (entries - 1), &dir);
	}
	if (rc == MODEL_OK && (dir.entry & LOW_FLAGS & ~DIRECTORY_LEGAL ||
			       has_reserved(m, dir.entry, false))) {
		rc = MODEL_KILL;
	}
	if (rc == MODEL_OK) {
		rc = read_level(m, address_in(dir.entry),
				va >> 12 & (entries - 1), &leaf);
	}
	if (rc != MODEL_OK) {
		return rc == MODEL_FAULT ? fault(kind, false) : kill();
	}
	return judge(m, va, kind, &dir, &leaf);
}

struct model_result model_peek(const struct model *m, u32 va, u32 kind)
{
	struct model_result r = model_walk(m, va, kind);

	r.write_count = 0;
	return r;
}
