// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first instruction finds the registers, boot parameters, command line
 * and processor of the guest interface, and nothing besides.
 *
 * A kernel believes them before it can check anything. With "again" the guest
 * then changes all that it can and asks for a restart: the runner counts how
 * many lives found everything new.
 */
#include "test/lib/clock.h"
#include "test/lib/paging.h"
#include "test/lib/virtio.h"

#define GUEST_CS  0x61u
#define GUEST_DS  0x69u
#define EFLAGS_IN 0x202u

#define CMDLINE	    0x1000u
#define CMDLINE_END 0x1800u

#define CONSOLE 1u
#define BAR0	0x10u
#define MOVED	0xe0000000u

#define NAP_NS 1000000u /* until the clock event of an earlier life */

struct table {
	u16 limit;
	u32 base;
} __attribute__((packed));

static void check_registers(void)
{
	VM_CHECK(vm_entry.eax == 0);
	VM_CHECK(vm_entry.ebx == 0);
	VM_CHECK(vm_entry.ecx == 0);
	VM_CHECK(vm_entry.edx == 0);
	VM_CHECK(vm_entry.esi == 0);
	VM_CHECK(vm_entry.edi == 0);
	VM_CHECK(vm_entry.ebp == 0);
	VM_CHECK(vm_entry.esp == 0);
	VM_CHECK(vm_entry.eflags == EFLAGS_IN);
	VM_CHECK(vm_entry.cs == GUEST_CS);
	VM_CHECK(vm_entry.ds == GUEST_DS);
	VM_CHECK(vm_entry.es == GUEST_DS);
	VM_CHECK(vm_entry.ss == GUEST_DS);
	VM_CHECK(vm_entry.fs == 0);
	VM_CHECK(vm_entry.gs == 0);
}

static u32 bp16(u32 offset)
{
	return vm_boot_param32(offset) & 0xffff;
}

static u32 bp8(u32 offset)
{
	return vm_boot_param32(offset) & 0xff;
}

/* Names as in Linux's boot protocol. No initrd here. */
static void check_boot_params(void)
{
	VM_CHECK(bp16(0x206) >= 0x207);			/* version */
	VM_CHECK((bp8(0x211) & 0x40) != 0);		/* KEEP_SEGMENTS */
	VM_CHECK(vm_boot_param32(0x228) == CMDLINE);	/* cmd_line_ptr */
	VM_CHECK(vm_boot_param32(0x230) == 0x01000000); /* alignment */
	VM_CHECK(vm_boot_param32(0x23c) == 1);		/* hardware_subarch */
	VM_CHECK(vm_ram_size() % PAGE_SIZE == 0);
}

/* Those and the memory map are all there is; the rest is zero. */
static void check_rest(void)
{
	static const struct {
		u32 first, bytes;
	} used[] = { { 0x1e8, 1 }, { 0x206, 2 }, { 0x211, 1 }, { 0x228, 4 },
		     { 0x230, 4 }, { 0x23c, 4 }, { 0x2d0, 20 } };
	u32 n = 0;

	for (u32 at = 0; at < PAGE_SIZE; at++) {
		if (n < ARRAY_SIZE(used) && at == used[n].first) {
			at += used[n++].bytes - 1;
		} else if (bp8(at)) {
			vm_fail("boot parameter 0x%x: 0x%x", at, bp8(at));
		}
	}
}

/*
 * A bzImage's own header, as test_start.py makes it, but for what a loader
 * has to say: KEEP_SEGMENTS, the command line, the subarchitecture.
 */
static void check_header(void)
{
	VM_CHECK(bp8(0x1f1) == 1);			/* setup_sects */
	VM_CHECK(bp16(0x1fe) == 0xaa55);		/* boot_flag */
	VM_CHECK(vm_boot_param32(0x202) == 0x53726448); /* HdrS */
	VM_CHECK(bp16(0x206) == (vm_has_word("bz-old") ? 0x207 : 0x20c));
	VM_CHECK(bp8(0x210) == 0);		      /* type_of_loader */
	VM_CHECK(bp8(0x211) == 0x41);		      /* loadflags */
	VM_CHECK(vm_boot_param32(0x228) == CMDLINE);  /* cmd_line_ptr */
	VM_CHECK(vm_boot_param32(0x230) == 0x100000); /* alignment */
	VM_CHECK(vm_boot_param32(0x23c) == 1);	      /* hardware_subarch */
	VM_CHECK(vm_boot_param32(0x258) == 0x100000); /* pref_address */
	VM_CHECK(vm_boot_param32(0x260) == 0x100000); /* init_size */
	VM_CHECK(vm_ram_size() % PAGE_SIZE == 0);
}

/* Linux copies 2048 bytes whatever the length. */
static void check_cmdline(void)
{
	static const char expected[] = "one two=three";
	const char *at = vm_cmdline();

	if (memcmp(at, expected, 3) != 0) {
		/* The word that names the run. */
		for (; *at && *at++ != ' ';) {
		}
	}
	if (memcmp(at, expected, sizeof(expected)) != 0) {
		vm_fail("command line \"%s\"", vm_cmdline());
	}
	for (at += sizeof(expected); at < (const char *)CMDLINE_END; at++) {
		VM_CHECK(*at == '\0');
	}
}

