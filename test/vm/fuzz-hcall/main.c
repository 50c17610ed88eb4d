// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever sequence of hypercalls, table edits, descriptor loads and accesses
 * a guest comes up with, ring 0 survives it, and right after a flush every
 * access ends as the guest's tables say.
 *
 * The seed is on the command line. Below 100 all arguments are legal, so that
 * the guest must live and every access can be judged by a walk of our own;
 * from there on some are garbage, which may end the guest, but nothing else.
 *
 * All fuzzed tables come from a few frames that serve as directory, as table
 * and as data at once, often all three: recursion, shared tables and writable
 * mappings of tables happen by themselves.
 */
#include "test/lib/paging.h"

#define ROUNDS	      1000u
#define WILD_SEED     100u
#define WILD_ONE_IN   16u
#define DEADLY_ONE_IN 500u
#define FRAMES	      10u
#define SPACES	      5u
#define QUEUE_MAX     20u

#define AREA_FIRST  0x40000000u /* two GiB, of nobody else */
#define ENTRY_LEGAL (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)
#define RING_SLOTS  64u
#define SLOT_SIZE   20u
#define GDT_FREE    18u /* entries 18 to 25 are used by nobody here */
#define VECTOR_FREE 0x30u
#define IRQ_ENABLED 0x200u
#define GUEST_SS    0x69u

static u32 random_state;
static bool is_wild;
static u32 frame[FRAMES];
static u32 space[SPACES];
static u32 next_slot;

static u32 random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static u32 below(u32 limit)
{
	return (random() >> 8) % limit;
}

static bool now_wild(void)
{
	return is_wild && below(WILD_ONE_IN) == 0;
}

/* For what ends the guest at once: rare, or nothing else would be tried. */
static bool now_deadly(void)
{
	return is_wild && below(DEADLY_ONE_IN) == 0;
}

/* Numbers at which arithmetic goes wrong. */
static u32 wild(void)
{
	static const u32 odd[] = { 0,	       1,	   0xfff,
				   0x1000,     0x7fffffff, 0x80000000,
				   0xbffff000, 0xc0000000, 0xffbff000,
				   0xffc00000, 0xffc04000, 0xfffff000,
				   0xffffffe0, 0xfffffffc, 0xffffffff };

	switch (below(4)) {
	case 0:
		return odd[below(ARRAY_SIZE(odd))];
	case 1:
		return vm_ram_size() + below(0x2000) - 0x1000;
	case 2:
		return frame[below(FRAMES)] + below(PAGE_SIZE);
	default:
		return random();
	}
}

/* Few entries of each table, so that everything meets everything. */
static u32 entry_number(void)
{
	static const u32 numbers[] = { 0, 1, 2, 7, 8, 9, 255, 256, 510, 511 };
	u32 upper = pg_is_pae ? 0 : below(2) * 512;

	return numbers[below(ARRAY_SIZE(numbers))] + upper;
}

/* An address in the area, aligned as entries are. */
static u32 address(void)
{
	u32 dir, offset = entry_number() * (pg_is_pae ? 8 : 4);

	if (pg_is_pae) {
		dir = below(2) << 30 | (entry_number() << 21);
	} else {
		dir = entry_number() % 512 << 22;
	}
	return (AREA_FIRST + dir) |
	       (entry_number() & (pg_is_pae ? 0x1ff : 0x3ff)) << 12 | offset;
}

/*
 * A root is mapped read-only: what it says about the kernel must stay. A PAE
 * root not at all, for its entries may not become accessed.
 */
static u64 legal_entry(void)
{
	u32 flags = random() & ENTRY_LEGAL;

	if (below(4) != 0) {
		flags |= PTE_P;
	}
	if (!pg_is_pae && below(16) == 0) {
		return space[below(SPACES)] | (flags & ~PTE_RW);
	}
	return frame[below(FRAMES)] | flags;
}

static u64 any_entry(void)
{
	if (!now_wild()) {
		return legal_entry();
	}
	return (u64)(pg_is_pae && below(2) ? random() : 0) << 32 | wild();
}

/* --- operations --- */

static u32 some_root(void)
{
	return now_wild() ? wild() : space[below(SPACES)];
}

static u32 some_address(void)
{
	return now_wild() ? wild() : address();
}

static void edit_frame(void)
{
	u32 at = frame[below(FRAMES)] + entry_number() * (pg_is_pae ? 8 : 4);

	pg_write_at(at, any_entry());
}

/* The entries of a root that cover the area. */
static void edit_root(void)
{
	u32 root = space[below(SPACES)];

	if (!pg_is_pae) {
		pg_write_at(root + (address() >> 22) * 4, any_entry());
	} else if (now_wild()) {
		pg_write_at(root + (1 + below(2)) * 8, any_entry());
	} else {
		pg_write_at(root + (1 + below(2)) * 8,
			    frame[below(FRAMES)] | (below(4) ? PTE_P : 0));
	}
}

