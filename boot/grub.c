/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB 2 takes its user's words apart as a shell does, and puts them together
 * again in a manner of its own, which no kernel's parser knows. Undone here,
 * so that a kernel understands the same under every loader.
 *
 * I1  What is restored is never longer than what was there: it is done in
 *     place.
 *
 * LIMIT: an empty word is lost, and so are blanks between words: GRUB does
 * not pass them on.
 *
 * Next: hv/lib/text.h, whose quotes these are.
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

/* Bytes up to the '=' of name=value, itself counted; 0 when it is no such. */
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
