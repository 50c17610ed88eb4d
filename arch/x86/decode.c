/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoder for the few instructions that Umbra carries out for a guest.
 * Owns nothing. The list is short on purpose: any other instruction is refused,
 * and the guest gets the fault that it caused.
 *
 * I1  At most min(n, 15) bytes are read, each once. No instruction is longer:
 *     SDM 2A 2.3.11 "AVX Instruction Length".
 * I2  @out changes only on success.
 *
 * Distrusts every byte; each of the 256 values is legal at every place.
 *
 * Next: hv/vmm/emul.c, which acts on the result.
 */
#include "arch/x86/decode.h"

/* SDM 2A 2.1.1 "Instruction Prefixes". */
#define PREFIX_OPSIZE	0x66
#define PREFIX_ADDRSIZE 0x67

#define OP_CLI	    0xfa
#define OP_STI	    0xfb
#define OP_HLT	    0xf4
#define OP_TWO_BYTE 0x0f
#define OP2_WRMSR   0x30
#define OP2_RDMSR   0x32

/* in and out: 1110 d1ow, d = port in DX, o = out, w = wide */
#define OP_IO_MASK 0xf4
#define OP_IO	   0xe4
#define OP_IO_DX   0x08
#define OP_IO_OUT  0x02
#define OP_IO_WIDE 0x01

/* mov: bit 0 of the opcode is the width. SDM 2B "MOV". */
#define OP_WIDE		 0x01
#define OP_MOV_STORE	 0x88
#define OP_MOV_LOAD	 0x8a
#define OP_MOV_LOAD_ACC	 0xa0 /* AL, AX or EAX, and a plain address */
#define OP_MOV_STORE_ACC 0xa2
#define OP_MOV_IMM	 0xc6 /* with 0 in ModRM's register field */
#define OP2_MOVZX	 0xb6 /* bit 0: from 16 bits, else from 8 */
#define OP2_MOVSX	 0xbe

/* SDM 2A 2.1.3 "ModR/M and SIB Bytes", tables 2-2 and 2-3. */
#define MODRM_MOD(b) ((b) >> 6)
#define MODRM_REG(b) ((b) >> 3 & 7)
#define MODRM_RM(b)  ((b)&7)
#define MOD_NO_DISP  0
#define MOD_DISP8    1
#define MOD_DISP32   2
#define MOD_REGISTER 3
#define RM_SIB	     4
#define RM_DISP32    5 /* as r/m or SIB base: with MOD_NO_DISP, no register */
#define MOFFS_BYTES  4

struct cursor {
	const u8 *at;
	size_t left;
	bool is_16bit;	       /* operands: a PREFIX_OPSIZE was there */
	bool is_addr_prefixed; /* a PREFIX_ADDRSIZE was there */
};

/* The next byte, or -1 after the last one. */
static int next_byte(struct cursor *c)
{
	if (!c->left) {
		return -1;
	}
	c->left--;
	return *c->at++;
}

/*
 * Segment prefixes matter only for a memory operand's address, and the fault
 * has given that. LOCK and REP are not here, so they become unknown opcodes.
 */
static bool take_prefix(struct cursor *c, int byte)
{
	switch (byte) {
	case 0x26: /* ES */
	case 0x2e: /* CS */
	case 0x36: /* SS */
	case 0x3e: /* DS */
	case 0x64: /* FS */
	case 0x65: /* GS */
		return true;
	case PREFIX_ADDRSIZE:
		c->is_addr_prefixed = true;
		return true;
	case PREFIX_OPSIZE:
		c->is_16bit = true;
		return true;
	default:
		return false;
	}
}

static u8 width_of(const struct cursor *c, bool is_wide)
{
	return !is_wide ? 1 : c->is_16bit ? 2 : 4;
}

static int decode_io(int opcode, struct cursor *c, struct insn *out)
{
	int port = 0;

	out->op = opcode & OP_IO_OUT ? INSN_OUT : INSN_IN;
	out->width = width_of(c, opcode & OP_IO_WIDE);
	out->port_is_dx = opcode & OP_IO_DX;
	if (!out->port_is_dx) {
		port = next_byte(c);
	}
	out->port = (u8)port;
	return port < 0 ? -1 : 0;
}

static int skip(struct cursor *c, size_t n)
{
	if (n > c->left) {
		return -1;
	}
	c->at += n;
	c->left -= n;
	return 0;
}

/* A little-endian number of @n bytes. */
static int next_number(struct cursor *c, u32 n, u32 *value)
{
	*value = 0;
	for (u32 i = 0; i < n; i++) {
		int byte = next_byte(c);

		if (byte < 0) {
			return -1;
		}
		*value |= (u32)byte << 8 * i;
	}
	return 0;
}

