// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that traps all the time, through gates that turn interrupts off, is
 * interrupted as on a processor: what waits is delivered when interrupts are
 * on again, whatever the trap, and every trap is taken exactly once.
 *
 * Such a guest does little between its traps, so an interrupt of the machine
 * nearly always finds the virtual flag off.
 */
#include "test/lib/paging.h"

#define SYSCALL	 0x80u
#define TRAP_OF	 4u
#define SOFTWARE 9u /* a vector that nothing but an int raises */
#define WILD	 0x40000000u
#define IF	 0x200u
#define EXITS	 5000u
#define MANY	 60000u /* of the first of them: a second's work */
#define DIRECT	 100000u /* without an exit, rounds are short */

/* In instructions, which are nanoseconds. */
#define TICK	 5000u
#define LATE_MAX 100000u

u32 wanted, rounds, traps;
u32 ticks, late_max, while_disabled;
u64 due;

/*
 * Handlers: the instruction that trapped is done, or of two bytes and to be
 * skipped, without and with an error code.
 */
void on_trap(void), on_fault(void), on_error(void), on_tick(void);
__asm__("on_error:\n\t"
	"addl $4, %esp\n"
	"on_fault:\n\t"
	"addl $2, (%esp)\n"
	"on_trap:\n\t"
	"incl %ss:traps\n"
	"leave:\n\t"
	"pushl 8(%esp)\n\t"
	"popl %ss:vm_lguest_data\n\t"
	"jmp vm_iret\n"

	"on_tick:\n\t"
	"pushal\n\t"
	"pushl 40(%esp)\n\t"
	"call tick\n\t"
	"addl $4, %esp\n\t"
	"popal\n\t"
	"jmp leave\n");

void tick(u32 flags);
void tick(u32 flags)
{
	u64 now = rdtsc();
	u32 late = now > due ? (u32)(now - due) : 0;

	ticks++;
	while_disabled += !(flags & IF);
	if (late > late_max) {
		late_max = late;
	}
	due = now + TICK;
	hypercall(HC_SET_CLOCKEVENT, TICK, 0, 0, 0);
}

/* @insn over and over, with EDI 0 and ECX an address and selector of none. */
#define STORM(name, insn)                                                  \
	static void name(void)                                             \
	{                                                                  \
		__asm__ volatile("1: " insn "\n\t"                         \
				 "decl rounds\n\t"                         \
				 "jnz 1b"                                  \
				 :                                         \
				 : "c"(WILD + 0xfc), "D"(0), "a"(0), "b"(0) \
				 : "edx", "memory");                       \
	}

STORM(int3, "int3")
STORM(into, "movb $0x7f, %%dl; incb %%dl; into")
STORM(software, "int $9")
STORM(syscall, "int $0x80")
STORM(software_ud, "int $6")
STORM(ud2, "ud2")
STORM(divide, "divl %%edi")
STORM(page_fault, "movl (%%ecx), %%edx")
STORM(protection, "movl %%ecx, %%ds")
STORM(breakpoint_and_call, "int3; int $0x1f")

/* What ends a program is a fault that none of them has in ring 3. */
static void (*program)(void);
static void user_program(void)
{
	program();
	__asm__ volatile("hlt");
}

static void begin(void)
{
	rounds = wanted;
	traps = ticks = late_max = while_disabled = 0;
	due = rdtsc() + TICK;
	hypercall(HC_SET_CLOCKEVENT, TICK, 0, 0, 0);
	lg_write(LG_IRQ_ENABLED, IF);
}

static void check(const char *name, u32 ring, u64 start)
{
	u32 duration = (u32)(rdtsc() - start);

	lg_write(LG_IRQ_ENABLED, 0);
	vm_printf("%s in ring %u: %u ticks in %u us, %u us late\n", name, ring,
		  ticks, duration / 1000, late_max / 1000);
	VM_CHECK(traps == wanted && while_disabled == 0);
	VM_CHECK(ticks >= duration / (TICK + LATE_MAX));
	VM_CHECK(late_max <= LATE_MAX);
}

static void storm(const char *name, void (*fn)(void), u32 ring)
{
	u64 start = rdtsc();

	begin();
	if (ring == 3) {
		program = fn;
		VM_CHECK(pg_user_try(user_program)->vector == TRAP_GP);
	} else {
		fn();
	}
	check(name, ring, start);
}

/* Does it take no exit to handle this trap? */
static bool is_direct(u32 vector, void (*handler)(void), u32 type)
{
	return handler == on_trap && (type == GATE_TRAP || vector == SYSCALL);
}

static void both(const char *name, void (*fn)(void), u32 vector,
		 void (*handler)(void), u32 type)
{
	wanted = is_direct(vector, handler, type) ? DIRECT
		 : fn == int3			  ? MANY
						  : EXITS;
	vm_load_gate(vector, (u32)handler, type, 3);
	storm(name, fn, 1);
	storm(name, fn, 3);
	vm_load_stub(vector, GATE_INTERRUPT, 0);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	vm_load_gate(IRQ_VECTOR, (u32)on_tick, GATE_INTERRUPT, 0);
	lg_write(LG_BLOCKED, 0);
	both("int3", int3, TRAP_BP, on_trap, GATE_INTERRUPT);
	both("int3, trap gate", int3, TRAP_BP, on_trap, GATE_TRAP);
	both("into", into, TRAP_OF, on_trap, GATE_INTERRUPT);
	both("int 9", software, SOFTWARE, on_trap, GATE_INTERRUPT);
	both("int 6", software_ud, TRAP_UD, on_trap, GATE_INTERRUPT);
	both("int 0x80", syscall, SYSCALL, on_trap, GATE_INTERRUPT);
	both("int 0x80, trap gate", syscall, SYSCALL, on_trap, GATE_TRAP);
	both("ud2", ud2, TRAP_UD, on_fault, GATE_INTERRUPT);
	both("div", divide, TRAP_DE, on_fault, GATE_INTERRUPT);
	both("page fault", page_fault, TRAP_PF, on_error, GATE_INTERRUPT);
	wanted = EXITS;
	vm_load_gate(TRAP_GP, (u32)on_error, GATE_INTERRUPT, 0);
	storm("protection fault", protection, 1);
	vm_load_stub(TRAP_GP, GATE_INTERRUPT, 0);
	vm_load_gate(TRAP_BP, (u32)on_trap, GATE_INTERRUPT, 3);
	storm("int3 and hypercall", breakpoint_and_call, 1);
	vm_pass();
}
