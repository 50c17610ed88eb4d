/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keyboard controller driver.
 *
 * I1  No wait is unbounded, and none is repeated: the first one that fails
 *     means that there is no controller to be used.
 *
 * It does not ask whether a keyboard is attached: one may be attached later,
 * and the answer can take half a second.
 *
 * Rules: IBM PS/2 Hardware Interface Technical Reference, "Keyboard and
 * Auxiliary Device Controller".
 * Next: arch/x86/keymap.c, what the codes mean.
 */
#include "arch/x86/i8042.h"

#include "arch/x86/cpu.h"

#define PORT_DATA    0x60
#define PORT_COMMAND 0x64
#define PORT_STATUS  0x64

#define STATUS_OUTPUT_FULL 0x01 /* a byte for us */
#define STATUS_INPUT_FULL  0x02 /* ours has not been taken yet */
#define STATUS_FROM_MOUSE  0x20
#define STATUS_ABSENT	   0xff /* what an empty bus reads */

#define COMMAND_READ_CONFIG  0x20
#define COMMAND_WRITE_CONFIG 0x60
#define COMMAND_MOUSE_OFF    0xa7
#define COMMAND_KEYBOARD_OFF 0xad
#define COMMAND_KEYBOARD_ON  0xae

#define CONFIG_KEYBOARD_IRQ 0x01
#define CONFIG_MOUSE_IRQ    0x02
#define CONFIG_KEYBOARD_OFF 0x10
#define CONFIG_TRANSLATE    0x40 /* to scan code set 1 */

#define KEYBOARD_ENABLE 0xf4 /* its answer is no scan code of any key */

/* One port read takes about 1 us; a controller answers within 20 ms. */
#define POLLS	  50000u
#define FLUSH_MAX 32u /* bytes; more than a controller keeps */
#define BURST_MAX 32u /* the same for one call of i8042_read() */

static bool wait_status(u8 mask, u8 wanted)
{
	for (u32 polls = POLLS; polls > 0; polls--) {
		if ((inb(PORT_STATUS) & mask) == wanted) {
			return true;
		}
		cpu_relax();
	}
	return false;
}

static bool send(u16 port, u8 byte)
{
	if (!wait_status(STATUS_INPUT_FULL, 0)) {
		return false;
	}
	outb(port, byte);
	return true;
}

static void flush(void)
{
	for (u32 i = 0;
	     i < FLUSH_MAX && (inb(PORT_STATUS) & STATUS_OUTPUT_FULL); i++) {
		inb(PORT_DATA);
	}
}

/* Both devices are silent meanwhile, so that the next byte is the answer. */
static bool read_config(u8 *config)
{
	if (!send(PORT_COMMAND, COMMAND_KEYBOARD_OFF) ||
	    !send(PORT_COMMAND, COMMAND_MOUSE_OFF)) {
		return false;
	}
	flush();
	if (!send(PORT_COMMAND, COMMAND_READ_CONFIG) ||
	    !wait_status(STATUS_OUTPUT_FULL, STATUS_OUTPUT_FULL)) {
		return false;
	}
	*config = inb(PORT_DATA);
	return true;
}

bool i8042_init(void)
{
	u8 config;

	if (inb(PORT_STATUS) == STATUS_ABSENT || !read_config(&config)) {
		return false;
	}
	config |= CONFIG_KEYBOARD_IRQ | CONFIG_TRANSLATE;
	config &= (u8) ~(CONFIG_MOUSE_IRQ | CONFIG_KEYBOARD_OFF);
	return send(PORT_COMMAND, COMMAND_WRITE_CONFIG) &&
	       send(PORT_DATA, config) &&
	       send(PORT_COMMAND, COMMAND_KEYBOARD_ON) &&
	       send(PORT_DATA, KEYBOARD_ENABLE);
}

bool i8042_read(u8 *code)
{
	for (u32 i = 0; i < BURST_MAX; i++) {
		u8 status = inb(PORT_STATUS);

		/* All ones: the controller has gone. */
		if (status == STATUS_ABSENT || !(status & STATUS_OUTPUT_FULL)) {
			return false;
		}
		*code = inb(PORT_DATA);
		if (!(status & STATUS_FROM_MOUSE)) {
			return true;
		}
	}
	return false;
}
