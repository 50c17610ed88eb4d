/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a command line, compared in place: the line must not be changed, and
 * there is no memory to copy it to.
 *
 * Next: hv/load/options.c, hv/load/modules.c.
 */
#include "hv/lib/text.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct text text_of(const char *s)
{
	return (struct text){ s, s + strlen(s) };
}

size_t text_len(struct text t)
{
	return (size_t)(t.end - t.at);
}

bool text_is(struct text t, const char *s)
{
	return text_len(t) == strlen(s) && memcmp(t.at, s, text_len(t)) == 0;
}

struct text text_split(struct text *rest, const char *separators)
{
	struct text first = *rest;

	for (const char *p = rest->at; p < rest->end; p++) {
		if (strchr(separators, *p)) {
			first.end = p;
			rest->at = p + 1;
			return first;
		}
	}
	rest->at = NULL;
	return first;
}

struct text text_word(struct text *rest)
{
	bool is_quoted = false;
	struct text word;

	while (rest->at < rest->end && is_blank(*rest->at)) {
		rest->at++;
	}
	word.at = rest->at;
	while (rest->at < rest->end && (is_quoted || !is_blank(*rest->at))) {
		is_quoted ^= *rest->at++ == '"';
	}
	word.end = rest->at;
	return word;
}

struct text text_unquote(struct text t)
{
	if (text_len(t) >= 2 && t.at[0] == '"' && t.end[-1] == '"') {
		t.at++;
		t.end--;
	}
	return t;
}

u32 text_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return (u32)(c - '0');
	}
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? (u32)(c - 'a') + 10 : 16;
}
