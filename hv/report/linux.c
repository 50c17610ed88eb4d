/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a Linux kernel's log: it holds the messages that the kernel could
 * not print on a console.
 *
 * Distrusts: the log. Next: hv/report/printk.c.
 */
#include <string.h>

#include "hv/lib/log.h"
#include "hv/report/guest_symbols.h"
#include "hv/report/printk.h"
#include "hv/report/report_priv.h"

#define RECORDS	 16u
#define TEXT_MAX 1024u

#define LOAD_EAX   0xa1
#define LOAD_REACH 8u /* a prologue is shorter */

/* A record may have several lines. */
static void print(const struct printk_record *r, const struct reader *reader)
{
	static char text[TEXT_MAX], shown[LOG_LINE_MAX - 20];
	u32 len = min_u32(r->len, TEXT_MAX), at = 0;

	if (reader_read(reader, r->text, text, len)) {
		return;
	}
	do {
		const char *end = memchr(text + at, '\n', len - at);
		u32 n = end ? (u32)(end - text) - at : len - at;

		if (n > 0) {
			log_error(
				"  [%5u.%06u] %s", r->seconds, r->microseconds,
				log_escape(shown, sizeof(shown), text + at, n));
		}
		at += n + 1;
	} while (at < len);
}

/* The variable that function @name loads first: "mov ADDRESS, %eax". */
static bool loaded_by(const struct guest_symbols *s, const char *name,
		      u32 *value)
{
	u8 code[LOAD_REACH + 4];
	u32 address;

	if (!guest_symbols_read(s, name, code, sizeof(code))) {
		return false;
	}
	for (u32 i = 0; i < LOAD_REACH; i++) {
		if (code[i] == LOAD_EAX) {
			memcpy(&address, &code[i + 1], sizeof(address));
			return !guest_symbols_read_at(s, address, value, 4);
		}
	}
	return false;
}

/*
 * By the names of the variables, where the symbols include data. Where they
 * include only functions: since 3.17 two functions do nothing but load these
 * variables.
 */
static bool find_log(const struct guest_symbols *s, struct printk_log *log)
{
	*log = (struct printk_log){ 0 };
	if (guest_symbols_read(s, "log_buf", &log->buffer, 4) &&
	    guest_symbols_read(s, "log_buf_len", &log->size, 4)) {
		return guest_symbols_read(s, "log_first_idx", &log->first, 4) &&
		       guest_symbols_read(s, "log_next_idx", &log->next, 4);
	}
	log->is_open = true;
	return loaded_by(s, "log_buf_addr_get", &log->buffer) &&
	       loaded_by(s, "log_buf_len_get", &log->size);
}

static int read_at(void *ctx, u32 va, void *dst, u32 len)
{
	return guest_symbols_read_at(*(const struct guest_symbols **)ctx, va,
				     dst, len);
}

void report_log(const struct guest_symbols *s)
{
	const struct reader reader = { .read = read_at, .ctx = &s };
	static struct printk_record record[RECORDS];
	struct printk_log log;
	u32 n;

	if (!find_log(s, &log)) {
		return;
	}
	n = printk_tail(&log, &reader, record, RECORDS);
	log_error("the guest's log%s", n ? " ends with:" : " is empty");
	for (u32 i = 0; i < n; i++) {
		print(&record[i], &reader);
	}
}
