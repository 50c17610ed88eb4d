/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log buffer of a Linux kernel, versions 3.5 to 4.13 for i386: records
 * with a header, in a ring.
 */
#pragma once

#include "hv/report/reader.h"

struct printk_log {
	u32 buffer, size; /* the kernel's log_buf and log_buf_len */
	u32 first, next;  /* its log_first_idx and log_next_idx */
	/* next is unknown: the log ends where time goes back, or at a mark. */
	bool is_open;
};

struct printk_record {
	u32 seconds, microseconds;
	u32 text; /* where it is ... */
	u32 len;  /* ... and its bytes, which may be anything */
};

/*
 * The last records, at most @max of them, oldest first. Returns how many;
 * fewer where the log is inconsistent or unreadable.
 */
u32 printk_tail(const struct printk_log *log, const struct reader *r,
		struct printk_record *out, u32 max);
