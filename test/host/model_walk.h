/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second opinion on the guest walk: what an access by the guest must do.
 *
 * Written from SDM 3A 4.3 "32-Bit Paging", 4.4 "PAE Paging", 4.6 "Access
 * Rights", 4.7 "Page-Fault Exceptions", 4.8 "Accessed and Dirty Flags", and
 * from lguest ABI 6.1 and 6.2. It shares nothing with mm/gwalk.c and writes
 * nothing: it says what is to be written.
 */
#pragma once

#include "mm/addr.h"

enum model_format {
	MODEL_LINEAR,
	MODEL_2LEVEL,
	MODEL_PAE
};

struct model {
	enum model_format format;
	u64 root; /* guest-physical */
	u64 ram;  /* bytes of guest memory, from 0 */
	bool has_nx;
	/* The bytes of guest frame @frame, which is RAM. */
	const void *(*frame)(u32 frame);
};

enum model_rc {
	MODEL_OK,
	MODEL_MMIO,  /* as OK, but the leaf's frame is not RAM */
	MODEL_FAULT, /* the guest gets a page fault */
	MODEL_KILL,  /* the ABI does not allow such a table */
};

/* A table entry whose value the access changes. */
struct model_write {
	u64 gpa;
	u64 value;
};

struct model_result {
	enum model_rc rc;
	u64 gpa;      /* OK, MMIO */
	u32 error;    /* FAULT */
	u64 entry[2]; /* OK: directory and leaf, as they were */
	bool is_writable, is_user, is_executable; /* OK: what is allowed */
	u32 write_count;			  /* OK */
	struct model_write write[2];
};

/* The kind of an access: bits of the page-fault error code. */
#define MODEL_W 0x02u
#define MODEL_U 0x04u
#define MODEL_I 0x10u

struct model_result model_walk(const struct model *m, u32 va, u32 kind);

/* The same for an access that is not to leave any trace. */
struct model_result model_peek(const struct model *m, u32 va, u32 kind);
