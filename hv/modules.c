// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The boot loader's modules, sorted into a kernel, an initrd and disks.
 *
 * Owns: the meaning of module texts, design 1.2 "Modules". It distrusts the
 * texts, which are a user's; addresses and sizes were checked before.
 *
 * I1  Every module of the loader has exactly one place, or nothing is placed
 *     and there is a complaint.
 * I2  role= is never passed on: a guest does not see how it was booted.
 *
 * Next: hv/load.c, which loads the kernel that was found.
 */
#include "hv/modules.h"

#include <stdio.h>
#include <string.h>

#include "hv/lib/log.h"

enum role {
	ROLE_NONE,
	ROLE_KERNEL,
	ROLE_INITRD,
	ROLE_DISK,
	ROLE_UNKNOWN,
};

#define BLANKS	     " \t"
#define READ_ONLY    "ro"
#define ROLE_KEY     "role="
#define ROLE_KEY_LEN (sizeof(ROLE_KEY) - 1)

/* A part of a module's text, not terminated. Empty when there is no more. */
struct word {
	const char *at;
	size_t len;
};

/* The first word at or behind @s. */
static struct word next_word(const char *s)
{
	struct word w;

	w.at = s + strspn(s, BLANKS);
	w.len = strcspn(w.at, BLANKS);
	return w;
}

static bool is_role(struct word w)
{
	return strncmp(w.at, ROLE_KEY, ROLE_KEY_LEN) == 0;
}

static bool has_value(struct word w, const char *value)
{
	return w.len - ROLE_KEY_LEN == strlen(value) &&
	       memcmp(w.at + ROLE_KEY_LEN, value, w.len - ROLE_KEY_LEN) == 0;
}

/* The role that a module's arguments ask for; of several the last wins. */
static enum role find_role(const char *args)
{
	enum role role = ROLE_NONE;
	struct word w;

	for (w = next_word(args); w.len != 0; w = next_word(w.at + w.len)) {
		if (!is_role(w)) {
			continue;
		}
		if (has_value(w, "kernel")) {
			role = ROLE_KERNEL;
		} else if (has_value(w, "initrd")) {
			role = ROLE_INITRD;
		} else if (has_value(w, "disk")) {
			role = ROLE_DISK;
		} else {
			return ROLE_UNKNOWN;
		}
	}
	return role;
}

/*
 * Copy all words but roles to @dst, each with the blanks before it, as they
 * may be within quotes. @dst is as large as the text that @args is part of.
 */
static void copy_args(const char *args, char *dst)
{
	char *start = dst;
	struct word w;

	for (w = next_word(args); w.len != 0; w = next_word(args)) {
		const char *from = dst == start ? w.at : args;
		size_t len = (size_t)(w.at + w.len - from);

		args = w.at + w.len;
		if (!is_role(w)) {
			memcpy(dst, from, len);
			dst += len;
		}
	}
	*dst = '\0';
}

/* Fill a place that was taken. The name may be shown, so it is escaped. */
static void describe(const struct boot_module *bm, struct module *m)
{
	struct word name = next_word(bm->text);

	m->base = bm->base;
	m->size = bm->size;
	log_escape(m->name, sizeof(m->name), name.at, name.len);
	copy_args(name.at + name.len, m->args);
}

/* What is said about a disk; a word that means nothing does no harm. */
static void read_disk_words(struct module *m)
{
	struct word w;

	for (w = next_word(m->args); w.len != 0; w = next_word(w.at + w.len)) {
		char shown[64];

		if (w.len == strlen(READ_ONLY) &&
		    memcmp(w.at, READ_ONLY, w.len) == 0) {
			m->is_read_only = true;
			continue;
		}
		log_escape(shown, sizeof(shown), w.at, w.len);
		log_warn("disk '%s': '%s' means nothing: ignored", m->name,
			 shown);
	}
}

/* Reserve the place for @role, or NULL if it is taken. */
static struct module *take_place(struct guest_modules *out, enum role role)
{
	bool *taken;

	if (role == ROLE_DISK) {
		/* As many places as there can be modules. */
		return &out->disk[out->disk_count++];
	}
	taken = role == ROLE_KERNEL ? &out->has_kernel : &out->has_initrd;
	if (*taken) {
		return NULL;
	}
	*taken = true;
	return role == ROLE_KERNEL ? &out->kernel : &out->initrd;
}

/* The first place that is free, disks being the last. */
static enum role role_by_position(const struct guest_modules *out)
{
	if (!out->has_kernel) {
		return ROLE_KERNEL;
	}
	return out->has_initrd ? ROLE_DISK : ROLE_INITRD;
}

/* Make the complaint about module @i, counted from 0. */
static const char *refuse(const struct boot_info *info, u32 i, const char *why)
{
	static char text[160];
	struct word name = next_word(info->module[i].text);
	char shown[64];

	log_escape(shown, sizeof(shown), name.at, name.len);
	snprintf(text, sizeof(text), "module %u '%s' %s", (unsigned int)i + 1,
		 shown, why);
	return text;
}

/* Place module @i. Returns NULL, or why that is not possible. */
static const char *place(const struct boot_info *info, u32 i, enum role role,
			 struct guest_modules *out)
{
	struct module *m;

	if (role == ROLE_UNKNOWN) {
		return refuse(info, i,
			      "has an unknown role; roles are kernel, initrd, "
			      "disk");
	}
	m = take_place(out, role);
	if (!m) {
		return refuse(info, i,
			      role == ROLE_KERNEL ? "is a second kernel"
						  : "is a second initrd");
	}
	describe(&info->module[i], m);
	if (role == ROLE_DISK) {
		read_disk_words(m);
	}
	return NULL;
}

/* Place the modules that have a role, or else those that have none. */
static const char *place_all(const struct boot_info *info, bool by_position,
			     struct guest_modules *out)
{
	u32 count = min_u32(info->module_count, BOOT_MODULES_MAX);

	for (u32 i = 0; i < count; i++) {
		struct word name = next_word(info->module[i].text);
		enum role role = find_role(name.at + name.len);
		const char *why;

		if ((role == ROLE_NONE) != by_position) {
			continue;
		}
		if (by_position) {
			role = role_by_position(out);
		}
		why = place(info, i, role, out);
		if (why) {
			return why;
		}
	}
	return NULL;
}

const char *modules_assign(const struct boot_info *info,
			   struct guest_modules *out)
{
	const char *why;

	memset(out, 0, sizeof(*out));
	why = place_all(info, false, out);
	return why ? why : place_all(info, true, out);
}
