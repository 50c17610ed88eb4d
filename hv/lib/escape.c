// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Untrusted bytes made fit to print.
 *
 * Owns: log_escape(). It distrusts its source, which a guest or a loader
 * wrote: escaped, a text cannot end a line, forge another one, or send a
 * terminal a control sequence. It has a file of its own so that parsers can
 * quote what they refuse without linking the rest of the log.
 *
 * Next: hv/lib/log.c, which prints the result.
 */
#include "hv/lib/log.h"

#include <string.h>

#define ESCAPED_MAX 4 /* \xNN */

/* Write the printable form of @c to @out, unterminated. Returns its length. */
static size_t escape_byte(u8 c, char out[ESCAPED_MAX])
{
	static const char hex[] = "0123456789abcdef";

	out[0] = '\\';
	switch (c) {
	case '\n':
		out[1] = 'n';
		return 2;
	case '\t':
		out[1] = 't';
		return 2;
	case '\\':
		out[1] = '\\';
		return 2;
	default:
		break;
	}
	if (c >= 0x20 && c <= 0x7e) {
		out[0] = (char)c;
		return 1;
	}
	out[1] = 'x';
	out[2] = hex[c >> 4];
	out[3] = hex[c & 0xf];
	return 4;
}

/* End @dst in "...", or in as many dots as its @size allows. */
static void cut(char *dst, size_t size, size_t end)
{
	size_t dots = size - 1 - end;

	if (dots > 3) {
		dots = 3;
	}
	memset(dst + end, '.', dots);
	dst[end + dots] = '\0';
}

char *log_escape(char *dst, size_t dst_size, const void *src, size_t src_len)
{
	const u8 *s = src;
	char piece[ESCAPED_MAX];
	size_t used = 0;
	size_t last_cut = 0; /* the last end of a piece with room for dots */

	if (dst_size == 0) {
		return dst;
	}
	for (size_t i = 0; i < src_len && s[i] != '\0'; i++) {
		size_t len = escape_byte(s[i], piece);

		/* Never cut inside of \xNN: the rest would mislead. */
		if (len > dst_size - 1 - used) {
			cut(dst, dst_size, last_cut);
			return dst;
		}
		memcpy(dst + used, piece, len);
		used += len;
		if (dst_size - 1 - used >= 3) {
			last_cut = used;
		}
	}
	dst[used] = '\0';
	return dst;
}
