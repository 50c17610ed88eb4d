/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few instructions Umbra carries out for a guest kernel, decoded from
 * bytes. Pure: no guest memory, no registers. 32-bit code segments only.
 * Rules: SDM 2 Chapter 2 "Instruction Format"; lguest ABI 4.6.
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
};

struct insn {
	enum insn_op op;
	u8 length;	 /* bytes, prefixes included */
	u8 width;	 /* operand bytes: 1, 2 or 4 (IN and OUT) */
	bool port_is_dx; /* the port is in DX, else in @port */
	u8 port;	 /* immediate port */
};

/*
 * Decode the instruction at @bytes, of which @n may be read. Returns 0 and
 * fills @out, or -1 and leaves it alone when it is not one of the above, is
 * longer than @n or INSN_MAX_BYTES, or carries LOCK or REP. The operand size
 * prefix is honoured; segment and address size prefixes have no effect on
 * these instructions and are skipped.
 */
int insn_decode(const u8 *bytes, size_t n, struct insn *out) __must_check;
