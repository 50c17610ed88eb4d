/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Emulation of port I/O and the few others of lguest ABI 4.6, and of moves
 * from and to device registers (8.4). No guest access ever reaches a port or
 * a register of the machine.
 *
 * Next: arch/x86/decode.c, hv/dev/devices.c, hv/vmm/bare_kernel.c.
 */
#include "hv/vmm/emul.h"

#include <string.h>

#include "arch/x86/decode.h"
#include "hv/vmm/bare_kernel.h"

/*
 * Kernels that calibrate by the PIT give up at once when it stands still at
 * 0; all ones would cost them a hundred thousand reads (lguest ABI 8.1).
 */
#define PORT_PIT_CHANNEL_2 0x42
#define PIT_STOPPED	   0x00
#define PORT_I8042_STATUS  0x64
#define I8042_OUTPUT_FULL  0x01 /* what makes drivers give up quickly */
#define I8042_RESET	   0xfe

static void write_low(u32 *reg, u32 value, u32 width)
{
	memcpy(reg, &value, width);
}

/* Ports of a PC that guests touch, although no device is behind them. */
static enum io_result legacy_port(struct vcpu *v, u16 port, struct io_access *a)
{
	if (port == PORT_PIT_CHANNEL_2 && !a->is_write) {
		a->value = PIT_STOPPED;
	} else if (port == PORT_I8042_STATUS && !a->is_write) {
		a->value = I8042_OUTPUT_FULL;
	} else if (port == PORT_I8042_STATUS && (u8)a->value == I8042_RESET) {
		guest_restart(v->guest, "reset by port 0x64");
	} else {
		return IO_UNHANDLED;
	}
	return IO_DONE;
}

static void port_io(struct vcpu *v, const struct insn *insn)
{
	u16 port = insn->port_is_dx ? (u16)v->regs->edx : insn->port;
	bool is_write = insn->op == INSN_OUT;
	struct io_access a = {
		.width = insn->width,
		.is_write = is_write,
		.value = is_write ? v->regs->eax : ~0u,
	};

	if (devices_io(&v->guest->board.devices, port, &a) == IO_UNHANDLED &&
	    legacy_port(v, port, &a) == IO_UNHANDLED && is_write) {
		bare_kernel_port(v, port);
	}
	if (!is_write) {
		write_low(&v->regs->eax, a.value, a.width);
	}
}

bool emul_privileged(struct vcpu *v)
{
	u8 bytes[INSN_MAX_BYTES];
	u32 n = vcpu_fetch(v, bytes);
	struct insn insn;

	if (insn_decode(bytes, n, &insn) != 0) {
		return false;
	}
	switch (insn.op) {
	case INSN_IN:
	case INSN_OUT:
		port_io(v, &insn);
		break;
	case INSN_CLI:
		/*
		 * Only helpers that kernels do not patch contain one, and they
		 * end it by a popf, which does not reach us: ignore it.
		 */
		break;
	case INSN_STI:
		if (v->guest->lg) {
			v->guest->lg->irq_enabled = LGUEST_IF;
		}
		break;
	case INSN_HLT:
		/* Nothing could ever wake it, as for hypercall 10. */
		if (!v->guest->lg) {
			bare_kernel_kill_for(v, "hlt");
		}
		v->is_halted = true;
		break;
	case INSN_RDMSR:
	case INSN_WRMSR:
		/* With a gate, kernels expect the fault: lguest ABI 1.5. */
		if (v->gate[X86_EXC_GP].is_present) {
			return false;
		}
		if (insn.op == INSN_RDMSR) {
			v->regs->eax = v->regs->edx = 0;
		}
		break;
	case INSN_LOAD:
	case INSN_STORE:
		/* No segment is to blame in a flat world: nothing to do. */
		return false;
	}
	v->regs->eip += insn.length;
	v->guest->stats.emulated++;
	return true;
}

/* Where register @n of @width bytes is, by its number in ModRM. */
static void *register_at(struct cpu_regs *r, u32 n, u32 width)
{
	u32 *const whole[] = { &r->eax, &r->ecx, &r->edx, &r->ebx,
			       &r->esp, &r->ebp, &r->esi, &r->edi };

	if (width == 1 && n >= 4) {
		return (u8 *)whole[n - 4] + 1;
	}
	return whole[n];
}

/* What a load puts into its register. */
static u32 extend(const struct insn *insn, u32 value)
{
	u32 mask = io_ones(insn->width);
	u32 sign = mask ^ mask >> 1;

	value &= mask;
	return insn->is_signed && value & sign ? value | ~mask : value;
}

static void move(struct vcpu *v, const struct insn *insn, void *reg, gpa_t at)
{
	bool is_write = insn->op == INSN_STORE;
	struct io_access a = {
		.width = insn->width,
		.is_write = is_write,
		.value = is_write ? insn->imm : ~0u,
	};

	if (is_write && reg) {
		memcpy(&a.value, reg, insn->width);
	}
	/* Where nobody answers, reads are all ones and writes are lost. */
	devices_mmio(&v->guest->board.devices, at, &a);
	if (!is_write) {
		u32 value = extend(insn, a.value);

		memcpy(reg, &value, insn->reg_width);
	}
}

bool emul_mmio(struct vcpu *v, gpa_t a)
{
	u8 bytes[INSN_MAX_BYTES];
	u32 n = vcpu_fetch(v, bytes);
	struct insn insn;
	bool is_write = v->regs->error & PFEC_W;
	void *reg = NULL;

	if (insn_decode(bytes, n, &insn) != 0 ||
	    insn.op != (is_write ? INSN_STORE : INSN_LOAD)) {
		return false;
	}
	if (!insn.is_imm) {
		reg = register_at(v->regs, insn.reg, insn.reg_width);
	}
	move(v, &insn, reg, a);
	v->regs->eip += insn.length;
	v->guest->stats.emulated++;
	return true;
}