/* Displacement bytes of a memory operand; -1 when the bytes end. */
static int displacement(struct cursor *c, int modrm)
{
	int mod = MODRM_MOD(modrm), base = MODRM_RM(modrm);

	if (base == RM_SIB) {
		int sib = next_byte(c);

		if (sib < 0) {
			return -1;
		}
		base = MODRM_RM(sib);
	}
	switch (mod) {
	case MOD_DISP8:
		return 1;
	case MOD_DISP32:
		return 4;
	default:
		return base == RM_DISP32 ? 4 : 0;
	}
}

/*
 * The ModRM byte of an instruction with a memory operand, which is skipped.
 * Returns the register field, or -1.
 */
static int memory_operand(struct cursor *c)
{
	int modrm = next_byte(c), bytes;

	if (modrm < 0 || MODRM_MOD(modrm) == MOD_REGISTER ||
	    c->is_addr_prefixed) {
		return -1;
	}
	bytes = displacement(c, modrm);
	if (bytes < 0 || skip(c, (size_t)bytes)) {
		return -1;
	}
	return MODRM_REG(modrm);
}

/* A move of @width bytes between memory and a register of the same width. */
static int decode_mov(enum insn_op op, u8 width, struct cursor *c,
		      struct insn *out)
{
	int reg = memory_operand(c);

	out->op = op;
	out->width = out->reg_width = width;
	out->reg = (u8)reg;
	return reg < 0 ? -1 : 0;
}

static int decode_mov_acc(enum insn_op op, u8 width, struct cursor *c,
			  struct insn *out)
{
	out->op = op;
	out->width = out->reg_width = width;
	return c->is_addr_prefixed ? -1 : skip(c, MOFFS_BYTES);
}

static int decode_mov_imm(u8 width, struct cursor *c, struct insn *out)
{
	out->op = INSN_STORE;
	out->width = width;
	out->is_imm = true;
	return memory_operand(c) != 0 ? -1 : next_number(c, width, &out->imm);
}

static int decode_mov_extend(int opcode, struct cursor *c, struct insn *out)
{
	u8 width = opcode & OP_WIDE ? 2 : 1;

	if (decode_mov(INSN_LOAD, width, c, out)) {
		return -1;
	}
	out->reg_width = width_of(c, true);
	out->is_signed = (opcode & ~OP_WIDE) == OP2_MOVSX;
	return 0;
}

static int decode_two_byte(struct cursor *c, struct insn *out)
{
	int opcode = next_byte(c);

	switch (opcode) {
	case OP2_RDMSR:
		out->op = INSN_RDMSR;
		return 0;
	case OP2_WRMSR:
		out->op = INSN_WRMSR;
		return 0;
	case OP2_MOVZX:
	case OP2_MOVZX | OP_WIDE:
	case OP2_MOVSX:
	case OP2_MOVSX | OP_WIDE:
		return decode_mov_extend(opcode, c, out);
	default:
		return -1;
	}
}

/* One-byte opcodes that move memory; -1 for others. */
static int decode_memory(int opcode, struct cursor *c, struct insn *out)
{
	u8 width = width_of(c, opcode & OP_WIDE);

	switch (opcode & ~OP_WIDE) {
	case OP_MOV_STORE:
		return decode_mov(INSN_STORE, width, c, out);
	case OP_MOV_LOAD:
		return decode_mov(INSN_LOAD, width, c, out);
	case OP_MOV_STORE_ACC:
		return decode_mov_acc(INSN_STORE, width, c, out);
	case OP_MOV_LOAD_ACC:
		return decode_mov_acc(INSN_LOAD, width, c, out);
	case OP_MOV_IMM:
		return decode_mov_imm(width, c, out);
	default:
		return -1;
	}
}

static int decode_opcode(int opcode, struct cursor *c, struct insn *out)
{
	switch (opcode) {
	case -1: /* no more bytes */
		return -1;
	case OP_CLI:
		out->op = INSN_CLI;
		return 0;
	case OP_STI:
		out->op = INSN_STI;
		return 0;
	case OP_HLT:
		out->op = INSN_HLT;
		return 0;
	case OP_TWO_BYTE:
		return decode_two_byte(c, out);
	default:
		return (opcode & OP_IO_MASK) == OP_IO
			       ? decode_io(opcode, c, out)
			       : decode_memory(opcode, c, out);
	}
}

int insn_decode(const u8 *bytes, size_t n, struct insn *out)
{
	struct cursor c = { .at = bytes,
			    .left = n < INSN_MAX_BYTES ? n : INSN_MAX_BYTES };
	struct insn insn = { 0 };
	int byte = next_byte(&c);

	while (take_prefix(&c, byte)) {
		byte = next_byte(&c);
	}
	if (decode_opcode(byte, &c, &insn)) {
		return -1;
	}
	insn.length = (u8)(c.at - bytes);
	*out = insn;
	return 0;
}
