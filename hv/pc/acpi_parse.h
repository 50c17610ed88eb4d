/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What single ACPI tables say, each added to a struct acpi. A table that is
 * too short or broken is reported, and its valid parts are used.
 */
#pragma once

#include "hv/pc/acpi_table.h"

void acpi_parse_fadt(struct acpi *a, const struct acpi_table *t);
void acpi_parse_madt(struct acpi *a, const struct acpi_table *t);
void acpi_parse_hpet(struct acpi *a, const struct acpi_table *t);
