/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Linux kernel's own symbol table. In memory, each part aligned to 4 bytes:
 *
 *	absolute (to 4.5)       relative (from 4.6)
 *	u32 address[count]      u32 offset[count]
 *	                        u32 base
 *	u32 count               u32 count
 *	names: for each symbol a length byte and that many token numbers; the
 *	       tokens' texts are its type and its name
 *	u32 marker[]: offset of every 256th name
 *	256 token texts, each terminated
 *	u16 token[256]: offset of each text
 *
 * Every character that occurs in a name has a token of its own, so the ten
 * digits follow each other and are easy to find. The tables around them must be
 * consistent in every detail.
 *
 * I1  Memory is read through the reader alone, and every length or offset in it
 *     is checked on each use.
 * I2  Every loop is bounded by a *_MAX, whatever memory holds.
 *
 * Distrusts: the guest's memory, all of it.
 * Next: hv/report/guest_symbols.c.
 */
#include "hv/report/kallsyms.h"

#include <string.h>

#define STEP	    4096u
#define GROUP	    256u /* names per marker */
#define MARKERS_MAX 2048u
#define TRIES_MAX   8u
#define KERNEL_MAX  0x10000000u /* bytes, far more than any has */
#define NAME_BYTES  256u	/* a length byte and what it counts, at most */

/* The texts of tokens '0' to '9'. */
#define DIGITS	   "0\0001\0002\0003\0004\0005\0006\0007\0008\0009"
#define DIGITS_LEN (u32)sizeof(DIGITS)

static bool get_u32(const struct kallsyms *k, u32 at, u32 *out)
{
	return reader_read(&k->r, at, out, sizeof(*out)) == 0;
}

/* --- finding it ---------------------------------------------------------- */

/*
 * Texts follow @digits. The index comes after the last one, and says how far
 * before @digits the first one is.
 */
static bool open_tokens(struct kallsyms *k, u32 digits, u32 *start)
{
	u32 left = GROUP - '0', at = digits, index;
	char c;

	for (u32 n = 0; left > 0; n++, at++) {
		if (n == KALLSYMS_TOKENS_MAX || reader_read(&k->r, at, &c, 1)) {
			return false;
		}
		left -= c == '\0';
	}
	index = ROUND_UP(at, 4u);
	if (reader_read(&k->r, index, k->token, sizeof(k->token)) ||
	    k->token['0'] > digits) {
		return false;
	}
	*start = digits - k->token['0'];
	return at - *start <= sizeof(k->tokens) &&
	       !reader_read(&k->r, *start, k->tokens, at - *start);
}

/* Each token begins behind the end of the one before. */
static bool is_index_sound(const struct kallsyms *k)
{
	if (k->token[0] != 0) {
		return false;
	}
	for (u32 i = 1; i < GROUP; i++) {
		u32 at = k->token[i];

		if (at <= k->token[i - 1] || at >= sizeof(k->tokens) ||
		    k->tokens[at - 1] != '\0') {
			return false;
		}
	}
	return memchr(k->tokens + k->token[GROUP - 1], '\0',
		      sizeof(k->tokens) - k->token[GROUP - 1]) != NULL;
}

/* Backwards from @end to the first marker, which is 0. */
static bool open_markers(struct kallsyms *k, u32 end, u32 *count, u32 *last)
{
	u32 above = ~0u, value;

	for (u32 n = 1; n <= MARKERS_MAX && n * 4 <= end; n++) {
		if (!get_u32(k, end - n * 4, &value) || value >= above) {
			return false;
		}
		*last = n == 1 ? value : *last;
		if (value == 0) {
			k->markers = end - n * 4;
			*count = n;
			return true;
		}
		above = value;
	}
	return false;
}

/* The address after @n names from @at on; 0 if they are not all there. */
static u32 skip_names(const struct kallsyms *k, u32 at, u32 n)
{
	u8 len;

	while (n-- > 0) {
		if (reader_read(&k->r, at, &len, 1) || len == 0) {
			return 0;
		}
		at += 1u + len;
	}
	return at;
}

/* Do @count names from @names on end where the markers begin? */
static bool do_names_fit(const struct kallsyms *k, u32 names, u32 count,
			 u32 last)
{
	u32 rest = (count - 1) % GROUP + 1;
	u32 end = skip_names(k, names + last, rest);

	return end != 0 && end <= k->markers && k->markers - end < 4;
}

/*
 * The names' beginning is not stored. It follows from the last marker and the
 * greatest length of a group; the count before it must agree with the number of
 * markers, and the last group must end at the markers.
 */
static bool open_names(struct kallsyms *k, u32 markers, u32 last)
{
	u32 highest = ROUND_DOWN(k->markers - last, 4u);

	if (last >= k->markers) {
		return false;
	}
	for (u32 n = 0; n < GROUP * NAME_BYTES && n + 4 < highest; n += 4) {
		u32 at = highest - n, count;

		if (get_u32(k, at - 4, &count) && count > 1 &&
		    (count - 1) / GROUP + 1 == markers &&
		    do_names_fit(k, at, count, last)) {
			k->names = at;
			k->count = count;
			return true;
		}
	}
	return false;
}

