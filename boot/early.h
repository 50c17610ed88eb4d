/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this processor able to run Umbra at all?
 */
#pragma once

#include "hv/load/boot_info.h"
#include "hv/load/options.h"

/*
 * Returns if it is. If not, says so on the consoles of @o, blindly, and ends
 * as a guest that cannot start does: @o->on_crash, verdict 0x13. @screen is
 * what the loader said. Paging is off.
 */
void early_check(const struct options *o,
		 const struct boot_framebuffer *screen);
