/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Initialisation of the machine, in order.
 *
 * Next: hv/pc/memory.c, hv/pc/pcpu.c, hv/start.c.
 */
#include "hv/main.h"

#include <stdio.h>

#include "arch/x86/desc.h"
#include "arch/x86/irq.h"
#include "hv/lib/build_id.h"
#include "hv/lib/log.h"
#include "hv/lib/panic.h"
#include "hv/pc/consoles.h"
#include "hv/pc/entropy.h"
#include "hv/pc/memory.h"
#include "hv/pc/platform.h"
#include "hv/pc/screen.h"
#include "hv/start.h"
#include "hv/ui/end_action.h"
#include "hv/ui/keys.h"
#include "hv/ui/lifecycle.h"

static struct machine machine;
static struct pcpu boot_cpu;

static void complain(const char *text)
{
	log_warn("%s", text);
}

/* For panic reports: how many frames each owner has. */
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

/* Print what boot/ ignored or changed in the loader's information. */
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

/* Each step is logged first: after a hang, the last one named did not end. */
static void step(const char *what)
{
	log_debug("boot: %s", what);
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
		lifecycle_cannot_start(&machine, error);
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
	consoles_enable_input(keys_typed, &machine);
	start_guest(&machine, &boot_cpu, info);
}
