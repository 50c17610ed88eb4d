/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a text that is not changed, and the double quotes around them.
 *
 * A double quote begins a stretch in which blanks do not end a word, and the
 * next one ends it, as Linux's own parser has it; nothing escapes anything.
 */
#pragma once

#include "hv/lib/types.h"

/* The bytes from @at up to @end. */
struct text {
	const char *at;
	const char *end;
};

/* All of the string @s. */
struct text text_of(const char *s);

size_t text_len(struct text t);

/* Is @t the same as the string @s? */
bool text_is(struct text t, const char *s);

/*
 * Split @rest at the first of @separators: returns what is before it, and
 * leaves in @rest what is behind it. rest->at is NULL when none was found.
 */
struct text text_split(struct text *rest, const char *separators);

/*
 * Take the next word from @rest, as it is written. Empty when there is no
 * more.
 */
struct text text_word(struct text *rest);

/* @t without the quotes around it, if there are any. */
struct text text_unquote(struct text t);

/* The value of the hexadecimal digit @c; 16 if it is none. */
u32 text_digit(char c);
