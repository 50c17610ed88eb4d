/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The instructions Umbra carries out for a guest, decoded from bytes: a few
 * privileged ones, and those that move data from and to
 * device registers. Pure: no guest memory, no registers. 32-bit code segments
 * only. Rules: SDM 2 Chapter 2 "Instruction Format"; lguest ABI 4.6.
 */
#pragma once

#include "hv/lib/types.h"

#define INSN_MAX_BYTES 15

enum insn_op {
	INSN_IN,  /* in  to AL/AX/EAX: width, port or port_is_dx */
	INSN_OUT, /* out from AL/AX/EAX */
	INSN_CLI,
	INSN_STI,
	INSN_HLT,
	INSN_RDMSR,
	INSN_WRMSR,
	INSN_LOAD,  /* register := memory */
	INSN_STORE, /* memory := register, or immediate */
};

struct insn {
	enum insn_op op;
	u8 length;	 /* bytes, prefixes included */
	u8 width;	 /* bytes moved: 1, 2 or 4 (IN, OUT, LOAD, STORE) */
	bool port_is_dx; /* the port is in DX, else in @port */
	u8 port;	 /* immediate port */

	/*
	 * LOAD and STORE. Registers are numbered as in ModRM; where
	 * @reg_width is 1, numbers 4 to 7 are AH, CH, DH, BH.
	 */
	u8 reg;
	u8 reg_width;	/* what a LOAD fills, extended from @width */
	bool is_signed; /* ... with the sign, else with zeroes */
	bool is_imm;	/* a STORE of @imm, not of @reg */
	u32 imm;
};

/*
 * Decode the instruction at @bytes, of which @n may be read. Returns 0 and
 * fills @out, or -1 and does not change it when it is not one of the above, is
 * longer than @n or INSN_MAX_BYTES, or carries LOCK or REP. The operand size
 * prefix is honoured. Segment prefixes say only where a memory operand is,
 * which the fault that brought us here has said; they are skipped. So is the
 * address size prefix where there is no memory operand; where there is one,
 * the instruction is refused.
 */
int insn_decode(const u8 *bytes, size_t n, struct insn *out) __must_check;
