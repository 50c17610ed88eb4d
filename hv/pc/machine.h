/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical machine: filled in by main.c, read everywhere.
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
	struct guest *focus; /* gets what is typed; may be NULL */
};
