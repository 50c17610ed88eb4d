// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The smallest guest: say hello, repeat the command line, power off.
 */
#include "guest/lib/sdk.h"

void main(const char *cmdline)
{
	console_write("Hello from ring 1.\n");
	console_write("command line: ");
	console_write(cmdline);
	console_write("\n");
	power_off("hello is done");
}
