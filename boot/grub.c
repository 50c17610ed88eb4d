/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB 2 splits a command line into words as a shell does, and joins them again
 * with quotes and escapes that no kernel's parser knows. This file undoes that,
 * so that a kernel reads the same text under every loader.
 *
 * I1  What is restored is never longer than what was there: it is done in
 *     place.
 *
 * LIMIT: an empty word is lost, and so is more than one blank between words:
 * GRUB does not pass them on.
 *
 * Next: hv/lib/text.h, which defines these quotes.
 */
#include "boot/grub.h"

#include <string.h>

/* GRUB legacy, "GNU GRUB 0.97", passes everything as it is. */
#define GRUB2_PREFIX "GRUB "

/* Take one byte from @from, of two if it is escaped. */
static char take(const char **from)
{
	const char *at = *from;

	if (at[0] == '\\' && at[1] && strchr("\\'\"", at[1])) {
		at++;
	}
	*from = at + 1;
	return *at;
}

/* The length of "name=" in a word name=value; 0 if the word is none. */
static size_t name_len(const char *word, size_t len)
{
	for (size_t i = 0; i < len && word[i] != ' '; i++) {
		if (word[i] == '=') {
			return i + 1;
		}
	}
	return 0;
}

/* Restore the word behind the quote at @from to @to; returns its new end. */
static char *restore_quoted(const char **from, char *to)
{
	char *word = to + 1; /* leaves room for the quote */
	char *end = word;
	size_t len, name;

	(*from)++;
	while (**from && **from != '"') {
		*end++ = take(from);
	}
	len = (size_t)(end - word);
	if (memchr(word, '"', len)) {
		memmove(to, word, len);
		*from += **from == '"';
		return to + len;
	}
	name = name_len(word, len);
	memmove(to, word, name);
	to[name] = '"';
	if (**from == '"') {
		*end++ = *(*from)++;
	}
	return end;
}

void grub_restore_text(char *text)
{
	const char *from = text;
	char *to = text;

	while (*from) {
		if (*from == '"') {
			to = restore_quoted(&from, to);
		} else {
			*to++ = take(&from);
		}
	}
	*to = '\0';
}

void grub_restore(struct boot_info *info)
{
	const char *loader = info->loader;

	info->cmdline_has_name =
		strncmp(loader, GRUB2_PREFIX, strlen(GRUB2_PREFIX)) != 0;
	if (info->cmdline_has_name) {
		return;
	}
	grub_restore_text(info->cmdline);
	for (u32 i = 0; i < info->module_count; i++) {
		grub_restore_text(info->module[i].text);
	}
}
