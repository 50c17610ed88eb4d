// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which interrupt arrives, when, and with what frame; what the guest is told
 * of those that wait; and that none waits for long when the guest allows it
 * without telling: kernels do, by a store, an iret, or in a mask.
 */
#include "test/lib/clock.h"
#include "test/lib/virtio.h"

/* Slot and line of the devices that interrupt on demand. */
#define CONSOLE 1u
#define RNG	2u

#define CONSOLE_OUTPUT 1u

#define IF	 0x200u
#define GUEST_CS 0x61u

/* The longest wait of an interrupt that was allowed without telling. */
#define RETRY_NS 1000000u
#define EARLY_NS 40000u /* ... when it has just begun to wait */
#define SLACK_NS 20000u

static struct vq out, rng;

static void prepare(u32 slot, u32 queue, struct vq *q)
{
	virtio_begin(slot);
	virtio_queue(slot, queue, q);
	virtio_go(slot);
}

static void spin(u32 ns)
{
	u64 start = rdtsc();

	while (rdtsc() - start < ns) {
	}
}

/* Raise @line; interrupts are off or it is blocked. */
static void raise(u32 line)
{
	static u8 byte = '.';
	u32 len;

	if (line == CONSOLE) {
		vq_fill(&out, 0, &byte, 1, 0, 0);
		vq_offer(CONSOLE, CONSOLE_OUTPUT, &out, 0);
		VM_CHECK(vq_done(&out, &len));
	} else if (line == RNG) {
		vq_fill(&rng, 0, &byte, 1, VQ_WRITE, 0);
		vq_offer(RNG, 0, &rng, 0);
		VM_CHECK(vq_done(&rng, &len));
		byte = '.';
	} else {
		clock_arm(1);
		spin(SLACK_NS);
	}
}

static void call(void *number)
{
	hypercall((u32)number, 0, 0, 0, 0);
}

static void enable_and_tell(void *unused)
{
	(void)unused;
	lg_write(LG_IRQ_ENABLED, IF);
	call((void *)HC_SEND_INTERRUPTS);
}

/* Enable interrupts and tell; what arrives, or NULL. */
static const struct vm_trap *take(void)
{
	return vm_try(enable_and_tell, NULL);
}

/* Fail unless @line arrives now, and irq_pending is @pending afterwards. */
static void check_takes(u32 line, u32 pending)
{
	const struct vm_trap *trap = take();

	VM_CHECK(trap && trap->vector == IRQ_VECTOR + line);
	VM_CHECK(trap->irq_enabled == 0);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == pending);
	lg_write(LG_IRQ_ENABLED, 0);
}

static void check_nothing_waits(void)
{
	VM_CHECK(take() == NULL);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	lg_write(LG_IRQ_ENABLED, 0);
}

static void check_order(void)
{
	raise(RNG);
	raise(CONSOLE);
	raise(0);
	raise(RNG);
	check_takes(0, IF);
	check_takes(CONSOLE, IF);
	check_takes(RNG, 0);
	check_nothing_waits();
}

/* What is blocked neither arrives nor is told of. */
static void check_blocked(void)
{
	lg_write(LG_BLOCKED, 1u << CONSOLE);
	raise(CONSOLE);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	raise(RNG);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == IF);
	check_takes(RNG, 0);
	check_nothing_waits();
	lg_write(LG_BLOCKED, 0);
	call((void *)HC_FLUSH_ASYNC);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == IF);
	lg_write(LG_BLOCKED, 1u << CONSOLE);
	call((void *)HC_FLUSH_ASYNC);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	lg_write(LG_BLOCKED, 0);
	check_takes(CONSOLE, 0);
	check_nothing_waits();
}

/* restore_fl() of Linux: the number of calls it made. */
static u32 told;

static void restore_flags(void *flags)
{
	told = 0;
	lg_write(LG_IRQ_ENABLED, (u32)flags);
	if ((u32)flags & lg_read(LG_IRQ_PENDING)) {
		told++;
		call((void *)HC_SEND_INTERRUPTS);
	}
}

