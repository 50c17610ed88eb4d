/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The build id, read from the note that the linker makes (ELF note: name
 * size, description size, type, name, description).
 */
#include "hv/lib/build_id.h"

#include <stdio.h>

#include "hv/lib/types.h"

#define ID_BYTES 20 /* SHA-1 */

struct note {
	u32 name_size, desc_size, type;
	char name[4];
	u8 desc[ID_BYTES];
};

extern const struct note build_id_note;

const char *build_id(void)
{
	static char text[2 * ID_BYTES + 1];

	for (u32 i = 0; i < ID_BYTES; i++) {
		snprintf(text + 2 * i, 3, "%02x", build_id_note.desc[i]);
	}
	return text;
}
