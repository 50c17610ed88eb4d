// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest gets on while everything is audited, even when one look at all of
 * its tables takes longer than from one tick of its clock to the next: if
 * each exit had its look, it would do nothing but take ticks.
 *
 * What finds faults in the hypervisor must not be a fault itself.
 */
#include "test/lib/paging.h"

#define IF	  0x200u
#define VA	  0x40000000u
#define PAGES	  1024u
#define TICK	  100000u /* ns, which are instructions */
#define SPINS	  3000000u

/*
 * An audit takes no longer than the guest had since the one before, and the
 * ticks take their time.
 */
#define SLOWER_MAX 4u

u32 ticks;

void on_tick(void);
__asm__("on_tick:\n\t"
	"pushal\n\t"
	"call tick\n\t"
	"popal\n\t"
	"pushl 8(%esp)\n\t"
	"popl %ss:vm_lguest_data\n\t"
	"jmp vm_iret\n");

void tick(void);
void tick(void)
{
	ticks++;
	hypercall(HC_SET_CLOCKEVENT, TICK, 0, 0, 0);
}

/* Pages enough for an audit to take longer than a tick. */
static void map(void)
{
	u32 frame = pg_alloc();

	for (u32 i = 0; i < PAGES; i++) {
		pg_set(pg_current(), VA + i * PAGE_SIZE, frame | PTE_ALL);
	}
	for (u32 i = 0; i < PAGES; i++) {
		(void)*(volatile u32 *)(VA + i * PAGE_SIZE);
	}
}

/* How long the same work takes. */
static u32 work(void)
{
	u64 start = rdtsc();

	for (u32 i = 0; i < SPINS; i++) {
		__asm__ volatile("" : : : "memory");
	}
	return (u32)(rdtsc() - start);
}

void main(void)
{
	u32 alone, with_ticks;
	u64 start;

	vm_init();
	vm_traps_init();
	pg_init();
	map();
	vm_load_gate(IRQ_VECTOR, (u32)on_tick, GATE_INTERRUPT, 0);
	lg_write(LG_BLOCKED, 0);
	alone = work();
	lg_write(LG_IRQ_ENABLED, IF);
	hypercall(HC_SET_CLOCKEVENT, TICK, 0, 0, 0);
	with_ticks = work();
	hypercall(HC_SET_CLOCKEVENT, 0, 0, 0, 0);
	work();
	start = rdtsc();
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	vm_printf("%u us alone, %u us with %u ticks, an audit of %u us\n",
		  alone / 1000, with_ticks / 1000, ticks,
		  (u32)(rdtsc() - start) / 1000);
	/* And it is audited, as soon as it had its share. */
	VM_CHECK(rdtsc() - start > TICK);
	VM_CHECK(with_ticks < SLOWER_MAX * alone);
	vm_pass();
}