/* irq_pending is ANDed with flags: it may be IF or 0, and nothing else. */
static void check_restore(void)
{
	const struct vm_trap *trap;

	VM_CHECK(!vm_try(restore_flags, (void *)~0u) && told == 0);
	lg_write(LG_IRQ_ENABLED, 0);
	lg_write(LG_BLOCKED, 1u << CONSOLE);
	raise(CONSOLE);
	VM_CHECK(!vm_try(restore_flags, (void *)~0u) && told == 0);
	lg_write(LG_IRQ_ENABLED, 0);
	lg_write(LG_BLOCKED, 0);
	call((void *)HC_FLUSH_ASYNC);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == IF);
	VM_CHECK(!vm_try(restore_flags, (void *)~IF) && told == 0);
	VM_CHECK(!vm_try(restore_flags, (void *)0x46) && told == 0);
	trap = vm_try(restore_flags, (void *)0x246);
	VM_CHECK(trap && trap->vector == IRQ_VECTOR + CONSOLE && told == 1);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	lg_write(LG_IRQ_ENABLED, 0);
}

/* Only bit 9 counts: kernels store whole images of EFLAGS. */
static void check_images(void)
{
	static const u32 off[] = { 0x2, 0x46, ~IF, 0x3000, 0x80000000 };
	static const u32 on[] = { IF, 0x246, ~0u, IF | 0x3000 };

	for (u32 i = 0; i < ARRAY_SIZE(off); i++) {
		lg_write(LG_IRQ_ENABLED, off[i]);
		raise(CONSOLE);
		VM_CHECK(!vm_try(call, (void *)HC_SEND_INTERRUPTS));
		VM_CHECK(lg_read(LG_IRQ_ENABLED) == off[i]);
		VM_CHECK(lg_read(LG_IRQ_PENDING) == IF);
		check_takes(CONSOLE, 0);
	}
	for (u32 i = 0; i < ARRAY_SIZE(on); i++) {
		const struct vm_trap *trap;

		raise(CONSOLE);
		lg_write(LG_IRQ_ENABLED, on[i]);
		trap = vm_try(call, (void *)HC_SEND_INTERRUPTS);
		VM_CHECK(trap && trap->vector == IRQ_VECTOR + CONSOLE);
		VM_CHECK(trap->eflags & IF && trap->irq_enabled == 0);
		lg_write(LG_IRQ_ENABLED, 0);
	}
}

extern const u8 behind_known[];
static void call_known(void *unused)
{
	(void)unused;
	__asm__ volatile("movl $0xb1b2b3b4, %%ebx\n\t"
			 "movl $0xc1c2c3c4, %%ecx\n\t"
			 "movl $0xd1d2d3d4, %%edx\n\t"
			 "movl $0x51525354, %%esi\n\t"
			 "movl $0x61626364, %%edi\n\t"
			 "pushl %%ebp\n\t"
			 "movl $0x71727374, %%ebp\n\t"
			 "pushl $0xcd5\n\t"
			 "popfl\n\t"
			 "movl $19, %%eax\n\t"
			 "int $0x1f\n"
			 "behind_known:\n\t"
			 "popl %%ebp"
			 :
			 :
			 : "eax", "ebx", "ecx", "edx", "esi", "edi", "memory");
}

/* No error code, nothing lost; a trap gate leaves the flag alone. */
static void check_frame(u32 type)
{
	const struct vm_trap *trap;

	vm_load_stub(IRQ_VECTOR + CONSOLE, type, 0);
	raise(CONSOLE);
	lg_write(LG_IRQ_ENABLED, IF);
	trap = vm_try(call_known, NULL);
	__asm__ volatile("cld");
	VM_CHECK(trap && trap->vector == IRQ_VECTOR + CONSOLE);
	VM_CHECK(trap->eip == (u32)behind_known && trap->cs == GUEST_CS);
	VM_CHECK(trap->eax == HC_SEND_INTERRUPTS && trap->ebx == 0xb1b2b3b4);
	VM_CHECK(trap->ecx == 0xc1c2c3c4 && trap->edx == 0xd1d2d3d4);
	VM_CHECK(trap->esi == 0x51525354 && trap->edi == 0x61626364);
	VM_CHECK(trap->ebp == 0x71727374);
	VM_CHECK((trap->eflags & ~0x2u) == 0xed5);
	VM_CHECK(trap->irq_enabled == (type == GATE_TRAP ? IF : 0));
	lg_write(LG_IRQ_ENABLED, 0);
	vm_load_stub(IRQ_VECTOR + CONSOLE, GATE_INTERRUPT, 0);
}

