// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words of a command line, cut out where they stand: what is dropped makes
 * room for their ends.
 */
#include "guest/lib/cmdline.h"

#include <stdbool.h>
#include <string.h>

char *cmdline_word(char **rest)
{
	char *from = *rest + strspn(*rest, " "), *word = from, *to = from;
	bool is_quoted = false, is_last;

	if (!*from) {
		return NULL;
	}
	for (; *from && (is_quoted || *from != ' '); from++) {
		if (*from == '"') {
			is_quoted = !is_quoted;
			continue;
		}
		if (*from == '\\' && from[1] && strchr("\"'\\", from[1])) {
			from++;
		}
		*to++ = *from;
	}
	is_last = !*from;
	*to = '\0';
	*rest = is_last ? from : from + 1;
	return word;
}
