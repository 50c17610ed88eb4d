/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Switcher: what one processor needs to enter a guest and to come back.
 * Its three pages are mapped at the same place in the hypervisor's tables
 * and in every shadow root (layout.h); nothing else of the hypervisor is.
 */
#pragma once

#include "arch/x86/cpu.h"
#include "arch/x86/layout.h"
#include "arch/x86/regs.h"
#include "arch/x86/sel.h"

/* SDM 3A 3.4.5 "Segment Descriptors". */
struct desc {
	u32 lo, hi;
};

/* SDM 3A 7.2.1 "Task-State Segment (TSS)". */
struct tss {
	u32 back_link; /* stays 0: a guest may set NT and iret */
	u32 esp0, ss0;
	u32 esp1, ss1;
	u32 esp2, ss2;
	u32 cr3, eip, eflags;
	u32 eax, ecx, edx, ebx, esp, ebp, esi, edi;
	u32 es, cs, ss, ds, fs, gs;
	u32 ldt;
	u16 trap, iomap_base;
};

_Static_assert(sizeof(struct tss) == 0x68, "SDM 3A 7.2.1");

/*
 * The state page. Read-only while a guest runs; the hypervisor's tables map
 * it writable, so edits are made only between guest runs.
 */
struct switch_state_page {
	struct desc gdt[GDT_ENTRIES]; /* used in both worlds */
	struct desc idt[X86_VECTORS]; /* used while a guest runs */
	struct tss tss;		      /* used in both worlds */
	u32 hv_cr3;		      /* host-physical */
	u32 hv_esp;		      /* of the run loop, while away */
	struct dtr guest_idtr __aligned(8);
	struct dtr hv_idtr __aligned(8);
};

_Static_assert(sizeof(struct switch_state_page) <= 4096, "one page");

/*
 * The register page. Guests can write it in ring 1, so only what a trap has
 * just pushed may be trusted, and never anything from an earlier exit.
 */
struct switch_regs_page {
	u8 spare[4096 - sizeof(struct cpu_regs)]; /* stack of nested traps */
	struct cpu_regs regs;
};

_Static_assert(sizeof(struct switch_regs_page) == 4096, "one page");

#define switch_state ((struct switch_state_page *)SWITCH_STATE)
#define switch_regs  (&((struct switch_regs_page *)SWITCH_REGS)->regs)

/*
 * Run the guest whose registers are in *switch_regs on the shadow root at
 * host-physical @cr3, until the next trap. Interrupts are off before and
 * after. FS, GS, FPU and debug registers are the guest's all the time.
 *
 * Returns where the trap was pushed: switch_regs for a trap of the guest.
 * Any other value means that the trap happened inside the Switcher, while it
 * loaded the guest's segments; the frame at that address describes it (without
 * esp and ss).
 */
struct cpu_regs *switch_to_guest(u32 cr3) __attribute__((regparm(1)));

/* Entry points for the gates of the guest's IDT. */
extern const u32 switch_stub[X86_VECTORS];
extern char switch_nmi[];

/* Instructions of the switch that fault if the guest's state is invalid. */
extern char switch_pop_es[], switch_pop_ds[];
