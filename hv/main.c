/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Initialisation, in order, and the guest's lives.
 *
 * Next: hv/memory.c, hv/pcpu.c, hv/guest.c, hv/run.c.
 */
#include "hv/main.h"

#include "arch/x86/desc.h"
#include "arch/x86/irq.h"
#include "hv/consoles.h"
#include "hv/end.h"
#include "hv/entropy.h"
#include "hv/guest.h"
#include "hv/keys.h"
#include "hv/lib/build_id.h"
#include "hv/lib/log.h"
#include "hv/lib/panic.h"
#include "hv/memory.h"
#include "hv/platform.h"
#include "hv/report/report.h"
#include "hv/run.h"
#include "hv/screen.h"

#define RESTARTS_MAX 5 /* in a row, after a crash */

static struct machine machine;
static struct pcpu boot_cpu;
static struct guest_modules modules;

static void complain(const char *text)
{
	log_warn("%s", text);
}

static void __noreturn cannot_start(const char *why)
{
	log_error("cannot start guest: %s", why);
	if (machine.options.stats) {
		log_info("no statistics: no guest ran");
	}
	end_act(machine.options.on_crash == END_RESTART
			? END_HALT
			: machine.options.on_crash,
		VERDICT_NO_START);
	panic("end_act returned");
}

void machine_log_frames(const struct machine *m, enum log_level level)
{
	for (u32 o = FRAME_FREE; o < FRAME_OWNERS; o++) {
		u32 n = pfa_count(&m->pfa, (enum frame_owner)o);

		log_line(level, "frames %s: %u (%u KiB)",
			 frame_owner_name((enum frame_owner)o), n,
			 n * (PAGE_SIZE / 1024));
	}
}

/* For panics: who has the memory. */
static void report_frames(void)
{
	machine_log_frames(&machine, LOG_ERROR);
}

static void say_hello(const struct boot_info *info)
{
	const struct cpu_features *c = &machine.cpu;
	char loader[BOOT_LOADER_MAX * 2];

	log_info("Umbra, build %s", build_id());
	log_info("loaded by %s",
		 info->loader[0]
			 ? log_escape(loader, sizeof(loader), info->loader,
				      sizeof(info->loader))
			 : "a nameless loader");
	log_info("processor %s family %u model %u stepping %u%s, NX %s%s%s",
		 c->vendor, c->family, c->model, c->stepping,
		 c->has_hypervisor ? " (virtual)" : "",
		 c->has_nx ? "on" : "absent", c->name[0] ? ": " : "", c->name);
}

/* What follows the end of one life. Returns when there is to be another. */
static void after_end(struct guest *g, u32 *crashes)
{
	const struct options *o = &machine.options;

	report_end(g);
	if (o->stats) {
		consoles_log_stats();
	}
	switch (g->end) {
	case GUEST_OFF:
		end_act(o->on_off, VERDICT_OFF);
		break;
	case GUEST_RESTART:
		*crashes = 0;
		end_act(o->on_restart, VERDICT_RESTARTED);
		break;
	default:
		if (o->on_crash == END_RESTART && ++*crashes > RESTARTS_MAX) {
			log_error("%u crashes in a row: giving up", *crashes);
			end_act(END_HALT, VERDICT_KILLED);
		}
		end_act(o->on_crash, VERDICT_KILLED);
		break;
	}
	log_info("restarting the guest");
}

/* A hang shows where: the last step named is the one that never ended. */
static void step(const char *what)
{
	log_debug("boot: %s", what);
}

static void __noreturn live(struct guest *g)
{
	u32 crashes = 0;

	for (;;) {
		const char *error;

		step("guest image");
		error = guest_reset(g);
		if (error) {
			cannot_start(error);
		}
		step("first entry into the guest");
		keys_attach(g, consoles_have_input());
		run_guest(g);
		after_end(g, &crashes);
	}
}

static void __noreturn start_guest(const struct boot_info *info)
{
	static char args[LOG_LINE_MAX];
	const char *error;
	struct guest *g;
	u32 frames;

	step("modules");
	error = modules_assign(info, &modules);
	if (error) {
		cannot_start(error);
	}
	if (!modules.has_kernel) {
		cannot_start("no kernel module");
	}
	step("guest memory");
	frames = memory_guest_frames(&machine);
	g = frames ? guest_create(&machine, &boot_cpu, &modules, frames) : NULL;
	if (!g) {
		cannot_start("not enough memory");
	}
	machine_log_frames(&machine, LOG_INFO);
	log_info("guest: kernel '%s', %u KiB of memory, arguments '%s'",
		 modules.kernel.name, frames * (PAGE_SIZE / 1024),
		 log_escape(args, sizeof(args), modules.kernel.args,
			    sizeof(modules.kernel.args)));
	live(g);
}

void hv_main(const struct boot_info *info, const char *error)
{
	options_parse(&machine.options, info->cmdline, NULL);
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
	options_parse(&machine.options, info->cmdline, complain);
	consoles_log();
	if (!error) {
		step("memory and paging");
		error = memory_init(&machine, info);
	}
	if (error) {
		cannot_start(error);
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
	consoles_enable_input();
	start_guest(info);
}
