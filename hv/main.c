/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Initialisation, in order.
 *
 * Next: hv/pc/memory.c, hv/pc/pcpu.c, hv/vmm/guest.c, hv/ui/lifecycle.c.
 */
#include "hv/main.h"

#include <stdio.h>
#include <string.h>

#include "arch/x86/desc.h"
#include "arch/x86/irq.h"
#include "hv/lib/build_id.h"
#include "hv/lib/log.h"
#include "hv/lib/panic.h"
#include "hv/load/load.h"
#include "hv/load/places.h"
#include "hv/pc/consoles.h"
#include "hv/pc/entropy.h"
#include "hv/pc/memory.h"
#include "hv/pc/platform.h"
#include "hv/pc/screen.h"
#include "hv/ui/end_action.h"
#include "hv/ui/keys.h"
#include "hv/ui/lifecycle.h"
#include "hv/vmm/guest.h"

static struct machine machine;
static struct pcpu boot_cpu;
static struct guest_modules modules;

static void complain(const char *text)
{
	log_warn("%s", text);
}

/* For panics: who has the memory. */
static void report_frames(void)
{
	memory_log_frames(&machine, LOG_ERROR);
}

static void say_hello(const struct boot_info *info)
{
	const struct cpu_features *c = &machine.cpu;
	char loader[BOOT_LOADER_MAX * 2], name[2 * sizeof(c->name)];

	log_info("Umbra, build %s", build_id());
	log_info("loaded by %s",
		 info->loader[0]
			 ? log_escape(loader, sizeof(loader), info->loader,
				      sizeof(info->loader))
			 : "a nameless loader");
	log_info("processor %s family %u model %u stepping %u%s, NX %s%s%s",
		 c->vendor, c->family, c->model, c->stepping,
		 c->has_hypervisor ? " (virtual)" : "",
		 c->has_nx ? "on" : "absent", c->name[0] ? ": " : "",
		 log_escape(name, sizeof(name), c->name, sizeof(c->name)));
}

/* What of the loader's words was not taken as they are, by number. */
static void say_notes(const struct boot_info *info)
{
	for (u32 i = 0; i < info->note_count; i++) {
		const struct boot_note *n = &info->note[i];
		char numbers[32] = "";

		if (n->last > n->first) {
			snprintf(numbers, sizeof(numbers), " %u to %u",
				 (unsigned)n->first, (unsigned)n->last);
		} else if (n->first) {
			snprintf(numbers, sizeof(numbers), " %u",
				 (unsigned)n->first);
		}
		log_warn("boot loader: %s%s: %s", n->subject, numbers, n->why);
	}
	if (info->notes_lost) {
		log_warn("boot loader: %u more such faults", info->notes_lost);
	}
}

/* A hang shows where: the last step named is the one that never ended. */
static void step(const char *what)
{
	log_debug("boot: %s", what);
}

/*
 * A loader may go on without a module for which it finds no memory, as GRUB
 * does. Returns NULL, or what is wrong.
 */
static const char *count_modules(const struct boot_info *info)
{
	static char text[LOG_LINE_MAX];
	u32 wanted = machine.options.modules;

	if (info->module_count >= wanted) {
		return NULL;
	}
	snprintf(text, sizeof(text),
		 "the boot loader passed %u of %u modules: give the machine "
		 "more memory",
		 info->module_count, wanted);
	return text;
}

static void __noreturn start_guest(struct boot_info *info)
{
	static char args[LOG_LINE_MAX];
	const char *error;
	struct guest *g;
	u32 frames;

	step("modules");
	error = count_modules(info);
	if (!error) {
		error = modules_assign(info, &modules);
	}
	if (error) {
		lifecycle_cannot_start(&machine.options, error);
	}
	if (!modules.has_kernel) {
		lifecycle_cannot_start(&machine.options, "no kernel module");
	}
	error = places_map(&info->map, &machine.map, &modules);
	if (error) {
		lifecycle_cannot_start(&machine.options, error);
	}
	step("guest memory");
	error = memory_guest_frames(&machine, info,
				    load_memory_limit(&modules.kernel),
				    &frames);
	if (error) {
		lifecycle_cannot_start(&machine.options, error);
	}
	g = guest_create(&machine, &boot_cpu, &modules, frames);
	if (!g) {
		lifecycle_cannot_start(&machine.options,
				       modules_no_memory(info));
	}
	memory_log_frames(&machine, LOG_INFO);
	log_info("guest: kernel '%s', %u KiB of memory, arguments '%s'",
		 modules.kernel.name, frames * (PAGE_SIZE / 1024),
		 log_escape(args, sizeof(args), modules.kernel.args,
			    strlen(modules.kernel.args)));
	lifecycle_run(g);
}

void hv_main(struct boot_info *info, const char *error)
{
	options_parse(&machine.options, info->cmdline, info->cmdline_has_name,
		      NULL);
	log_set_level(machine.options.log);
	consoles_init(&machine.options, &info->screen);
	end_init(&machine.options);
	panic_set_hooks(report_frames, end_panic);
	step("descriptor tables");
	desc_init_early();

	step("processor features");
	cpufeat_detect(&machine.cpu);
	cpufeat_enable(&machine.cpu);
	say_hello(info);
	options_parse(&machine.options, info->cmdline, info->cmdline_has_name,
		      complain);
	say_notes(info);
	consoles_log();
	if (!error) {
		step("memory and paging");
		error = memory_init(&machine, info);
	}
	if (error) {
		lifecycle_cannot_start(&machine.options, error);
	}
	screen_map(1ull << machine.cpu.phys_bits);
	step("processor state pages");
	pcpu_init(&boot_cpu, &machine.pfa);
	step("interrupt controllers");
	irq_init();
	step("clocks, timers and interrupt controllers");
	platform_init(&machine, info);
	step("entropy");
	entropy_init();
	step("console input");
	consoles_enable_input(keys_typed);
	start_guest(info);
}
