/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ends. After "halt" the machine stays as it is, with the last lines on the
 * screen, until somebody switches it off.
 */
#include "hv/end.h"

#include "arch/x86/cpu.h"
#include "arch/x86/reset.h"
#include "hv/lib/log.h"

static bool has_port;
static u16 port;

void end_init(const struct options *o)
{
	has_port = o->has_exit_port;
	port = o->exit_port;
}

static void exit_with(enum verdict v)
{
	if (has_port) {
		outb(port, v);
	}
}

/* For panic(): returns when there is no exit port. */
void end_panic(void)
{
	exit_with(VERDICT_PANIC);
}

void end_act(enum end_action action, enum verdict v)
{
	switch (action) {
	case END_RESTART:
		return;
	case END_REBOOT:
		log_info("rebooting");
		reset_machine();
	case END_EXIT:
		exit_with(v);
		log_warn("exit: %s; halting",
			 has_port ? "the exit port did nothing"
				  : "no exit= port was given");
		break;
	case END_HALT:
		break;
	}
	log_info("halted");
	cpu_halt_forever();
}
