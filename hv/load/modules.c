// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The boot loader's modules, sorted into a kernel, an initrd and disks.
 *
 * Owns: the meaning of module texts, README.md "Modules and options". It
 * distrusts the texts, which are a user's; sizes were checked before.
 *
 * I1  Every module of the loader has exactly one role or is reported, unless an
 *     error is returned; then none has a role.
 * I2  role= is never passed on: a guest does not see how it was booted.
 *
 * Next: hv/load/places.c, which finds their bytes in memory.
 */
#include "hv/load/modules.h"

#include <stdio.h>
#include <string.h>

#include "hv/lib/log.h"
#include "hv/lib/text.h"

enum role {
	ROLE_NONE,
	ROLE_KERNEL,
	ROLE_INITRD,
	ROLE_DISK,
	ROLE_UNKNOWN,
};

#define READ_ONLY "ro"

/* The role that one word asks for. */
static enum role role_of(struct text word)
{
	struct text value = text_unquote(word);
	struct text key = text_split(&value, "=");

	if (!value.at || !text_is(key, "role")) {
		return ROLE_NONE;
	}
	value = text_unquote(value);
	if (text_is(value, "kernel")) {
		return ROLE_KERNEL;
	}
	if (text_is(value, "initrd")) {
		return ROLE_INITRD;
	}
	return text_is(value, "disk") ? ROLE_DISK : ROLE_UNKNOWN;
}

/* The role that a module's text asks for; of several the last wins. */
static enum role find_role(const char *text)
{
	struct text rest = text_of(text);
	enum role role = ROLE_NONE;
	struct text word;

	text_word(&rest);
	for (word = text_word(&rest); text_len(word); word = text_word(&rest)) {
		enum role asked = role_of(word);

		if (asked == ROLE_UNKNOWN) {
			return asked;
		}
		role = asked == ROLE_NONE ? role : asked;
	}
	return role;
}

/*
 * Remove the roles from @args, in place. Every other word keeps the blanks
 * before it: to a guest, two blanks may differ from one.
 */
static void drop_roles(char *args)
{
	struct text rest = text_of(args);
	char *to = args;

	for (;;) {
		const char *from = rest.at;
		struct text word = text_word(&rest);

		if (text_len(word) == 0) {
			break;
		}
		if (role_of(word) == ROLE_NONE) {
			from = to == args ? word.at : from;
			memmove(to, from, (size_t)(word.end - from));
			to += word.end - from;
		}
	}
	*to = '\0';
}

static char *escape_name(char *dst, size_t size, const struct boot_module *bm)
{
	struct text rest = text_of(bm->text);
	struct text name = text_unquote(text_word(&rest));

	return log_escape(dst, size, name.at, text_len(name));
}

/* Fill a place that was taken. The name may be shown, so it is escaped. */
static void describe(struct boot_module *bm, struct module *m)
{
	struct text rest = text_of(bm->text);
	char *args;

	m->base = bm->base;
	m->size = bm->size;
	escape_name(m->name, sizeof(m->name), bm);
	text_word(&rest);
	args = bm->text + (rest.at - bm->text);
	drop_roles(args);
	m->args = args;
}

/* Read a disk's options. Unknown words are reported and ignored. */
static void read_disk_words(struct module *m)
{
	struct text rest = text_of(m->args);
	struct text word;

	for (word = text_word(&rest); text_len(word); word = text_word(&rest)) {
		char shown[64];

		if (text_is(text_unquote(word), READ_ONLY)) {
			m->is_read_only = true;
			continue;
		}
		log_escape(shown, sizeof(shown), word.at, text_len(word));
		log_warn("disk '%s': '%s' means nothing: ignored", m->name,
			 shown);
	}
}

/* Reserve the place for @role, or NULL if it is taken. */
static struct module *take_place(struct guest_modules *out, enum role role)
{
	bool *taken;

	if (role == ROLE_DISK) {
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

static const char *refuse(const struct boot_module *bm, const char *why)
{
	static char text[160];
	char shown[64];

	escape_name(shown, sizeof(shown), bm);
	snprintf(text, sizeof(text), "module %u '%s' %s", (unsigned)bm->number,
		 shown, why);
	return text;
}

/* Returns NULL, or why that is not possible. */
static const char *place(struct boot_module *bm, enum role role,
			 struct guest_modules *out)
{
	struct module *m;

	if (role == ROLE_UNKNOWN) {
		return refuse(bm, "has an unknown role; roles are kernel, "
				  "initrd, disk");
	}
	if (role == ROLE_DISK && out->disk_count == MODULE_DISKS_MAX) {
		log_warn("%s", refuse(bm, "is one disk too many for a guest: "
					  "left out"));
		return NULL;
	}
	m = take_place(out, role);
	if (!m) {
		return refuse(bm, role == ROLE_KERNEL ? "is a second kernel"
						      : "is a second initrd");
	}
	describe(bm, m);
	if (role == ROLE_DISK) {
		read_disk_words(m);
	}
	return NULL;
}

/* Place the modules that have a role, or else those that have none. */
static const char *place_all(struct boot_info *info, const enum role *roles,
			     bool by_position, struct guest_modules *out)
{
	for (u32 i = 0; i < info->module_count; i++) {
		const char *why;

		if ((roles[i] == ROLE_NONE) != by_position) {
			continue;
		}
		why = place(&info->module[i],
			    by_position ? role_by_position(out) : roles[i],
			    out);
		if (why) {
			return why;
		}
	}
	return NULL;
}

const char *modules_assign(struct boot_info *info, struct guest_modules *out)
{
	static enum role roles[BOOT_MODULES_MAX];
	const char *why;

	memset(out, 0, sizeof(*out));
	/* Before any text is changed. */
	for (u32 i = 0; i < info->module_count; i++) {
		roles[i] = find_role(info->module[i].text);
	}
	why = place_all(info, roles, false, out);
	return why ? why : place_all(info, roles, true, out);
}

static u32 kib(u64 bytes)
{
	return (u32)(ROUND_UP(bytes, 1024) >> 10);
}

const char *modules_no_memory(const struct boot_info *info)
{
	static char text[LOG_LINE_MAX];
	const struct boot_module *biggest = info->module;
	char shown[64];
	u64 sum = 0;
	int len;

	for (u32 i = 0; i < info->module_count; i++) {
		const struct boot_module *bm = &info->module[i];

		sum += bm->size;
		biggest = bm->size > biggest->size ? bm : biggest;
	}
	len = snprintf(text, sizeof(text),
		       "not enough memory: the boot loader reports %u KiB",
		       (unsigned)(memmap_total(&info->map, MEM_AVAILABLE) >>
				  10));
	if (sum > 0) {
		escape_name(shown, sizeof(shown), biggest);
		snprintf(text + len, sizeof(text) - (size_t)len,
			 "; modules need %u KiB, module %u '%s' alone %u KiB",
			 (unsigned)kib(sum), (unsigned)biggest->number, shown,
			 (unsigned)kib(biggest->size));
	}
	return text;
}
