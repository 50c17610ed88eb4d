/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walking a Linux kernel's log.
 *
 *	u64 ns   u16 len   u16 text_len   u16 dict_len   u16 level, flags
 *
 * then text_len bytes of text, the dictionary, and padding: len in all. A
 * len of 0 says that the next record is at the buffer's beginning.
 *
 * I1  A record that is used lies in the buffer, with its text.
 * I2  A walk wraps at most once and never stands still, so it ends.
 *
 * Distrusts: every number in the guest's memory.
 * Next: hv/report/linux.c.
 */
#include "hv/report/printk.h"

#include "arch/x86/muldiv.h"

#define BUFFER_MAX 0x4000000u

struct record {
	u64 ns;
	u16 len, text_len, dict_len, level;
} __packed;
_Static_assert(sizeof(struct record) == 16, "Linux: struct printk_log");

/* Is there room for @len bytes at @at? */
static bool is_inside(const struct printk_log *log, u32 at, u32 len)
{
	return at <= log->size && len <= log->size - at;
}

struct walk {
	u32 at;
	bool has_wrapped;
	struct record rec; /* the one before at */
	u32 text;	   /* offset of its text */
};

/* Go to the next record. False: the end, or an invalid record. */
static bool step(const struct printk_log *log, const struct reader *r,
		 struct walk *w)
{
	struct record *rec = &w->rec;
	u64 before = rec->ns;

	if ((!log->is_open && w->at == log->next) ||
	    !is_inside(log, w->at, sizeof(*rec)) ||
	    reader_read(r, log->buffer + w->at, rec, sizeof(*rec)) ||
	    (log->is_open && rec->ns < before)) {
		return false;
	}
	if (rec->len == 0) {
		if (log->is_open || w->has_wrapped) {
			return false;
		}
		w->has_wrapped = true;
		w->at = 0;
		return step(log, r, w);
	}
	w->text = w->at + sizeof(*rec);
	w->at += rec->len;
	return rec->len >= sizeof(*rec) &&
	       rec->text_len <= rec->len - sizeof(*rec) &&
	       is_inside(log, w->text, rec->text_len);
}

static struct printk_record describe(const struct printk_log *log,
				     const struct walk *w)
{
	u64 us = div_u64(w->rec.ns, 1000);
	u32 seconds = (u32)div_u64(us, 1000000);

	return (struct printk_record){
		.seconds = seconds,
		.microseconds = (u32)us - seconds * 1000000,
		.text = log->buffer + w->text,
		.len = w->rec.text_len,
	};
}

u32 printk_tail(const struct printk_log *log, const struct reader *r,
		struct printk_record *out, u32 max)
{
	struct walk w = { .at = log->first };
	u32 count = 0, used = 0, skip;

	if (log->size > BUFFER_MAX) {
		return 0;
	}
	while (step(log, r, &w)) {
		count++;
	}
	skip = count - min_u32(count, max);
	w = (struct walk){ .at = log->first };
	for (u32 i = 0; i < count && step(log, r, &w); i++) {
		if (i >= skip) {
			out[used++] = describe(log, &w);
		}
	}
	return used;
}
