/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What test guests share.
 *
 * Independent of guest/lib and hv/abi on purpose: the numbers below are typed
 * from the specification a second time, so that a mistake there shows here.
 *
 * A test is void main(void). It calls vm_init() unless the lack of it is what
 * it tests, and ends by vm_pass(), vm_fail() or vm_skip(); returning passes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a)  (sizeof(a) / sizeof((a)[0]))
#define __noreturn     __attribute__((noreturn))
#define __printf(f, a) __attribute__((format(printf, f, a)))

#define PAGE_SIZE 4096u

void main(void);

/* --- hypercalls ----------------------------------------------------------- */

#define HC_FLUSH_ASYNC	   0
#define HC_LGUEST_INIT	   1
#define HC_SHUTDOWN	   2
#define HC_LOAD_IDT_ENTRY  6
#define HC_SET_CLOCKEVENT  9
#define HC_HALT		   10
#define HC_SEND_INTERRUPTS 19

#define SHUTDOWN_POWEROFF 1
#define SHUTDOWN_RESTART  2
#define SHUTDOWN_TEXT	  128 /* bytes read, whatever the text's length */

/* The shared memory by offset: a byte array cannot inherit a wrong layout. */
#define LG_IRQ_ENABLED	  0x000
#define LG_BLOCKED	  0x004
#define LG_CR2		  0x008
#define LG_TIME_SEC	  0x00c
#define LG_TIME_NSEC	  0x010
#define LG_IRQ_PENDING	  0x014
#define LG_HCALL_STATUS	  0x018
#define LG_HCALLS	  0x058
#define LG_RESERVE_MEM	  0x558
#define LG_TSC_KHZ	  0x55c
#define LG_NOIRQ_IRET	  0x560
#define LG_KERNEL_ADDRESS 0x564
#define LG_SYSCALL_VEC	  0x568
#define LG_SIZE		  1388
#define LG_SIZE_OLD	  1392 /* up to 3.19 */

/* Fields of that one. */
#define LG_OLD_NOIRQ_START    0x560
#define LG_OLD_NOIRQ_END      0x564
#define LG_OLD_KERNEL_ADDRESS 0x568
#define LG_OLD_SYSCALL_VEC    0x56c

extern u8 vm_lguest_data[LG_SIZE_OLD];

static inline u32 lg_read(u32 offset)
{
	return *(volatile u32 *)&vm_lguest_data[offset];
}

static inline void lg_write(u32 offset, u32 value)
{
	*(volatile u32 *)&vm_lguest_data[offset] = value;
}

static inline void hypercall(u32 number, u32 a1, u32 a2, u32 a3, u32 a4)
{
	__asm__ volatile("int $0x1f"
			 :
			 : "a"(number), "b"(a1), "c"(a2), "d"(a3), "S"(a4)
			 : "memory");
}

/* Fill vm_lguest_data as a kernel image would have it. */
void vm_lguest_data_fill(void);

/* The same, then hypercall 1 with it. */
void vm_init(void);

/* As a kernel before 4.0: no interrupt from @start to before @end. */
void vm_init_old(u32 start, u32 end);

/* --- ending and reporting ------------------------------------------------- */

/* Format into @out: %s %c %d %u %x %%, with a width and leading zeroes. */
size_t vm_format(char *out, size_t size, const char *fmt, ...) __printf(3, 4);

void vm_puts(const char *text);
void vm_printf(const char *fmt, ...) __printf(1, 2);

/* Power off or restart with @text as it stands. */
__noreturn void vm_shutdown(const char *text, u32 reason);

/* Power off with PASS, FAIL: why, SKIP: why. */
__noreturn void vm_pass(void);
__noreturn void vm_fail(const char *fmt, ...) __printf(1, 2);
__noreturn void vm_skip(const char *fmt, ...) __printf(1, 2);

