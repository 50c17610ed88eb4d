// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The smallest guest: say hello, repeat the command line, power off.
 */
#include <stdio.h>

#include "guest/lib/sdk.h"

void main(const char *cmdline)
{
	printf("Hello from ring 1.\n");
	printf("command line: %s\n", cmdline);
	power_off("hello is done");
}
