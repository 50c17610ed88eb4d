/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is printed when a guest has ended.
 */
#pragma once

#include "hv/guest.h"

/* The verdict's line, a crash report for a killed guest, statistics. */
void report_end(struct guest *g);
