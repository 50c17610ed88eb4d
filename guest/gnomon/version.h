/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel calls itself. Programs look for Linux and a release that is
 * not too old.
 */
#pragma once

#define SYSTEM_NAME    "Linux"
#define SYSTEM_RELEASE "4.10.0-gnomon"
#define SYSTEM_VERSION "#1 Gnomon"
#define SYSTEM_MACHINE "i686"
