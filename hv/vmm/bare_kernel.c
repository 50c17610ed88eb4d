/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Linux kernel without its lguest guest option does not fail in any way
 * that explains itself: it loads descriptor tables, or control registers, or
 * asks the BIOS, or, where it knows that it is not on a PC but not on what
 * else, executes an undefined instruction. Before the first hypercall there
 * are no gates for any of these traps, so each is the end. It is to be an end
 * that names its cause.
 *
 * Rules: SDM 2A chapter 3; SDM 3A 2.8 "System Instruction Summary"; lguest
 * ABI 1.4, 1.5. Next: hv/report/access.c, which has advice.
 */
#include "hv/vmm/bare_kernel.h"

#include <stdio.h>

#include "arch/x86/decode.h"
#include "hv/vmm/guest.h"

#define OP_TWO_BYTE    0x0f
#define OP_LOAD_DS     0x8e /* any segment register */
#define OP_INT	       0xcd
#define OP_JUMP_FAR    0xea
#define OP2_SEGMENTS   0x00 /* by ModRM's register field */
#define OP2_TABLES     0x01
#define OP2_CLTS       0x06
#define OP2_INVD       0x08
#define OP2_WBINVD     0x09
#define OP2_UD2	       0x0b
#define OP2_FROM_CR    0x20
#define OP2_FROM_DR    0x21
#define OP2_TO_CR      0x22
#define OP2_TO_DR      0x23
#define MODRM_REG(b)   ((b) >> 3 & 7)
#define PREFIX_CS      0x2e
#define PREFIX_OPSIZE  0x66
#define PREFIX_ADDRESS 0x67

/* Of 0F 00 and 0F 01; NULL: what a guest may do. */
static const char *const segments[8] = { [2] = "lldt", [3] = "ltr" };
static const char *const tables[8] = {
	[2] = "lgdt", [3] = "lidt", [6] = "lmsw", [7] = "invlpg"
};

/* Two ports each, of the first interrupt controller and of the second. */
#define PORT_PIC_1 0x20
#define PORT_PIC_2 0xa0

static const char *two_byte(u8 opcode, u8 modrm)
{
	switch (opcode) {
	case OP2_SEGMENTS:
		return segments[MODRM_REG(modrm)];
	case OP2_TABLES:
		return tables[MODRM_REG(modrm)];
	case OP2_CLTS:
		return "clts";
	case OP2_INVD:
		return "invd";
	case OP2_WBINVD:
		return "wbinvd";
	case OP2_UD2:
		return "ud2";
	case OP2_FROM_CR:
	case OP2_TO_CR:
		return "mov cr";
	case OP2_FROM_DR:
	case OP2_TO_DR:
		return "mov dr";
	default:
		return NULL;
	}
}

static bool is_prefix(u8 byte)
{
	return byte == PREFIX_CS || byte == PREFIX_OPSIZE ||
	       byte == PREFIX_ADDRESS;
}

bool bare_kernel_name(const u8 *bytes, size_t n, char name[BARE_KERNEL_NAME])
{
	u8 b[3] = { 0 }; /* opcode and what follows */
	const char *known = NULL;
	size_t at = 0;

	while (at < n && is_prefix(bytes[at])) {
		at++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(b) && at + i < n; i++) {
		b[i] = bytes[at + i];
	}
	switch (b[0]) {
	case OP_INT:
		snprintf(name, BARE_KERNEL_NAME, "int 0x%x", b[1]);
		return true;
	case OP_TWO_BYTE:
		known = two_byte(b[1], b[2]);
		if (known && (b[1] == OP2_FROM_CR || b[1] == OP2_TO_CR)) {
			snprintf(name, BARE_KERNEL_NAME, "%s%u", known,
				 MODRM_REG(b[2]));
			return true;
		}
		break;
	case OP_LOAD_DS:
		known = "segment load";
		break;
	case OP_JUMP_FAR:
		known = "far jump";
		break;
	default:
		break;
	}
	snprintf(name, BARE_KERNEL_NAME, "%s", known ? known : "");
	return known != NULL;
}

void bare_kernel_kill_for(struct vcpu *v, const char *name)
{
	v->guest->is_native = true;
	guest_kill(v->guest, "%s before LGUEST_INIT at 0x%08x", name,
		   v->regs->eip);
}

bool bare_kernel_kill(struct vcpu *v)
{
	const u32 faults = 1u << X86_EXC_GP | 1u << X86_EXC_NP |
			   1u << X86_EXC_SS | 1u << X86_EXC_UD;
	u32 vector = v->regs->vector;
	u8 bytes[INSN_MAX_BYTES];
	char name[BARE_KERNEL_NAME];

	if (v->guest->lg || vector >= 32 || !(faults >> vector & 1) ||
	    !bare_kernel_name(bytes, vcpu_fetch(v, bytes), name)) {
		return false;
	}
	/* A bug of a guest's own is as likely: the trap keeps its name. */
	v->guest->is_native = true;
	if (vector == X86_EXC_UD) {
		return false;
	}
	bare_kernel_kill_for(v, name);
	return true;
}

void bare_kernel_port(struct vcpu *v, u16 port)
{
	char name[BARE_KERNEL_NAME];

	bool is_pic = (port & ~1u) == PORT_PIC_1 || (port & ~1u) == PORT_PIC_2;

	if (!v->guest->lg && is_pic) {
		snprintf(name, sizeof(name), "out to port 0x%x", port);
		bare_kernel_kill_for(v, name);
	}
}
