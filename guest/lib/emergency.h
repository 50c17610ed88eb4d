/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output through the console's PCI configuration window.
 *
 * Needs no driver, no memory and no interrupt: a few port writes that the
 * hypervisor emulates. A character costs two exits, so this is for greetings
 * and last words.
 */
#pragma once

#include <stdint.h>

void emergency_write(const char *bytes, uint32_t n);