static bool is_ascending(const struct kallsyms *k)
{
	u32 before = 0, value;

	for (u32 i = 0; i < k->count; i++) {
		if (!get_u32(k, k->addresses + i * 4, &value) ||
		    value < before) {
			return false;
		}
		before = value;
	}
	return before <= ~0u - k->base;
}

/* The last two addresses are near each other; a base exceeds any offset. */
static bool open_addresses(struct kallsyms *k)
{
	u32 end = k->names - 4, size = k->count * 4;
	u32 top, below;

	if (end < size + 4 || !get_u32(k, end - 4, &top) ||
	    !get_u32(k, end - 8, &below)) {
		return false;
	}
	k->base = below < top && top - below > KERNEL_MAX ? top : 0;
	k->addresses = end - size - (k->base ? 4 : 0);
	return is_ascending(k);
}

static bool open_at(struct kallsyms *k, u32 digits)
{
	u32 start, markers, last;

	return open_tokens(k, digits, &start) && is_index_sound(k) &&
	       open_markers(k, start, &markers, &last) &&
	       open_names(k, markers, last) && open_addresses(k);
}

/* The place of the digits in @bytes, from @from on; @len if not found. */
static u32 find_digits(const u8 *bytes, u32 from, u32 len)
{
	for (; from + DIGITS_LEN <= len; from++) {
		const u8 *at = memchr(bytes + from, '0', len - from);

		if (!at || at + DIGITS_LEN > bytes + len) {
			break;
		}
		from = (u32)(at - bytes);
		if (!memcmp(at, DIGITS, DIGITS_LEN)) {
			return from;
		}
	}
	return len;
}

bool kallsyms_open(struct kallsyms *k, const struct reader *r, u32 from, u32 to)
{
	/* What may begin at the end of one step is found with the next. */
	static u8 bytes[DIGITS_LEN + STEP];
	u32 len = sizeof(bytes), tries = 0;

	*k = (struct kallsyms){ .r = *r };
	memset(bytes, 0, sizeof(bytes));
	for (u32 at = from; at < to && tries < TRIES_MAX; at += STEP) {
		memmove(bytes, bytes + STEP, DIGITS_LEN);
		if (reader_read(r, at, bytes + DIGITS_LEN, STEP)) {
			memset(bytes, 0, sizeof(bytes));
			continue;
		}
		for (u32 i = find_digits(bytes, 0, len);
		     i < len && tries < TRIES_MAX;
		     i = find_digits(bytes, i + 1, len), tries++) {
			if (open_at(k, at + i - DIGITS_LEN)) {
				return true;
			}
		}
	}
	k->count = 0;
	return false;
}

/* --- using it ------------------------------------------------------------ */

/* Write the texts of the tokens at @at: first letter the type, then a name. */
static bool expand(const struct kallsyms *k, u32 at, struct kallsym *out)
{
	u8 bytes[NAME_BYTES];
	u32 used = 0;

	out->type = '\0';
	if (reader_read(&k->r, at, bytes, 1) ||
	    reader_read(&k->r, at + 1, bytes + 1, bytes[0])) {
		return false;
	}
	for (u32 i = 1; i <= bytes[0]; i++) {
		const char *text = k->tokens + k->token[bytes[i]];

		for (; *text && used < sizeof(out->name) - 1; text++) {
			if (!out->type) {
				out->type = *text;
			} else {
				out->name[used++] = *text;
			}
		}
	}
	out->name[used] = '\0';
	return used > 0;
}

static bool get_value(const struct kallsyms *k, u32 i, u32 *value)
{
	if (!get_u32(k, k->addresses + i * 4, value)) {
		return false;
	}
	*value += k->base;
	return true;
}

bool kallsyms_find(const struct kallsyms *k, u32 addr, struct kallsym *out)
{
	u32 low = 0, high = k->count, value, offset, at;

	/* Symbols below low are not above addr, those from high on are. */
	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (!get_value(k, middle, &value)) {
			return false;
		}
		if (value <= addr) {
			low = middle + 1;
			out->value = value;
		} else {
			high = middle;
		}
	}
	if (low-- == 0 || !get_u32(k, k->markers + low / GROUP * 4, &offset)) {
		return false;
	}
	at = skip_names(k, k->names + offset, low % GROUP);
	return at != 0 && expand(k, at, out);
}

bool kallsyms_value(const struct kallsyms *k, const char *name, u32 *value)
{
	struct kallsym y;
	u32 at = k->names;

	for (u32 i = 0; i < k->count; i++) {
		if (!expand(k, at, &y)) {
			return false;
		}
		if (!strcmp(y.name, name)) {
			return get_value(k, i, value);
		}
		at = skip_names(k, at, 1);
	}
	return false;
}
