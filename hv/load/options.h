/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Umbra's own command line: words key=value.
 */
#pragma once

#include "hv/lib/log.h"
#include "hv/lib/types.h"

enum end_action {
	END_HALT,
	END_REBOOT,
	END_EXIT,
	END_RESTART,
};

enum paging_mode {
	PAGING_AUTO,
	PAGING_2LEVEL,
	PAGING_PAE,
};

enum audit_mode {
	AUDIT_OFF,
	AUDIT_SAMPLE,
	AUDIT_FULL,
};

enum console_kind {
	CONSOLE_UART, /* port and baud are set, and a UART can do the baud */
	CONSOLE_VGA,
	CONSOLE_FB,
};

struct console_option {
	enum console_kind kind;
	u16 port;
	u32 baud;
};

#define CONSOLES_MAX 4
#define DEFAULT_BAUD 115200u

struct options {
	enum log_level log;
	enum end_action on_off;
	enum end_action on_restart;
	enum end_action on_crash;
	enum paging_mode paging;
	enum audit_mode audit;
	bool stats;
	bool has_exit_port;
	u16 exit_port;
	u32 modules;	     /* that the loader should pass; 0: not given */
	u64 guest_mem;	     /* bytes, not clipped; 0: choose the default */
	bool consoles_given; /* console= was used; count 0 then means none */
	u32 console_count;
	struct console_option console[CONSOLES_MAX];
};

/*
 * Called once per word that was ignored, with the reason ready to print:
 * escaped, and no longer than LOG_LINE_MAX.
 */
typedef void (*options_complain_fn)(const char *text);

/*
 * Set @o to the defaults, then apply every word of @cmdline; double quotes
 * may stand around a word or a value. The first word is the image's name, not
 * an option: always when the loader passes it (@has_name), else when there is
 * no '=' in it. Of a key given twice the last legal one wins. Unknown keys
 * and bad values are reported through @complain, naming the word and what
 * would be legal, and ignored. @complain may be NULL, for a look at the
 * options before there is a console to complain on.
 *
 * Runs before the processor was checked: boot/early.c.
 */
void options_parse(struct options *o, const char *cmdline, bool has_name,
		   options_complain_fn complain);