static void check_halt(void)
{
	u64 start = rdtsc();
	const struct vm_trap *trap;

	/* One that waits already: no sleep. */
	raise(CONSOLE);
	clock_arm(RETRY_NS);
	trap = vm_try(call, (void *)HC_HALT);
	VM_CHECK(trap && trap->vector == IRQ_VECTOR + CONSOLE);
	VM_CHECK(trap->eflags & IF && trap->irq_enabled == 0);
	VM_CHECK(rdtsc() - start < RETRY_NS / 2);
	/* One that is blocked does not end it. */
	lg_write(LG_BLOCKED, 1u << CONSOLE);
	raise(CONSOLE);
	lg_write(LG_IRQ_ENABLED, 0);
	start = rdtsc();
	clock_arm(RETRY_NS * 5);
	trap = vm_try(call, (void *)HC_HALT);
	VM_CHECK(trap && trap->vector == IRQ_VECTOR);
	VM_CHECK(rdtsc() - start >= RETRY_NS * 5);
	lg_write(LG_BLOCKED, 0);
	check_takes(CONSOLE, 0);
	/* Of two, one ends it and the other is told of. */
	raise(RNG);
	raise(CONSOLE);
	trap = vm_try(call, (void *)HC_HALT);
	VM_CHECK(trap && trap->vector == IRQ_VECTOR + CONSOLE);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == IF);
	trap = vm_try(call, (void *)HC_HALT);
	VM_CHECK(trap && trap->vector == IRQ_VECTOR + RNG);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
}

/*
 * Without a gate it ends a HALT, moves the clock, goes on waiting, and holds
 * back no other.
 */
static void check_no_gate(void)
{
	u64 wall = clock_wall_ns();

	hypercall(HC_LOAD_IDT_ENTRY, IRQ_VECTOR + CONSOLE, 0, 0, 0);
	raise(CONSOLE);
	VM_CHECK(!vm_try(call, (void *)HC_HALT));
	VM_CHECK(lg_read(LG_IRQ_ENABLED) == IF);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == IF);
	VM_CHECK(clock_wall_ns() > wall);
	VM_CHECK(take() == NULL);
	lg_write(LG_IRQ_ENABLED, 0);
	raise(RNG);
	check_takes(RNG, IF);
	VM_CHECK(take() == NULL);
	lg_write(LG_IRQ_ENABLED, 0);
	vm_load_stub(IRQ_VECTOR + CONSOLE, GATE_INTERRUPT, 0);
	check_takes(CONSOLE, 0);
}

/* The clock moves with interrupts, and agrees with the time stamp. */
static void check_time(void)
{
	u64 wall = clock_wall_ns();
	u64 start = rdtsc();
	u64 passed;

	raise(CONSOLE);
	check_takes(CONSOLE, 0);
	start = rdtsc();
	wall = clock_wall_ns();
	spin(RETRY_NS * 3);
	call((void *)HC_FLUSH_ASYNC);
	VM_CHECK(clock_wall_ns() == wall);
	raise(CONSOLE);
	VM_CHECK(clock_wall_ns() == wall);
	check_takes(CONSOLE, 0);
	passed = rdtsc() - start;
	wall = clock_wall_ns() - wall;
	VM_CHECK(wall + SLACK_NS > passed && wall < passed + SLACK_NS);
}

/* Ways to allow an interrupt without a word. */
static void enable_by_store(void)
{
	lg_write(LG_IRQ_ENABLED, IF);
}

static void enable_by_iret(void)
{
	__asm__ volatile("pushfl\n\t"
			 "pushl %%cs\n\t"
			 "pushl $1f\n\t"
			 "movl $0x200, vm_lguest_data\n\t"
			 "jmp vm_iret\n"
			 "1:"
			 :
			 :
			 : "memory");
}

static void unblock(void)
{
	lg_write(LG_BLOCKED, 0);
}

static u64 allowed_at;

static void allow_and_spin(void *allow)
{
	allowed_at = rdtsc();
	((void (*)(void))allow)();
	spin(RETRY_NS * 2);
}

/* @wait: how long it has waited before. */
static void check_retry(void (*allow)(void), u32 wait, u32 limit)
{
	const struct vm_trap *trap;

	if (allow == unblock) {
		lg_write(LG_BLOCKED, 1u << CONSOLE);
	}
	raise(CONSOLE);
	if (allow == unblock) {
		lg_write(LG_IRQ_ENABLED, IF);
	}
	spin(wait);
	trap = vm_try(allow_and_spin, (void *)allow);
	VM_CHECK(trap && trap->vector == IRQ_VECTOR + CONSOLE);
	if (rdtsc() - allowed_at > limit) {
		vm_fail("waited %u ns", (u32)(rdtsc() - allowed_at));
	}
	lg_write(LG_IRQ_ENABLED, 0);
	check_nothing_waits();
}

