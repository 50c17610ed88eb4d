/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical machine: what main.c finds out and everybody reads.
 */
#pragma once

#include "arch/x86/cpufeat.h"
#include "hv/load/options.h"
#include "hv/pc/acpi.h"
#include "mm/memmap.h"
#include "mm/pfa.h"

struct guest;

struct machine {
	struct options options;
	struct cpu_features cpu;
	struct acpi acpi;
	struct memmap map;
	struct pfa pfa;
	struct guest *focus; /* who is typed to; NULL: nobody */
};