/* Fail, naming the condition and the line, unless @cond holds. */
#define VM_CHECK(cond)                                           \
	do {                                                     \
		if (!(cond)) {                                   \
			vm_fail("line %d: %s", __LINE__, #cond); \
		}                                                \
	} while (0)

/* --- traps ---------------------------------------------------------------- */

#define VECTORS	   256
#define IRQ_VECTOR 0x20 /* of line 0; the others follow */

#define TRAP_DE 0
#define TRAP_DB 1
#define TRAP_BP 3
#define TRAP_UD 6
#define TRAP_NM 7
#define TRAP_TS 10
#define TRAP_NP 11
#define TRAP_SS 12
#define TRAP_GP 13
#define TRAP_PF 14

#define PF_PRESENT 1u
#define PF_WRITE   2u
#define PF_USER	   4u
#define PF_FETCH   16u

struct vm_trap {
	u32 vector;
	u32 error; /* 0 for vectors that have none */
	u32 eip;
	u32 cs;
	u32 eflags;
	u32 cr2; /* as lguest_data holds it, for every vector */
	u32 top; /* the address above what was pushed */
	u32 esp; /* of what trapped; pushed only if that was ring 3 */
	u32 ss;	 /* likewise; 0 for ring 1 */
	u32 edi, esi, ebp, ebx, edx, ecx, eax;
	u32 handler_eflags; /* as the handler found them ... */
	u32 irq_enabled;    /* ... and the virtual flag */
};

#define GATE_INTERRUPT 0xeu
#define GATE_TRAP      0xfu

/* Load one gate: @type 0xE or 0xF, @dpl 0..3. */
void vm_load_gate(u32 vector, u32 handler, u32 type, u32 dpl);

/* One that leads where those of vm_traps_init() lead. */
void vm_load_stub(u32 vector, u32 type, u32 dpl);

/*
 * Load gates for all exceptions. From then on a trap outside vm_try() fails
 * the test with its particulars.
 */
void vm_traps_init(void);

/*
 * Call @fn(@arg). NULL when it returned; when it trapped, what happened (valid
 * until the next call), and execution continues here. Does not nest.
 */
const struct vm_trap *vm_try(void (*fn)(void *arg), void *arg);

/* vm_try() of one access to memory. */
const struct vm_trap *vm_try_read(u32 address, u32 *value);
const struct vm_trap *vm_try_write(u32 address, u32 value);

/* --- the machine ---------------------------------------------------------- */

/* Every register as the first instruction found it. */
struct vm_registers {
	u32 eax, ebx, ecx, edx, esi, edi, ebp, esp, eflags;
	u32 cs, ds, es, ss, fs, gs;
};

extern const struct vm_registers vm_entry;

/* The program's own image, and where RAM ends. */
extern u8 vm_image_start[];
extern u8 vm_image_end[];
u32 vm_ram_size(void);

/* The command line, and whether @word is one of its words. */
const char *vm_cmdline(void);
bool vm_has_word(const char *word);

/*
 * A test of many cases in both formats has "pae-NAME" or "2level-NAME" as its
 * first word: what follows the format, as a number, or whether it is @name.
 */
bool vm_is_pae_case(void);
bool vm_is_case(const char *name);
u32 vm_case_number(void);

/* Read a field of the boot parameters. */
u32 vm_boot_param32(u32 offset);

/* The PCI configuration window's registers. */
u32 vm_pci_read(u32 slot, u32 reg);
void vm_pci_write(u32 slot, u32 reg, u32 value);

struct vm_cpuid {
	u32 eax, ebx, ecx, edx;
};

static inline struct vm_cpuid vm_cpuid(u32 leaf)
{
	struct vm_cpuid id;

	__asm__ volatile("cpuid"
			 : "=a"(id.eax), "=b"(id.ebx), "=c"(id.ecx),
			   "=d"(id.edx)
			 : "a"(leaf), "c"(0));
	return id;
}

/* Intel SDM 2A "CPUID": also whether a fetch is told of in an error code. */
static inline bool vm_has_nx(void)
{
	return vm_cpuid(0x80000001u).edx & 1u << 20;
}

static inline u64 rdtsc(void)
{
	u64 ticks;

	__asm__ volatile("rdtsc" : "=A"(ticks));
	return ticks;
}

static inline void outb(u16 port, u8 value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outw(u16 port, u16 value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outl(u16 port, u32 value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline u8 inb(u16 port)
{
	u8 value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline u16 inw(u16 port)
{
	u16 value;

	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline u32 inl(u16 port)
{
	u32 value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* The compiler may ask for these even in freestanding code. */
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
