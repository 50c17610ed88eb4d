/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this processor able to run Umbra at all?
 */
#pragma once

#include "hv/load/boot_info.h"
#include "hv/load/options.h"

/*
 * Returns if it is. If not, prints why on the consoles of @o, without probing
 * them, and ends like a guest that cannot start: @o->on_crash, verdict 0x13.
 * @screen is the loader's description. Paging is off.
 */
void early_check(const struct options *o,
		 const struct boot_framebuffer *screen);
