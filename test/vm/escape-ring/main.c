// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shared area stays where it was introduced, by physical address,
 * whatever the guest maps at its virtual one; garbage in the ring is judged
 * like any other call; a ring that never empties is served once a call; and
 * the area's frames may even be page tables.
 *
 * The hypervisor works on memory that the guest changes under its hands.
 */
#include "test/lib/paging.h"

#define VA	   0x40000000u
#define AREA	   0x48000000u
#define WINDOW	   0xffc08000u /* the area's first frame, where mapped */
#define RING_SLOTS 64u
#define SLOT_SIZE  20u
#define SLOT_FREE  0xffu

static u8 area[4 * PAGE_SIZE] __attribute__((aligned(4096)));

/* The area begins below a page's end and goes on in the next. */
#define AREA_OFFSET (PAGE_SIZE - 0x100u)

static u32 random_state = 2463534242u;

static u32 random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static void fill(u8 *data, u32 (*number)(u32 slot))
{
	for (u32 slot = 0; slot < RING_SLOTS; slot++) {
		u32 *args = (u32 *)&data[LG_HCALLS + slot * SLOT_SIZE];

		args[0] = number(slot);
		for (u32 i = 1; i < 5; i++) {
			args[i] = random();
		}
		data[LG_HCALL_STATUS + slot] = 0;
	}
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
}

static u32 any_number(u32 slot)
{
	(void)slot;
	return random();
}

static u32 harmless_number(u32 slot)
{
	static const u32 numbers[] = { HC_FLUSH_ASYNC, HC_FLUSH_TLB, HC_TS,
				       HC_SEND_INTERRUPTS, HC_SET_PTE };

	return numbers[slot % ARRAY_SIZE(numbers)];
}

/* Everything that counts as pending, again and again. */
static void check_status(u8 *data)
{
	memset(&data[LG_HCALLS], 0, RING_SLOTS * SLOT_SIZE);
	for (u32 value = 0; value < SLOT_FREE; value++) {
		memset(&data[LG_HCALL_STATUS], (int)value, RING_SLOTS);
		hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
		for (u32 slot = 0; slot < RING_SLOTS; slot++) {
			VM_CHECK(data[LG_HCALL_STATUS + slot] == SLOT_FREE);
		}
	}
}

/* The virtual pages of the area become other frames, read-only, absent. */
static void check_mapping(u8 *data)
{
	u32 root = pg_current();
	u32 at = (u32)area + AREA_OFFSET;
	volatile u32 *second = (void *)AREA;

	pg_set(root, (u32)area, pg_alloc() | PTE_ALL);
	pg_set(root, (u32)area + PAGE_SIZE, 0);
	pg_set(root, AREA, (u32)area | PTE_ALL);
	second[(AREA_OFFSET + LG_HCALL_STATUS) / 4] = 0;
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	VM_CHECK(second[(AREA_OFFSET + LG_HCALL_STATUS) / 4] == 0xffffffff);
	pg_set(root, AREA, (u32)area | PTE_P | PTE_A);
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	/* A fault still finds its place. */
	VM_CHECK(vm_try_read(VA, &at) != NULL);
	VM_CHECK(second[(AREA_OFFSET + LG_CR2) / 4] == VA);
	(void)data;
}

/* Its second frame, where the ring is, as a table. */
static void check_table(u8 *data)
{
	u32 root = pg_current();
	u32 page = pg_signed(77);
	u32 last = PAGE_SIZE - 8;

	pg_table_of(root, VA);
	*(u32 *)&area[PAGE_SIZE + last] = page | PTE_ALL;
	pg_set_directory(root, VA, ((u32)area + PAGE_SIZE) | PTE_ALL);
	pg_flush(true);
	pg_check_sign(VA + last / (pg_is_pae ? 8 : 4) * PAGE_SIZE, 77);
	for (u32 i = 0; i < 16; i++) {
		memset(&data[LG_HCALL_STATUS], 0, RING_SLOTS);
		memset(&data[LG_HCALLS], 0, RING_SLOTS * SLOT_SIZE);
		pg_flush(i & 1);
	}
	pg_check_sign(VA + last / (pg_is_pae ? 8 : 4) * PAGE_SIZE, 77);
}

/* A page fault at @address, which nothing maps, stores it in the area. */
static void store_by_fault(u32 address)
{
	u32 value;

	VM_CHECK(vm_try_read(address, &value) != NULL);
}

static void must_show(u32 va, u32 sign)
{
	for (u32 i = 0; i < 4; i++) {
		pg_flush(i & 1);
		pg_check_sign(va, sign);
	}
}

/*
 * Its first frame as a table, and in it where page faults leave their
 * address: a number with the bits of an entry becomes one. Neither this nor
 * what the guest writes through the window that a system-call gate opens is
 * a write by a mapping of the guest's own.
 */
static void check_unseen(u8 *data)
{
	u32 root = pg_current();
	u32 page[2] = { pg_signed(1), pg_signed(2) };
	u32 index = (AREA_OFFSET + LG_CR2) / (pg_is_pae ? 8 : 4);
	u32 va = VA + index * PAGE_SIZE;
	volatile u32 *window = (void *)(WINDOW + AREA_OFFSET + LG_CR2);

	*(volatile u32 *)&data[LG_TIME_SEC] = 0; /* the entry's upper half */
	store_by_fault(page[0] | PTE_ALL);
	pg_table_of(root, VA);
	pg_set_directory(root, VA, (u32)area | PTE_ALL);
	must_show(va, 1);
	store_by_fault(page[1] | PTE_ALL);
	must_show(va, 2);
	vm_load_gate(0x80, (u32)store_by_fault, 0xe, 3);
	*window = page[0] | PTE_ALL;
	must_show(va, 1);
	*window = page[1] | PTE_ALL;
	must_show(va, 2);
}

void main(void)
{
	u8 *data = &area[AREA_OFFSET];

	vm_lguest_data_fill();
	memcpy(data, vm_lguest_data, LG_SIZE);
	hypercall(HC_LGUEST_INIT, (u32)data, 0, 0, 0);
	vm_traps_init();
	pg_init();
	if (vm_is_case("numbers")) {
		fill(data, any_number);
	} else if (vm_is_case("arguments")) {
		fill(data, harmless_number);
	} else if (vm_is_case("status")) {
		check_status(data);
	} else if (vm_is_case("page")) {
		check_mapping(data);
	} else if (vm_is_case("unseen")) {
		check_unseen(data);
	} else {
		check_table(data);
	}
	vm_pass();
}
