// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever a guest puts into its processor stays what it was: every kind of
 * register, descriptors, gates, the stack for traps, page tables, what the
 * hypervisor tells it by shared memory, its clock event. The cases a and b put
 * in what is as different as can be.
 *
 * Alone that is easy. test/test_two_guests.py runs one of each in turn on one
 * processor, where one of them could find what is the other's.
 */
#include "test/lib/clock.h"
#include "test/lib/paging.h"
#include "test/lib/virtio.h"

#define ROUNDS	       96u
#define SLEEP_EACH     8u /* rounds */
#define SLEEP_NS       30000u
#define DR_ADDRESS     0x40000800u /* watched, with the word "watched" */
#define OWN_PAGE       0x40000000u
#define ABSENT	       0x50000000u
#define SYSCALL	       0x80u
#define CONSOLE	       1
#define CONSOLE_OUTPUT 1
#define IF	       0x200u
#define OWN_ENTRY      26u
#define STATE_PAGE     0xffc02000u
#define REGS_PAGE      0xffc04000u
#define TLS_GS	       0x33u
#define TLS_FS	       0x3bu
#define TLS_DATA_HI    0x00cff300u
#define GUEST_SS       0x69u
#define CPUID_SSE      (1u << 25) /* of EDX */

static bool is_b, has_sse, is_watched;
static u32 sign;
static u8 own_stack[8192] __attribute__((aligned(4096)));

/* --- descriptors, FS and GS ----------------------------------------------- */

static u32 thread[3][2]; /* what GS and FS reach, by turns */

static u32 tls[6];

static void load_tls(u32 which)
{
	for (u32 i = 0; i < 2; i++) {
		u32 base = (u32)&thread[which][i];

		thread[which][i] = sign + which * 2 + i;
		tls[i * 2] = base << 16 | 0xffff;
		tls[i * 2 + 1] =
			(base & 0xff000000) | TLS_DATA_HI | (base >> 16 & 0xff);
	}
	hypercall(HC_LOAD_TLS, (u32)tls, 0, 0, 0);
	__asm__ volatile("mov %0, %%gs; mov %1, %%fs"
			 :
			 : "r"(TLS_GS), "r"(TLS_FS));
}

static void check_tls(u32 which)
{
	u32 gs, fs, gs_selector, fs_selector;

	__asm__ volatile("movl %%gs:0, %0\n\t"
			 "movl %%fs:0, %1\n\t"
			 "mov %%gs, %2\n\t"
			 "mov %%fs, %3"
			 : "=&r"(gs), "=&r"(fs), "=&r"(gs_selector),
			   "=&r"(fs_selector));
	VM_CHECK(gs_selector == TLS_GS && fs_selector == TLS_FS);
	VM_CHECK(gs == sign + which * 2);
	VM_CHECK(fs == sign + which * 2 + 1);
}

/* One that no register ever holds. */
static void load_own_entry(void)
{
	hypercall(HC_LOAD_GDT_ENTRY, OWN_ENTRY, sign, TLS_DATA_HI, 0);
}

static void check_own_entry(void)
{
	volatile u32 *gdt = (volatile u32 *)STATE_PAGE;

	VM_CHECK(gdt[OWN_ENTRY * 2] == sign);
	VM_CHECK(gdt[OWN_ENTRY * 2 + 1] == TLS_DATA_HI);
}

/* --- general registers ---------------------------------------------------- */

u32 linger_sign;
u32 linger_failed;

