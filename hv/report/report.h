/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is printed about a guest when it has ended, or when the user asks.
 */
#pragma once

#include "hv/vmm/guest.h"

/* The verdict's line, a crash report for a killed guest, statistics. */
void report_end(struct guest *g);

/* A "stat NAME VALUE" line for each counter. */
void report_stats(struct guest *g);

/* About a running guest: its registers; its call trace. */
void report_now(struct guest *g);
void report_exits(struct guest *g);