struct call {
	u32 number, a1, a2, a3, a4;
};

/* The entry in the argument need not be the one in the table. */
static struct call call_set_pte(void)
{
	u64 entry = now_deadly() ? any_entry() | PTE_PS : legal_entry();
	u32 va = now_deadly() ? wild() : some_address() % 0xffc00000;

	return (struct call){ HC_SET_PTE, some_root(), va, (u32)entry,
			      (u32)(entry >> 32) };
}

static struct call call_directory(void)
{
	if (pg_is_pae && below(2)) {
		return (struct call){
			HC_SET_PMD, now_wild() ? wild() : frame[below(FRAMES)],
			now_wild() ? wild() : entry_number(), 0, 0
		};
	}
	return (struct call){ HC_SET_PGD, some_root(),
			      now_deadly() ? wild()
					   : address() >> (pg_is_pae ? 30 : 22),
			      0, 0 };
}

static struct call call_gdt(void)
{
	return (struct call){ HC_LOAD_GDT_ENTRY,
			      now_deadly() ? wild() : GDT_FREE + below(8),
			      random(), random(), 0 };
}

static struct call call_idt(void)
{
	u32 type = now_deadly() ? random() : 0xe00 | (random() & 0x100);

	return (struct call){ HC_LOAD_IDT_ENTRY,
			      now_deadly() ? wild() | VECTOR_FREE
					   : VECTOR_FREE + below(200),
			      random(), (random() & ~0x1f00u) | (type & 0x1f00),
			      0 };
}

static struct call call_stack(void)
{
	if (now_deadly()) {
		return (struct call){ HC_SET_STACK, random(), wild(), below(4),
				      0 };
	}
	return (struct call){ HC_SET_STACK, GUEST_SS, pg_trap_stack_top(),
			      below(3), 0 };
}

/* Sleeping for ever and powering off are legal, and no use here. */
static u32 wild_number(void)
{
	u32 number = below(24);

	return number == HC_HALT || number == HC_SHUTDOWN ? HC_FLUSH_ASYNC
							  : number;
}

static struct call call_any(void)
{
	switch (now_deadly() ? 8 : below(8)) {
	case 0:
	case 1:
		return call_set_pte();
	case 2:
	case 3:
		return call_directory();
	case 4:
		return (struct call){ HC_FLUSH_TLB, below(2), 0, 0, 0 };
	case 5:
		return below(2) ? call_gdt() : call_idt();
	case 6:
		return below(2) ? call_stack()
				: (struct call){ HC_TS, below(2), 0, 0, 0 };
	case 7:
		return (struct call){ HC_LOAD_TLS,
				      now_deadly() ? wild()
						   : frame[below(FRAMES)],
				      0, 0, 0 };
	default:
		return (struct call){ wild_number(), wild(), wild(), wild(),
				      wild() };
	}
}

static void make(const struct call *c)
{
	hypercall(c->number, c->a1, c->a2, c->a3, c->a4);
}

static void queue(const struct call *c)
{
	u32 slot = LG_HCALLS + next_slot * SLOT_SIZE;

	lg_write(slot + 0, c->number);
	lg_write(slot + 4, c->a1);
	lg_write(slot + 8, c->a2);
	lg_write(slot + 12, c->a3);
	lg_write(slot + 16, c->a4);
	vm_lguest_data[LG_HCALL_STATUS + next_slot] = 0;
	next_slot = (next_slot + 1) % RING_SLOTS;
}

/* What is queued is made by the hypercall at the end of it. */
static void queue_some(void)
{
	u32 count = below(QUEUE_MAX);

	for (u32 i = 0; i < count; i++) {
		struct call c = call_any();

		if (c.number != HC_LGUEST_INIT) {
			queue(&c);
		}
	}
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
}

static void load_fs(void *selector)
{
	__asm__ volatile("mov %0, %%fs" : : "r"(selector));
}

static void load_gs(void *selector)
{
	__asm__ volatile("mov %0, %%gs" : : "r"(selector));
}

static void load_segments(void)
{
	u32 selector = now_wild() ? random() : (GDT_FREE + below(8)) * 8;

	vm_try(below(2) ? load_fs : load_gs,
	       (void *)((selector & 0xffff) | below(4)));
}

/* Anywhere at all: a fault, or a byte of its own or of the window. */
static void stray_access(void)
{
	u32 value;
	u32 at = wild();

	vm_try_read(at, &value);
	if (at >= 0xffc00000) {
		vm_try_write(at & ~3u, value);
	}
}

/* --- judging accesses
 * --------------------------------------------------------- */

struct walk {
	u32 directory_at, entry_at; /* physical; 0: not reached */
	u32 rights;
	u32 pa; /* of the byte, if both levels are present */
};

static struct walk walk(u32 root, u32 va)
{
	struct walk w = { 0 };
	u64 entry = root;

