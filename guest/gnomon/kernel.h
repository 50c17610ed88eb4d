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

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/mm/vm.h"
#include "guest/gnomon/task/task.h"