/* Keep all of them, carry, direction and ES as they are, for a while. */
void linger_asm(void);
__asm__(".text\n"
	"linger_asm:\n\t"
	"pushal\n\t"
	"movl linger_sign, %eax\n\t"
	"leal 1(%eax), %ebx\n\t"
	"leal 2(%eax), %edx\n\t"
	"leal 3(%eax), %esi\n\t"
	"leal 4(%eax), %edi\n\t"
	"leal 5(%eax), %ebp\n\t"
	"movl $0, %ecx\n\t"
	"mov %ecx, %es\n\t"
	"movl $1500, %ecx\n\t"
	"stc\n\t"
	"std\n\t"
	"1: loop 1b\n\t"
	"jnc 2f\n\t"
	"pushfl\n\t"
	"testl $0x400, (%esp)\n\t"
	"leal 4(%esp), %esp\n\t"
	"jz 2f\n\t"
	"cld\n\t"
	"mov %es, %ecx\n\t"
	"testl %ecx, %ecx\n\t"
	"jnz 2f\n\t"
	"cmpl linger_sign, %eax\n\t"
	"jne 2f\n\t"
	"decl %ebx\n\t"
	"cmpl %eax, %ebx\n\t"
	"jne 2f\n\t"
	"subl $2, %edx\n\t"
	"cmpl %eax, %edx\n\t"
	"jne 2f\n\t"
	"subl $3, %esi\n\t"
	"cmpl %eax, %esi\n\t"
	"jne 2f\n\t"
	"subl $4, %edi\n\t"
	"cmpl %eax, %edi\n\t"
	"jne 2f\n\t"
	"subl $5, %ebp\n\t"
	"cmpl %eax, %ebp\n\t"
	"je 3f\n"
	"2: movl $1, linger_failed\n"
	"3: cld\n\t"
	"movl $0x69, %eax\n\t"
	"mov %eax, %es\n\t"
	"popal\n\t"
	"ret\n");

static void linger(void)
{
	linger_asm();
	VM_CHECK(!linger_failed);
}

/*
 * A descriptor goes while GS holds it: whoever puts that register back must
 * not fall over it.
 */
static void check_gone(void)
{
	static const u32 high[] = {
		0, 0x00cf7300, /* absent */
		0x00cff900,    /* code that cannot be read */
		0x00cfb300,    /* not for level 3 */
	};

	for (u32 i = 0; i < ARRAY_SIZE(high); i++) {
		u32 gs;

		load_tls(0);
		tls[1] = high[i];
		hypercall(HC_LOAD_TLS, (u32)tls, 0, 0, 0);
		linger();
		__asm__ volatile("mov %%gs, %0" : "=r"(gs));
		VM_CHECK(gs == TLS_GS || gs == 0);
	}
}

/* --- FPU and TS ----------------------------------------------------------- */

static void load_fpu(u32 n)
{
	u32 numbers[4] = { n, n + 1, n + 2, n + 3 };
	u16 control = is_b ? 0x0f7f : 0x037f; /* rounding */

	__asm__ volatile("fninit; fldcw %2; fildl %0; fildl %1"
			 :
			 : "m"(numbers[0]), "m"(numbers[1]), "m"(control));
	if (has_sse) {
		__asm__ volatile("movups %0, %%xmm3" : : "m"(numbers));
	}
}

static void check_fpu(u32 n)
{
	u32 numbers[4];
	u16 control;

	__asm__ volatile("fistl %0; fxch; fistl %1; fxch; fnstcw %2"
			 : "=m"(numbers[1]), "=m"(numbers[0]), "=m"(control));
	VM_CHECK(numbers[0] == n && numbers[1] == n + 1);
	VM_CHECK(control == (is_b ? 0x0f7f : 0x037f));
	if (has_sse) {
		__asm__ volatile("movups %%xmm3, %0" : "=m"(numbers));
		VM_CHECK(numbers[0] == n && numbers[3] == n + 3);
	}
}

static void use_fpu(void *unused)
{
	(void)unused;
	__asm__ volatile("fnop");
}

static void check_ts(bool ts)
{
	const struct vm_trap *trap;

	hypercall(HC_TS, ts, 0, 0, 0);
	linger();
	trap = vm_try(use_fpu, NULL);
	VM_CHECK(ts ? trap && trap->vector == TRAP_NM : !trap);
	hypercall(HC_TS, 0, 0, 0, 0);
}

/* --- gates and the stack for traps ---------------------------------------- */

static void user_call(void)
{
	__asm__ volatile("int $0x80");
}

static void user_break(void)
{
	__asm__ volatile("int3");
}

static void user_end(void)
{
	__asm__ volatile("ud2");
}

/* Only an interrupt gate clears the flag; a has none for these two. */
static void check_trap(void (*fn)(void), u32 vector, u32 flag)
{
	const struct vm_trap *trap;

	lg_write(LG_IRQ_ENABLED, IF);
	trap = pg_user_try(fn);
	lg_write(LG_IRQ_ENABLED, 0);
	VM_CHECK(trap->vector == vector && trap->irq_enabled == flag);
	VM_CHECK(trap->top == (is_b ? (u32)own_stack + sizeof(own_stack)
				    : pg_trap_stack_top()));
}

