/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the modules to the guest's first start.
 *
 * Next: hv/load/modules.c, hv/vmm/guest.c, hv/ui/lifecycle.c.
 */
#include "hv/start.h"

#include <stdio.h>
#include <string.h>

#include "hv/lib/log.h"
#include "hv/load/load.h"
#include "hv/load/places.h"
#include "hv/pc/memory.h"
#include "hv/ui/lifecycle.h"
#include "hv/vmm/guest.h"

static struct guest_modules modules;

/*
 * Are there as many modules as the option modules= says? A loader may boot
 * without one for which it finds no memory, as GRUB does. Returns NULL, or what
 * is wrong.
 */
static const char *count_modules(const struct boot_info *info, u32 wanted)
{
	static char text[LOG_LINE_MAX];

	if (info->module_count >= wanted) {
		return NULL;
	}
	snprintf(text, sizeof(text),
		 "the boot loader passed %u of %u modules: give the machine "
		 "more memory",
		 info->module_count, wanted);
	return text;
}

/* Returns NULL, or why there is no kernel to be started. */
static const char *take_modules(const struct machine *m, struct boot_info *info)
{
	const char *error = count_modules(info, m->options.modules);

	if (!error) {
		error = modules_assign(info, &modules);
	}
	if (!error && !modules.has_kernel) {
		error = "no kernel module";
	}
	return error ? error : places_map(&info->map, &m->map, &modules);
}

void start_guest(struct machine *m, struct pcpu *p, struct boot_info *info)
{
	static char args[LOG_LINE_MAX];
	const char *error;
	struct guest *g;
	u32 frames;

	log_debug("boot: modules");
	error = take_modules(m, info);
	if (error) {
		lifecycle_cannot_start(m, error);
	}
	log_debug("boot: guest memory");
	error = memory_guest_frames(m, info, load_memory_limit(&modules.kernel),
				    &frames);
	if (error) {
		lifecycle_cannot_start(m, error);
	}
	g = guest_create(m, p, &modules, frames);
	if (!g) {
		lifecycle_cannot_start(m, modules_no_memory(info));
	}
	memory_log_frames(m, LOG_INFO);
	log_info("guest: kernel '%s', %u KiB of memory, arguments '%s'",
		 modules.kernel.name, frames * (PAGE_SIZE / 1024),
		 log_escape(args, sizeof(args), modules.kernel.args,
			    strlen(modules.kernel.args)));
	lifecycle_run(g);
}