	if (pg_is_pae) {
		entry = pg_read_at(root + (va >> 30) * 8);
		if (!(entry & PTE_P)) {
			return w;
		}
	}
	entry &= ~0xfffull;
	w.directory_at = (u32)entry +
			 (pg_is_pae ? (va >> 21 & 0x1ff) * 8 : (va >> 22) * 4);
	entry = pg_read_at(w.directory_at);
	if (!(entry & PTE_P)) {
		return w;
	}
	w.rights = (u32)entry;
	w.entry_at =
		((u32)entry & ~0xfffu) +
		(pg_is_pae ? (va >> 12 & 0x1ff) * 8 : (va >> 12 & 0x3ff) * 4);
	entry = pg_read_at(w.entry_at);
	w.rights &= (u32)entry;
	w.pa = ((u32)entry & ~0xfffu) | (va & 0xfff);
	return w;
}

static bool allows(const struct walk *w, enum pg_access what, u32 ring)
{
	return w->entry_at && (w->rights & PTE_P) &&
	       (what != PG_WRITE || w->rights & PTE_RW) &&
	       (ring != 3 || w->rights & PTE_US);
}

static void check_error(const struct walk *w, const struct vm_trap *trap,
			u32 va, enum pg_access what, u32 ring)
{
	bool is_present = w->entry_at && w->rights & PTE_P;

	pg_check_fault(trap, va,
		       (is_present ? PF_PRESENT : 0) |
			       (what == PG_WRITE ? PF_WRITE : 0) |
			       (ring == 3 ? PF_USER : 0));
}

/* It happened: to the right byte, and the entry says so. */
static void check_done(const struct walk *w, u32 va, enum pg_access what)
{
	u32 value = *(volatile u32 *)PG_VA(w->pa);
	u32 needed = what == PG_WRITE ? PTE_A | PTE_D : PTE_A;

	if (value != pg_access_value) {
		vm_fail("0x%x: 0x%x, not 0x%x", va, pg_access_value, value);
	}
	/* A write may hit the entry itself. */
	if ((w->pa & ~7u) != (w->entry_at & ~7u) &&
	    (w->pa & ~7u) != (w->directory_at & ~7u)) {
		VM_CHECK((pg_read_at(w->entry_at) & needed) == needed);
	}
}

/* Needs tables that are all legal, and a flush before. */
static void judge(u32 va, enum pg_access what, u32 ring)
{
	struct walk w = walk(pg_current(), va);
	const struct vm_trap *trap;

	pg_access_value = (u32)legal_entry();
	trap = pg_access(va, what, ring);
	if (allows(&w, what, ring) != (trap == NULL)) {
		vm_fail("0x%x: %u ring %u: %s, error 0x%x rights 0x%x", va,
			what, ring, trap ? "refused" : "allowed",
			trap ? trap->error : 0, w.rights);
	}
	if (trap) {
		check_error(&w, trap, va, what, ring);
	} else {
		check_done(&w, va, what);
	}
}

static void judge_some(void)
{
	for (u32 i = 0; i < 4; i++) {
		enum pg_access what = below(2) ? PG_READ : PG_WRITE;
		u32 ring = below(2) ? 1 : 3;

		if (i == 0 || what == PG_WRITE) {
			pg_flush(below(4) == 0);
		}
		judge(address(), what, ring);
		if (what == PG_WRITE) {
			pg_flush(below(4) == 0);
		}
	}
}

/* Without a flush before, or with illegal tables: nobody knows. */
static void access_some(void)
{
	u32 va = address();

	pg_access_value = (u32)(is_wild ? any_entry() : legal_entry());
	pg_access(va, below(2) ? PG_READ : PG_WRITE, below(2) ? 1 : 3);
}

static void step(void)
{
	struct call c;

	switch (below(12)) {
	case 0:
	case 1:
	case 2:
		edit_frame();
		break;
	case 3:
		edit_root();
		break;
	case 4:
	case 5:
		c = call_any();
		make(&c);
		break;
	case 6:
		queue_some();
		break;
	case 7:
		pg_enter(space[below(SPACES)]);
		break;
	case 8:
		load_segments();
		break;
	case 9:
		stray_access();
		break;
	case 10:
		access_some();
		break;
	default:
		if (is_wild) {
			access_some();
		} else {
			judge_some();
		}
		break;
	}
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	random_state = vm_case_number() * 2654435761u + 1;
	is_wild = vm_case_number() >= WILD_SEED;
	for (u32 i = 0; i < FRAMES; i++) {
		frame[i] = pg_alloc();
	}
	for (u32 i = 0; i < SPACES; i++) {
		space[i] = pg_new_space();
	}
	pg_enter(space[0]);
	for (u32 i = 0; i < ROUNDS; i++) {
		lg_write(LG_IRQ_ENABLED, IRQ_ENABLED);
		step();
	}
	vm_pass();
}
