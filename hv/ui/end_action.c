/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens after a guest's end. After "halt" the machine stays as it is,
 * with the last lines on the screen, until the user switches it off or starts
 * the guest again. Only after a clean power off does it switch itself off.
 *
 * Next: arch/x86/reset.c, hv/ui/keys.c.
 */
#include "hv/ui/end_action.h"

#include "arch/x86/cpu.h"
#include "arch/x86/reset.h"
#include "hv/lib/log.h"
#include "hv/ui/keys.h"

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
		reset_leave_emulator(port, (u8)v);
	}
}

/* For panic(): returns when there is no exit port. */
void end_panic(void)
{
	exit_with(VERDICT_PANIC);
}

/*
 * Halt. After a clean power off of the guest the machine is switched off too,
 * where that is possible; otherwise the last lines stay on the screen.
 */
static void halt(struct machine *m, bool is_clean)
{
	if (is_clean && reset_can_power_off()) {
		/* First, because a machine may take some time to obey. */
		log_info("switching the machine off; if it stays on, it is "
			 "safe to do that by hand");
		reset_power_off();
	}
	if (is_clean) {
		log_info("it is now safe to switch the machine off");
	}
	keys_stand_by(m);
}

void end_act(struct machine *m, enum end_action action, enum verdict v)
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
		/* A user who forgot the option exit= should see that. */
		halt(m, has_port && v == VERDICT_OFF);
		return;
	case END_HALT:
		halt(m, v == VERDICT_OFF);
		return;
	}
}
