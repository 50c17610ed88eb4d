// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hypercall, an emulated port access and a page fault that only fills a
 * shadow entry change no register: no general one, no flag, no selector.
 *
 * A guest's compiler counts on it. The stack pointer may even point nowhere.
 */
#include "test/lib/vm.h"

#define GUEST_CS 0x61u
#define GUEST_DS 0x69u

#define CF   0x001u
#define ONE  0x002u
#define PF   0x004u
#define AF   0x010u
#define ZF   0x040u
#define SF   0x080u
#define IF   0x200u
#define DF   0x400u
#define OF   0x800u
#define AC   0x40000u
#define ID   0x200000u
#define NONE (ONE | IF)

struct state {
	u32 eax, ebx, ecx, edx, esi, edi, ebp, esp, eflags;
	u32 ds, es, fs, gs;
};

/* What load_run_save() below works on, by name. */
struct state wanted;
struct state found;
u32 saved_esp;

void load_run_save_hypercall(void);
void load_run_save_out(void);
void load_run_save_in(void);
void load_run_save_touch(void);

/* A page nothing has touched, for the last of them. */
u8 untouched[4 * PAGE_SIZE] __attribute__((aligned(4096)));

/*
 * One copy for each instruction: load every register from wanted, run it, save
 * every register to found. The stack pointer is loaded last and saved first;
 * nothing in between needs it, for the caller's is in saved_esp.
 */
#define LOAD_RUN_SAVE(name, insn)              \
	__asm__(".text\n"                      \
		".globl " name "\n" name ":\n" \
		"pushal\n"                     \
		"movl %esp, saved_esp\n"       \
		"movl wanted + 36, %eax\n"     \
		"movl wanted + 40, %ebx\n"     \
		"mov %ebx, %es\n"              \
		"movl wanted + 44, %ebx\n"     \
		"mov %ebx, %fs\n"              \
		"movl wanted + 48, %ebx\n"     \
		"mov %ebx, %gs\n"              \
		"pushl wanted + 32\n"          \
		"popfl\n"                      \
		"mov %eax, %ds\n"              \
		"movl %ss:wanted + 0, %eax\n"  \
		"movl %ss:wanted + 4, %ebx\n"  \
		"movl %ss:wanted + 8, %ecx\n"  \
		"movl %ss:wanted + 12, %edx\n" \
		"movl %ss:wanted + 16, %esi\n" \
		"movl %ss:wanted + 20, %edi\n" \
		"movl %ss:wanted + 24, %ebp\n" \
		"movl %ss:wanted + 28, %esp\n" \
		"" insn "\n"                   \
		"movl %esp, %ss:found + 28\n"  \
		"movl %ss:saved_esp, %esp\n"   \
		"pushfl\n"                     \
		"popl %ss:found + 32\n"        \
		"movl %eax, %ss:found + 0\n"   \
		"movl %ebx, %ss:found + 4\n"   \
		"movl %ecx, %ss:found + 8\n"   \
		"movl %edx, %ss:found + 12\n"  \
		"movl %esi, %ss:found + 16\n"  \
		"movl %edi, %ss:found + 20\n"  \
		"movl %ebp, %ss:found + 24\n"  \
		"mov %ds, %eax\n"              \
		"movl %eax, %ss:found + 36\n"  \
		"mov %es, %eax\n"              \
		"movl %eax, %ss:found + 40\n"  \
		"mov %fs, %eax\n"              \
		"movl %eax, %ss:found + 44\n"  \
		"mov %gs, %eax\n"              \
		"movl %eax, %ss:found + 48\n"  \
		"movl $0x69, %eax\n"           \
		"mov %eax, %ds\n"              \
		"mov %eax, %es\n"              \
		"popal\n"                      \
		"cld\n"                        \
		"ret\n")

LOAD_RUN_SAVE("load_run_save_hypercall", "int $0x1f");
LOAD_RUN_SAVE("load_run_save_out", "outl %eax, %dx");
LOAD_RUN_SAVE("load_run_save_in", "inb %dx, %al");
LOAD_RUN_SAVE("load_run_save_touch", "movb $1, %ss:(%edi)");

static void compare(const char *what)
{
	static const char *const names[] = { "eax",    "ebx", "ecx", "edx",
					     "esi",    "edi", "ebp", "esp",
					     "eflags", "ds",  "es",  "fs",
					     "gs" };
	const u32 *w = (const u32 *)&wanted;
	const u32 *f = (const u32 *)&found;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (w[i] != f[i]) {
			vm_fail("%s: %s 0x%x became 0x%x", what, names[i], w[i],
				f[i]);
		}
	}
}

static void pattern(u32 eflags)
{
	wanted = (struct state){
		.ebx = 0xb1b2b3b4,
		.ecx = 0xc1c2c3c4,
		.edx = 0xd1d2d3d4,
		.esi = 0x51525354,
		.edi = 0x61626364,
		.ebp = 0x71727374,
		.esp = (u32)&untouched[PAGE_SIZE],
		.eflags = eflags,
		.ds = GUEST_DS,
		.es = 0,	/* null; with a level, iret makes it 0 */
		.fs = 0x68,	/* guest data under another privilege level */
		.gs = GUEST_CS, /* code can be read through */
	};
}

static void check_flags(u32 eflags)
{
	pattern(eflags);
	wanted.eax = HC_FLUSH_ASYNC;
	load_run_save_hypercall();
	compare("hypercall 0");

	pattern(eflags);
	wanted.eax = HC_SEND_INTERRUPTS;
	wanted.ds = 0;
	load_run_save_hypercall();
	compare("hypercall 19");

	pattern(eflags);
	wanted.eax = 0xa1a2a3a4;
	wanted.edx = 0x80;
	load_run_save_out();
	compare("out");

	pattern(eflags);
	wanted.eax = 0xa1a2a3ff; /* what an absent port reads as */
	wanted.edx = 0x80;
	load_run_save_in();
	compare("in");
}

/* Each page can be filled only once, so this comes with one set of flags. */
static void check_touch(u8 *page, u32 eflags)
{
	pattern(eflags);
	wanted.edi = (u32)page;
	load_run_save_touch();
	compare("page fault");
}

/*
 * The direction flag reverses string instructions: one that were still set
 * while the hypervisor clears a page would clear the page below.
 */
static void check_direction(void)
{
	u8 *below = &untouched[PAGE_SIZE];
	size_t i;

	memset(below, 0x55, PAGE_SIZE);
	check_touch(below + PAGE_SIZE, NONE | DF | CF | ZF | ID);
	for (i = 0; i < PAGE_SIZE; i++) {
		VM_CHECK(below[i] == 0x55);
	}
}

/* Traps go to the hypervisor's stack, not to the guest's. */
static void check_wild_stack(void)
{
	pattern(NONE);
	wanted.eax = HC_FLUSH_ASYNC;
	wanted.esp = 0xb0000001;
	load_run_save_hypercall();
	compare("wild stack");
}

void main(void)
{
	vm_init();
	check_flags(NONE);
	check_flags(NONE | CF | AF | SF | OF);
	check_flags(NONE | PF | ZF | DF);
	check_flags(NONE | AC | ID | CF | PF | AF | ZF | SF | DF | OF);
	check_touch(&untouched[PAGE_SIZE], NONE);
	check_direction();
	check_wild_stack();
	vm_pass();
}
