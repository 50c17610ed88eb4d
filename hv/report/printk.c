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
 * I2  At most RECORDS_MAX steps are taken, whatever the lengths say.
 *
 * Distrusts: every number in the guest's memory.
 * Next: hv/report/linux.c.
 */
#include "hv/report/printk.h"

#include "arch/x86/muldiv.h"

#define RECORDS_MAX 0x40000u
#define BUFFER_MAX  0x4000000u

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

/*
 * The record at *@at, which moves to the one behind. False: the end, or
 * nonsense.
 */
static bool step(const struct printk_log *log, const struct reader *r, u32 *at,
		 struct record *out, u32 *text)
{
	/* A second mark of the end in a row would be an empty buffer. */
	for (u32 n = 0; n < 2; n++) {
		if (*at == log->next || !is_inside(log, *at, sizeof(*out)) ||
		    reader_read(r, log->buffer + *at, out, sizeof(*out))) {
			return false;
		}
		if (out->len != 0) {
			*text = *at + sizeof(*out);
			*at += out->len;
			return out->len >= sizeof(*out) &&
			       out->text_len <= out->len - sizeof(*out) &&
			       is_inside(log, *text, out->text_len);
		}
		*at = 0;
	}
	return false;
}

static struct printk_record describe(const struct printk_log *log,
				     const struct record *rec, u32 text)
{
	u64 us = div_u64(rec->ns, 1000);
	u32 seconds = (u32)div_u64(us, 1000000);

	return (struct printk_record){
		.seconds = seconds,
		.microseconds = (u32)us - seconds * 1000000,
		.text = log->buffer + text,
		.len = rec->text_len,
	};
}

u32 printk_tail(const struct printk_log *log, const struct reader *r,
		struct printk_record *out, u32 max)
{
	u32 at = log->first, count = 0, used = 0, text, skip;
	struct record rec;

	if (log->size > BUFFER_MAX) {
		return 0;
	}
	while (count < RECORDS_MAX && step(log, r, &at, &rec, &text)) {
		count++;
	}
	skip = count - min_u32(count, max);
	at = log->first;
	for (u32 i = 0; i < count && step(log, r, &at, &rec, &text); i++) {
		if (i >= skip) {
			out[used++] = describe(log, &rec, text);
		}
	}
	return used;
}