static void check_retries(void)
{
	void (*const ways[])(void) = { enable_by_store, enable_by_iret,
				       unblock };

	for (u32 i = 0; i < ARRAY_SIZE(ways); i++) {
		check_retry(ways[i], 0, EARLY_NS);
		check_retry(ways[i], RETRY_NS * 5 / 2, RETRY_NS + SLACK_NS);
		check_retry(ways[i], 0, EARLY_NS);
	}
}

/* One that waits neither hastens nor delays the clock event. */
static void check_retry_and_clock(void)
{
	static const u32 delays[] = { 5000, 20000, 300000, 5000000 };

	lg_write(LG_BLOCKED, 1u << CONSOLE);
	raise(CONSOLE);
	for (u32 i = 0; i < ARRAY_SIZE(delays); i++) {
		u64 start = rdtsc();
		const struct vm_trap *trap;
		u32 took;

		lg_write(LG_IRQ_ENABLED, 0);
		clock_arm(delays[i]);
		lg_write(LG_IRQ_ENABLED, IF);
		trap = vm_try(allow_and_spin, (void *)enable_by_store);
		while (!trap) {
			trap = vm_try(allow_and_spin, (void *)enable_by_store);
		}
		took = (u32)(rdtsc() - start);
		VM_CHECK(trap->vector == IRQ_VECTOR);
		VM_CHECK(took >= delays[i] && took < delays[i] + SLACK_NS);
	}
	lg_write(LG_IRQ_ENABLED, 0);
	lg_write(LG_BLOCKED, 0);
	check_takes(CONSOLE, 0);
}

/* A device may raise its line before the guest has introduced itself. */
static void check_early(void)
{
	prepare(CONSOLE, CONSOLE_OUTPUT, &out);
	raise(CONSOLE);
	vm_init();
	lg_write(LG_BLOCKED, ~0u);
	vm_traps_init();
	vm_load_stub(IRQ_VECTOR + CONSOLE, GATE_INTERRUPT, 0);
	check_nothing_waits();
	lg_write(LG_BLOCKED, 0);
	check_takes(CONSOLE, 0);
}

/*
 * A hypercall that ends inside of a window of the old kind; its last
 * instruction, at which more is allowed, is the ret.
 */
extern const u8 window_start[], window_end[];
void call_in_window(void);
__asm__("call_in_window:\n\t"
	"xorl %eax, %eax\n"
	"window_start:\n\t"
	"int $0x1f\n\t"
	"nop\n\t"
	"ret\n"
	"window_end:\n");

/* Inside nothing happens at all, not even to irq_pending. */
static void check_window(void)
{
	vm_init_old((u32)window_start, (u32)window_end);
	/* What counts is what was there then. */
	lg_write(LG_OLD_NOIRQ_START, (u32)window_end);
	lg_write(LG_OLD_NOIRQ_END, (u32)window_start);
	vm_traps_init();
	vm_load_stub(IRQ_VECTOR, GATE_INTERRUPT, 0);
	raise(0);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	lg_write(LG_BLOCKED, 0);
	call_in_window();
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	call((void *)HC_FLUSH_ASYNC);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == IF);
	lg_write(LG_BLOCKED, 1);
	call_in_window();
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	lg_write(LG_BLOCKED, 0);
	check_takes(0, 0);
}

/*
 * For test_time.py, which counts exits: 50 ms in which nothing, or one, waits.
 */
static void run_counted(void)
{
	if (vm_is_case("blocked")) {
		lg_write(LG_BLOCKED, 1u << CONSOLE);
	}
	raise(CONSOLE);
	if (vm_is_case("quiet")) {
		spin(RETRY_NS);
		check_takes(CONSOLE, 0);
		lg_write(LG_IRQ_ENABLED, IF);
	}
	spin(RETRY_NS * 50);
	vm_pass();
}

void main(void)
{
	if (vm_is_case("early")) {
		check_early();
		vm_pass();
	}
	if (vm_is_case("window")) {
		check_window();
		vm_pass();
	}
	vm_init();
	vm_traps_init();
	for (u32 line = 0; line <= RNG; line++) {
		vm_load_stub(IRQ_VECTOR + line, GATE_INTERRUPT, 0);
	}
	prepare(CONSOLE, CONSOLE_OUTPUT, &out);
	prepare(RNG, 0, &rng);
	lg_write(LG_BLOCKED, 0);
	if (!vm_is_case("all")) {
		run_counted();
	}
	check_nothing_waits();
	check_order();
	check_blocked();
	check_restore();
	check_images();
	check_frame(GATE_INTERRUPT);
	check_frame(GATE_TRAP);
	check_halt();
	check_no_gate();
	check_time();
	check_retries();
	check_retry_and_clock();
	vm_pass();
}
