/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processor identification and fixed control state. CR0 (but for TS), CR4
 * and EFER are the same while the guest runs and while we do, so a switch
 * writes none of them.
 *
 * Rules: SDM 2A "CPUID", SDM 3A 2.5 "Control Registers".
 */
#include "arch/x86/cpufeat.h"

#include <string.h>

#include "arch/x86/cpu.h"

#define LEAF_VENDOR	   0
#define LEAF_FEATURES	   1
#define LEAF_EXT_MAX	   0x80000000u
#define LEAF_EXT_FEATURES  0x80000001u
#define LEAF_BRAND	   0x80000002u
#define LEAF_BRAND_LAST	   0x80000004u
#define LEAF_POWER	   0x80000007u
#define LEAF_ADDRESS_SIZES 0x80000008u

#define EDX_PSE	       (1u << 3)
#define EDX_MCE	       (1u << 7)
#define EDX_APIC       (1u << 9)
#define EDX_SEP	       (1u << 11)
#define EDX_PSE36      (1u << 17)
#define EDX_SSE	       (1u << 25)
#define ECX_HYPERVISOR (1u << 31)
#define EXT_EDX_NX     (1u << 20)
#define POWER_EDX_TSC  (1u << 8) /* invariant */

/*
 * BKDG for AMD family 10h, "MSRC001_0055 Interrupt Pending and CMP-Halt
 * Register": these bits make HLT enter C1E, where the local APIC's timer stops.
 */
#define MSR_CMP_HALT   0xc0010055
#define CMP_HALT_SLEEP 0x18000000u

/* Physical address bits with PAE where CPUID has no LEAF_ADDRESS_SIZES. */
#define PHYS_BITS_PAE 36
#define PHYS_BITS_MIN 32
#define PHYS_BITS_MAX 52

static void detect_model(struct cpu_features *f, u32 eax)
{
	f->family = eax >> 8 & 0xf;
	f->model = eax >> 4 & 0xf;
	f->stepping = eax & 0xf;
	if (f->family == 6 || f->family == 15) {
		f->model |= eax >> 12 & 0xf0;
	}
	if (f->family == 15) {
		f->family += eax >> 20 & 0xff;
	}
}

/*
 * May the TSC's rate change, as far as the processor tells? Processors older
 * than the CPUID leaf do not change their frequency by themselves. Intel's that
 * have the leaf have a constant rate even where the leaf does not promise it in
 * deep sleep (SDM 3B 17.17 "Time-Stamp Counter"). Emulators are only measured.
 */
static bool does_tsc_vary(const struct cpu_features *f, u32 max_ext)
{
	u32 a, b, c, d;

	if (max_ext < LEAF_POWER || f->has_hypervisor ||
	    strcmp(f->vendor, "GenuineIntel") == 0) {
		return false;
	}
	cpuid(LEAF_POWER, &a, &b, &c, &d);
	return !(d & POWER_EDX_TSC);
}

/* Vendors pad it with blanks, some in front. */
static void detect_name(struct cpu_features *f, u32 max_ext)
{
	char *end;
	u32 r[4];

	for (u32 i = 0; max_ext >= LEAF_BRAND_LAST && i < 3; i++) {
		cpuid(LEAF_BRAND + i, &r[0], &r[1], &r[2], &r[3]);
		memcpy(f->name + 16 * i, r, 16);
	}
	end = f->name + strlen(f->name);
	while (end > f->name && end[-1] == ' ') {
		*--end = '\0';
	}
	memmove(f->name, f->name + strspn(f->name, " "),
		sizeof(f->name) - strspn(f->name, " "));
}

void cpufeat_detect(struct cpu_features *f)
{
	u32 a, b, c, d, max_ext;

	memset(f, 0, sizeof(*f));
	cpuid(LEAF_VENDOR, &a, &b, &c, &d);
	memcpy(f->vendor, &b, 4);
	memcpy(f->vendor + 4, &d, 4);
	memcpy(f->vendor + 8, &c, 4);

	cpuid(LEAF_FEATURES, &a, &b, &c, &d);
	detect_model(f, a);
	f->has_pse = d & EDX_PSE;
	f->has_mce = d & EDX_MCE;
	f->has_sysenter = d & EDX_SEP;
	f->has_apic = d & EDX_APIC;
	f->has_sse = d & EDX_SSE;
	f->has_hypervisor = c & ECX_HYPERVISOR;
	/* QEMU's models without PSE-36 have fewer bits than SDM 3A says. */
	f->phys_bits = f->has_hypervisor && !(d & EDX_PSE36) ? PHYS_BITS_MIN
							     : PHYS_BITS_PAE;

	cpuid(LEAF_EXT_MAX, &max_ext, &b, &c, &d);
	/* Old processors return arbitrary values for unknown leaves. */
	if (max_ext >> 16 != LEAF_EXT_MAX >> 16) {
		max_ext = 0;
	}
	if (max_ext >= LEAF_EXT_FEATURES) {
		cpuid(LEAF_EXT_FEATURES, &a, &b, &c, &d);
		f->has_nx = d & EXT_EDX_NX;
	}
	if (max_ext >= LEAF_ADDRESS_SIZES) {
		cpuid(LEAF_ADDRESS_SIZES, &a, &b, &c, &d);
		f->phys_bits = min_u32(a & 0xff, PHYS_BITS_MAX);
	}
	f->tsc_varies = does_tsc_vary(f, max_ext);
	detect_name(f, max_ext);
}

/* Family 15 from model 0x40 on and family 16; erratum 400. */
static bool does_timer_sleep(const struct cpu_features *f)
{
	return strcmp(f->vendor, "AuthenticAMD") == 0 && !f->has_hypervisor &&
	       ((f->family == 15 && f->model >= 0x40) || f->family == 16);
}

void cpufeat_enable(const struct cpu_features *f)
{
	if (does_timer_sleep(f)) {
		wrmsr(MSR_CMP_HALT, rdmsr(MSR_CMP_HALT) & ~(u64)CMP_HALT_SLEEP);
	}
	write_cr0(CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP);
	/*
	 * Bits of features that are not there must not be set: SDM 3A 2.5.
	 * With PAE, PSE changes nothing (SDM 3A 4.1.4), but there are emulators
	 * whose large pages ask for it all the same.
	 */
	write_cr4(CR4_PAE | CR4_OSFXSR | (f->has_sse ? CR4_OSXMMEXCPT : 0) |
		  (f->has_mce ? CR4_MCE : 0) | (f->has_pse ? CR4_PSE : 0));
	if (f->has_nx) {
		/*
		 * SCE off: the SYSCALL instruction stays undefined. LME off:
		 * where a 64-bit firmware left it on, paging would turn on
		 * long mode.
		 */
		wrmsr(MSR_EFER, (rdmsr(MSR_EFER) | EFER_NXE) &
					~(u64)(EFER_SCE | EFER_LME));
	}
	if (f->has_sysenter) {
		/* SYSENTER always lands in ring 0; with CS 0 it faults. */
		wrmsr(MSR_SYSENTER_CS, 0);
	}
}
