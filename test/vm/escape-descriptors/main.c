// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the descriptor calls store: level 0 becomes 1, accessed is preset,
 * system descriptors (gates, task state, local tables) cannot be used by any
 * instruction from ring 1 or 3, and the hypervisor's own entries stay as they
 * are. Conforming code keeps the level of its caller.
 *
 * One call gate to 0x50 would be ring 0.
 */
#include "test/lib/paging.h"

#define FLAT_LO	   0x0000ffffu
#define HI_FLAT	   0x00cf0000u
#define PRESENT	   0x00008000u
#define SEGMENT	   0x00001000u
#define ACCESSED   0x00000100u
#define HI_DPL(n)  ((n) << 13)
#define TYPE(hi)   ((hi) >> 8 & 0xfu)
#define INDEX	   20u
#define TLS_FIRST  6u
#define HV_CODE	   0x50u
#define CODE_READ  0xau
#define CONFORMING 0xeu

struct table {
	u16 limit;
	u32 base;
} __attribute__((packed));

struct far_pointer {
	u32 offset;
	u16 selector;
} __attribute__((packed));

static const u32 *gdt;
struct far_pointer target;

static void load(u32 index, u32 lo, u32 hi)
{
	hypercall(HC_LOAD_GDT_ENTRY, index, lo, hi, 0);
}

/* The table can be read where sgdt says it is. */
static void check_stored(u32 index, u32 lo, u32 hi)
{
	u32 wanted = hi | ACCESSED;

	if (!(hi & HI_DPL(3))) {
		wanted |= HI_DPL(1);
	}
	if (gdt[index * 2] != lo || gdt[index * 2 + 1] != wanted) {
		vm_fail("entry %u: 0x%x 0x%x became 0x%x 0x%x", index, lo, hi,
			gdt[index * 2], gdt[index * 2 + 1]);
	}
}

static void check_segments(void)
{
	for (u32 type = 0; type < 16; type++) {
		for (u32 dpl = 0; dpl < 4; dpl++) {
			u32 hi = HI_FLAT | PRESENT | SEGMENT | HI_DPL(dpl) |
				 type << 8;

			load(INDEX, FLAT_LO, hi);
			check_stored(INDEX, FLAT_LO, hi);
		}
	}
}

/* No system descriptor that is present, with whatever type and level. */
static bool is_usable_system(u32 index)
{
	u32 hi = gdt[index * 2 + 1];

	return (hi & PRESENT) && !(hi & SEGMENT);
}

static void jump(void *unused)
{
	(void)unused;
	__asm__ volatile("ljmp *target" : : : "memory");
}

static void call(void *unused)
{
	(void)unused;
	__asm__ volatile("lcall *target" : : : "memory");
}

static void user_jump(void)
{
	__asm__ volatile("ljmp *target" : : : "memory");
}

static void user_call(void)
{
	__asm__ volatile("lcall *target" : : : "memory");
}

static void user_return(void)
{
	__asm__ volatile("pushl target + 4; pushl $0; lret" : : : "memory");
}

static void check_refused(const struct vm_trap *trap, const char *how)
{
	if (!trap || (trap->vector != TRAP_GP && trap->vector != TRAP_NP) ||
	    (trap->error & 0xfffc) != (target.selector & 0xfffcu)) {
		vm_fail("%s 0x%x: trap %u error 0x%x", how, target.selector,
			trap ? trap->vector : 0, trap ? trap->error : 0);
	}
}

static void check_ways(u32 selector)
{
	target = (struct far_pointer){ 0, (u16)selector };
	check_refused(vm_try(jump, NULL), "ring 1 ljmp");
	check_refused(vm_try(call, NULL), "ring 1 lcall");
	check_refused(pg_user_try(user_jump), "ring 3 ljmp");
	check_refused(pg_user_try(user_call), "ring 3 lcall");
	check_refused(pg_user_try(user_return), "ring 3 lret");
}

/* As a call gate the low half and the upper word are selector and offset. */
static void check_system(void)
{
	for (u32 type = 0; type < 16; type++) {
		for (u32 dpl = 0; dpl < 4; dpl++) {
			load(INDEX, HV_CODE << 16,
			     PRESENT | HI_DPL(dpl) | type << 8);
			VM_CHECK(!is_usable_system(INDEX));
			check_ways(INDEX * 8 + 1);
			check_ways(INDEX * 8 + 3);
		}
	}
}

static void check_owned(void)
{
	static const u32 owned[] = { 10, 11, 16, 31 };

	for (u32 i = 0; i < ARRAY_SIZE(owned); i++) {
		u32 lo = gdt[owned[i] * 2], hi = gdt[owned[i] * 2 + 1];

		load(owned[i], FLAT_LO,
		     HI_FLAT | PRESENT | SEGMENT | HI_DPL(3) | CODE_READ << 8);
		VM_CHECK(gdt[owned[i] * 2] == lo);
		VM_CHECK(gdt[owned[i] * 2 + 1] == hi);
		check_ways(owned[i] * 8);
		check_ways(owned[i] * 8 + 1);
		check_ways(owned[i] * 8 + 3);
	}
}

static void check_tls(void)
{
	static u32 tls[6];

	for (u32 i = 0; i < 3; i++) {
		tls[i * 2] = FLAT_LO;
		tls[i * 2 + 1] = HI_FLAT | PRESENT | SEGMENT | 0x200;
	}
	hypercall(HC_LOAD_TLS, (u32)tls, 0xffffffff, 0, 0);
	for (u32 i = 0; i < 3; i++) {
		check_stored(TLS_FIRST + i, tls[i * 2], tls[i * 2 + 1]);
		/* The same as a call gate. */
		tls[i * 2] = HV_CODE << 16;
		tls[i * 2 + 1] = PRESENT | HI_DPL(3) | 0xc00;
	}
	hypercall(HC_LOAD_TLS, (u32)tls, 0, 0, 0);
	for (u32 i = 0; i < 3; i++) {
		VM_CHECK(!is_usable_system(TLS_FIRST + i));
		check_ways((TLS_FIRST + i) * 8 + 3);
	}
}

/* Where conforming code arrives: it tells its level and ends. */
void tell_level(void);
u32 level;
__asm__("tell_level:\n\t"
	"mov %cs, %eax\n\t"
	"movl %eax, %ss:level\n\t"
	"ud2\n");

static void check_conforming(void)
{
	load(INDEX, FLAT_LO, HI_FLAT | PRESENT | SEGMENT | CONFORMING << 8);
	target = (struct far_pointer){ (u32)tell_level, INDEX * 8 };
	VM_CHECK(vm_try(jump, NULL)->vector == TRAP_UD);
	VM_CHECK(level == INDEX * 8 + 1);
	VM_CHECK(pg_user_try(user_jump)->vector == TRAP_UD);
	VM_CHECK(level == INDEX * 8 + 3);
	VM_CHECK(pg_user_try(user_call)->vector == TRAP_UD);
	VM_CHECK(level == INDEX * 8 + 3);
}

void main(void)
{
	struct table gdtr;

	vm_init();
	vm_traps_init();
	pg_init();
	__asm__ volatile("sgdt %0" : "=m"(gdtr));
	gdt = (const u32 *)gdtr.base;
	check_segments();
	check_system();
	check_owned();
	check_tls();
	check_conforming();
	vm_pass();
}