/* The table can be read where sgdt says it is; who owns what: the ABI. */
static void check_gdt(void)
{
	static const u32 known[][3] = { { 10, 0x0000ffff, 0x00cf9b00 },
					{ 11, 0x0000ffff, 0x00cf9300 },
					{ 12, 0x0000ffff, 0x00cfbb00 },
					{ 13, 0x0000ffff, 0x00cfb300 } };
	struct table gdtr;
	const u32 *gdt;
	u32 n = 0;

	__asm__ volatile("sgdt %0" : "=m"(gdtr));
	gdt = (const u32 *)gdtr.base;
	VM_CHECK(gdtr.limit == 32 * 8 - 1);
	for (u32 i = 0; i < 32; i++) {
		u32 lo = gdt[i * 2], hi = gdt[i * 2 + 1];

		if (n < ARRAY_SIZE(known) && i == known[n][0]) {
			VM_CHECK(lo == known[n][1] && hi == known[n][2]);
			n++;
		} else if (i != 16 && i != 31) {
			VM_CHECK(lo == 0 && hi == 0);
		}
	}
	/* The task state: busy, level 0, 104 bytes. */
	VM_CHECK((gdt[32] & 0xffff) == 0x67);
	VM_CHECK((gdt[33] & 0x00f0ff00) == 0x00008b00);
}

/* No stack for traps of programs, no ports, no task to go back to. */
static void check_task_state(void)
{
	struct table gdtr;
	const u32 *gdt, *tss;

	__asm__ volatile("sgdt %0" : "=m"(gdtr));
	gdt = (const u32 *)gdtr.base;
	tss = (const u32 *)(gdt[32] >> 16 | (gdt[33] & 0xff) << 16 |
			    (gdt[33] & 0xff000000));
	VM_CHECK((tss[0] & 0xffff) == 0);
	VM_CHECK((tss[2] & 0xffff) == 0x58);
	VM_CHECK(tss[3] == 0 && tss[4] == 0);
	VM_CHECK(tss[25] >> 16 >= 0x68);
}

/* As after a reset, with the control bits that a guest cannot set itself. */
static void check_processor(void)
{
	u32 cr0 = 0;
	u16 control;

	__asm__ volatile("fnstcw %0" : "=m"(control));
	VM_CHECK(control == 0x37f);
	/* PE, MP, ET, NE; neither EM nor TS. */
	__asm__ volatile("smsw %0" : "=r"(cr0));
	VM_CHECK((cr0 & 0xffff) == 0x33);
	VM_CHECK(!(vm_cpuid(1).ecx & 1u << 27)); /* OSXSAVE */
	/* No gate for trap 13: a kernel's early microcode loader lives. */
	__asm__ volatile("rdmsr" : "=a"(cr0) : "c"(0x8b) : "edx");
	VM_CHECK(cr0 == 0);
	if (vm_cpuid(1).edx & 1u << 25) {
		__asm__ volatile("xorps %%xmm0, %%xmm0" : : : "memory");
	}
}

/* The wall clock is told with the introduction: after 2020, at least. */
static void check_time(void)
{
	VM_CHECK(lg_read(LG_TIME_SEC) > 1577836800u);
	VM_CHECK(lg_read(LG_TIME_NSEC) < NS_PER_S);
}

/* After the introduction: no interrupt, no calls but those made here. */
static void check_quiet(void)
{
	u64 start = rdtsc();

	lg_write(LG_BLOCKED, 0);
	while (rdtsc() - start < 2 * NAP_NS) {
	}
	vm_lguest_data[LG_HCALL_STATUS] = 0;
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	VM_CHECK(vm_lguest_data[LG_HCALL_STATUS] == 0xff);
	VM_CHECK(lg_read(LG_IRQ_PENDING) == 0);
	VM_CHECK(vm_pci_read(CONSOLE, BAR0) == vm_ram_size() + 0x100000);
	VM_CHECK(virtio_status(CONSOLE) == 0);
}

/* --- a life that leaves nothing as it was --- */

static void spoil_processor(void)
{
	const u16 control = 0x340;

	__asm__ volatile("fldcw %0" : : "m"(control));
	for (u32 i = 0; i < 32; i++) {
		if (i != 12 && i != 13) {
			hypercall(HC_LOAD_GDT_ENTRY, i, 0xffff, 0xcff300, 0);
		}
	}
	__asm__ volatile("mov %0, %%fs; mov %0, %%gs" : : "r"(0x33));
	vm_load_stub(0x80, GATE_TRAP, 3);
	hypercall(HC_TS, 8, 0, 0, 0);
}

static __noreturn void spoil(void)
{
	static struct vq q;

	vm_traps_init();
	spoil_processor();
	virtio_begin(CONSOLE);
	virtio_queue(CONSOLE, 1, &q);
	virtio_go(CONSOLE);
	vm_pci_write(CONSOLE, BAR0, MOVED);
	for (u32 slot = 1; slot < 4; slot++) {
		vm_lguest_data[LG_HCALL_STATUS + slot] = 0;
	}
	pg_init();
	hypercall(HC_SET_CLOCKEVENT, 1, 0, 0, 0);
	hypercall(HC_SET_CLOCKEVENT, NAP_NS, 0, 0, 0);
	vm_shutdown("nothing is as it was", SHUTDOWN_RESTART);
}

void main(void)
{
	check_registers();
	if (vm_has_word("bz") || vm_has_word("bz-old")) {
		check_header();
	} else {
		check_boot_params();
		check_rest();
	}
	check_cmdline();
	check_gdt();
	check_task_state();
	check_processor();
	vm_init();
	check_time();
	check_quiet();
	if (vm_has_word("again")) {
		vm_puts("boot-state: new\n");
		spoil();
	}
	vm_pass();
}
