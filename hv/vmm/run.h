/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "hv/vmm/guest.h"

/* Run the guest until it ends. Interrupts are off before and after. */
void run_guest(struct guest *g);
