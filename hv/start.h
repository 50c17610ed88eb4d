/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "hv/load/boot_info.h"
#include "hv/pc/machine.h"
#include "hv/pc/pcpu.h"

/*
 * Make a guest of the modules of @info and start it on processor @p. The
 * machine has been initialised.
 */
void __noreturn start_guest(struct machine *m, struct pcpu *p,
			    struct boot_info *info);
