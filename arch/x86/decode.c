/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoder for the few instructions that Umbra carries out for a guest kernel.
 * Owns nothing. The list is short on purpose: what it does not know is
 * refused, and the guest gets the fault that it caused.
 *
 * I1  At most min(n, 15) bytes are read, each once. No instruction is longer:
 *     SDM 2A 2.3.11 "AVX Instruction Length".
 * I2  @out changes only on success.
 *
 * Distrusts every byte; each of the 256 values is legal at every place.
 *
 * Next: hv/emul.c, which acts on the result.
 */
#include "arch/x86/decode.h"

/* SDM 2A 2.1.1 "Instruction Prefixes". */
#define PREFIX_OPSIZE 0x66

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

struct cursor {
	const u8 *at;
	size_t left;
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
 * Segments and the address size say where memory operands are, and none of
 * our instructions has one: the processor ignores these prefixes too. LOCK
 * and REP are not here, so that they end up as unknown opcodes.
 */
static bool is_harmless_prefix(int byte)
{
	switch (byte) {
	case 0x26: /* ES */
	case 0x2e: /* CS */
	case 0x36: /* SS */
	case 0x3e: /* DS */
	case 0x64: /* FS */
	case 0x65: /* GS */
	case 0x67: /* address size */
	case PREFIX_OPSIZE:
		return true;
	default:
		return false;
	}
}

static int decode_io(int opcode, bool is_16bit, struct cursor *c,
		     struct insn *out)
{
	int port = 0;

	out->op = opcode & OP_IO_OUT ? INSN_OUT : INSN_IN;
	out->width = !(opcode & OP_IO_WIDE) ? 1 : is_16bit ? 2 : 4;
	out->port_is_dx = opcode & OP_IO_DX;
	if (!out->port_is_dx) {
		port = next_byte(c);
	}
	out->port = (u8)port;
	return port < 0 ? -1 : 0;
}

static int decode_two_byte(struct cursor *c, struct insn *out)
{
	switch (next_byte(c)) {
	case OP2_RDMSR:
		out->op = INSN_RDMSR;
		return 0;
	case OP2_WRMSR:
		out->op = INSN_WRMSR;
		return 0;
	default:
		return -1;
	}
}

static int decode_opcode(int opcode, bool is_16bit, struct cursor *c,
			 struct insn *out)
{
	switch (opcode) {
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
		/* A missing opcode is -1 and must not pass the mask. */
		if (opcode < 0 || (opcode & OP_IO_MASK) != OP_IO) {
			return -1;
		}
		return decode_io(opcode, is_16bit, c, out);
	}
}

int insn_decode(const u8 *bytes, size_t n, struct insn *out)
{
	struct cursor c = { bytes, n < INSN_MAX_BYTES ? n : INSN_MAX_BYTES };
	struct insn insn = { 0 };
	bool is_16bit = false;
	int byte = next_byte(&c);

	while (is_harmless_prefix(byte)) {
		is_16bit |= byte == PREFIX_OPSIZE;
		byte = next_byte(&c);
	}
	if (decode_opcode(byte, is_16bit, &c, &insn)) {
		return -1;
	}
	insn.length = (u8)(c.at - bytes);
	*out = insn;
	return 0;
}
