/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine around processor and memory: interrupt controllers, clocks,
 * timer, reset and power.
 */
#pragma once

#include "hv/load/boot_info.h"
#include "hv/pc/machine.h"

/*
 * Fill in m->acpi and set up everything that there is, before the first
 * irq_register() and after irq_init(). Whatever is missing or broken is
 * reported and done without.
 */
void platform_init(struct machine *m, const struct boot_info *info);
