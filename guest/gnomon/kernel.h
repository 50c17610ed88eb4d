/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What nearly every part of the kernel uses: the C library's memory, error
 * numbers, frames, tasks and their memory, files, the platform, the log.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/vm.h"