static void check_gates(void)
{
	check_trap(user_call, SYSCALL, is_b ? 0 : IF);
	check_trap(user_break, TRAP_BP, is_b ? 0 : IF);
	check_trap(user_end, TRAP_UD, 0);
}

static void load_gates(void)
{
	vm_load_stub(SYSCALL, is_b ? GATE_INTERRUPT : GATE_TRAP, 3);
	vm_load_stub(TRAP_BP, is_b ? GATE_INTERRUPT : GATE_TRAP, 3);
	if (is_b) {
		hypercall(HC_SET_STACK, GUEST_SS,
			  (u32)own_stack + sizeof(own_stack), 2, 0);
	}
}

/* --- memory --------------------------------------------------------------- */

/* What the hypervisor says of the last fault; linger() as nothing may come. */
static void check_fault(u32 n)
{
	u32 va = ABSENT + (n & 0xff0) + (is_b ? 0x1000 : 0), value;

	VM_CHECK(vm_try_read(va, &value));
	linger();
	VM_CHECK(lg_read(LG_CR2) == va);
	pg_check_sign(OWN_PAGE, sign);
}

/* Traps push there, and nobody else writes. */
static void check_regs_page(void)
{
	volatile u32 *page = (volatile u32 *)REGS_PAGE;

	for (u32 i = 0; i < 512; i++) {
		u32 found = page[i];

		if (found != 0 && found != sign) {
			vm_fail("register page: 0x%x at %u", found, i * 4);
		}
		page[i] = sign;
	}
}

/* --- debug registers ------------------------------------------------------ */

static void read_watched(void *unused)
{
	(void)unused;
	(void)*(volatile u32 *)DR_ADDRESS;
}

static void check_watch(void)
{
	const struct vm_trap *trap = vm_try(read_watched, NULL);

	VM_CHECK(is_watched ? trap && trap->vector == TRAP_DB : !trap);
}

/* --- the whole ------------------------------------------------------------ */

static struct vq out;

/* All of @text at once. */
static void say(const char *text)
{
	vq_fill(&out, 0, text, strlen(text), 0, 0);
	vq_offer(CONSOLE, CONSOLE_OUTPUT, &out, 0);
	vq_wait(&out);
}

/* Half a line; the rest comes when another guest may have printed. */
static void sleep(u32 round)
{
	u32 ticks = clock_ticks;
	char text[32];

	vm_format(text, sizeof(text), "own-state %c, round", is_b ? 'b' : 'a');
	say(text);
	clock_sleep(is_b ? SLEEP_NS * 3 : SLEEP_NS);
	lg_write(LG_IRQ_ENABLED, 0);
	VM_CHECK(clock_ticks == ticks + 1);
	vm_format(text, sizeof(text), " %u of %c\n", round, is_b ? 'b' : 'a');
	say(text);
}

static void prepare(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	clock_init();
	lg_write(LG_IRQ_ENABLED, 0);
	is_b = vm_is_case("b");
	has_sse = vm_cpuid(1).edx & CPUID_SSE;
	is_watched = vm_has_word("watched");
	sign = is_b ? 0x0b0b0000 : 0x0a0a0000;
	linger_sign = sign;
	load_gates();
	load_own_entry();
	pg_set(pg_current(), OWN_PAGE, pg_signed(sign) | PTE_P | PTE_RW);
	pg_set(pg_current(), (u32)virtio_registers(CONSOLE),
	       (u32)virtio_registers(CONSOLE) | PTE_P | PTE_RW);
	virtio_begin(CONSOLE);
	virtio_queue(CONSOLE, CONSOLE_OUTPUT, &out);
	virtio_go(CONSOLE);
}

void main(void)
{
	prepare();
	for (u32 round = 0; round < ROUNDS; round++) {
		u32 n = sign + round;

		load_tls(round % 3);
		load_fpu(n);
		linger();
		check_tls(round % 3);
		check_fpu(n);
		check_ts(is_b == (round & 1));
		check_fpu(n);
		check_own_entry();
		check_gates();
		load_tls(round % 2);
		check_fault(n);
		check_regs_page();
		check_watch();
		check_tls(round % 2);
		if (round % SLEEP_EACH == 0) {
			check_gone();
			sleep(round);
		}
	}
	vm_pass();
}
