/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine around processor and memory: interrupt controllers, clocks,
 * timer, reset and power.
 */
#pragma once

#include "hv/load/boot_info.h"
#include "hv/pc/machine.h"

/*
 * Fill in m->acpi and set up all devices of this kind, after irq_init() and
 * before the first irq_register(). A missing or broken one is reported and not
 * used.
 */
void platform_init(struct machine *m, const struct boot_info *info);
