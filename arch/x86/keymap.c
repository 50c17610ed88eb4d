/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * US keyboard layout, scan code set 1, to ASCII and the sequences of a VT100
 * and its successors, which is what programs expect of a serial line.
 *
 * It distrusts the codes: any may come at any time.
 *
 * LIMIT: the lights of Caps Lock and Num Lock are not switched.
 *
 * Rules: IBM PS/2 Hardware Interface Technical Reference, "Keyboards", scan
 * code set 1; ECMA-48 8.3 for the sequences.
 * Next: arch/x86/i8042.c, which reads the codes.
 */
#include "arch/x86/keymap.h"

#include <string.h>

#define CODE_EXTENDED 0xe0
#define CODE_PAUSE    0xe1 /* and two more codes, pressed and released */
#define CODE_RELEASE  0x80

#define ESC	  0x1b
#define DELETE	  0x7f
#define BACKSPACE 0x08

/* Places in the tables. */
#define KEY_TAB		0x0f
#define KEY_CONTROL	0x1d
#define KEY_LEFT_SHIFT	0x2a
#define KEY_KP_SLASH	0x35 /* extended */
#define KEY_RIGHT_SHIFT 0x36
#define KEY_ALT		0x38
#define KEY_CAPS_LOCK	0x3a
#define KEY_F1		0x3b
#define KEY_NUM_LOCK	0x45
#define KEY_PAD		0x47 /* the keypad's 7; its keys follow */
#define KEY_PAD_END	0x53
#define KEY_ENTER	0x1c
#define KEY_F11		0x57
#define KEY_F12		0x58

/* From code 0 on; a NUL types nothing, or something of its own. */
static const char plain[] = "\0\x1b"
			    "1234567890-=\x7f\t"
			    "qwertyuiop[]\r\0"
			    "asdfghjkl;'`\0"
			    "\\zxcvbnm,./\0*\0 ";
static const char shifted[] = "\0\x1b"
			      "!@#$%^&*()_+\x7f\t"
			      "QWERTYUIOP{}\r\0"
			      "ASDFGHJKL:\"~\0"
			      "|ZXCVBNM<>?\0*\0 ";

_Static_assert(sizeof(plain) == sizeof(shifted), "one for each");

/* The keypad with Num Lock, and what its keys say without. */
static const char pad_digits[] = "789-456+1230.";
static const char *const pad_keys[] = {
	"[H", "[A", "[5~", "-",	  "[D",	 "",	"[C",
	"+",  "[F", "[B",  "[6~", "[2~", "[3~",
};

static const char *const function_keys[] = {
	"OP",	"OQ",	"OR",	"OS",	"[15~", "[17~",
	"[18~", "[19~", "[20~", "[21~", "[23~", "[24~",
};

static u32 sequence(const char *s, u8 out[KEYMAP_OUT_MAX])
{
	u32 len = (u32)strlen(s);

	if (len < 2) {
		/* A character, or nothing at all. */
		memcpy(out, s, len);
		return len;
	}
	out[0] = ESC;
	memcpy(out + 1, s, len);
	return len + 1;
}

/* Returns true when @code is one of the keys that change others. */
static bool modifier(struct keymap *k, u8 code, bool is_extended, bool down)
{
	u8 bit = is_extended ? 2 : 1;
	u8 *held;

	switch (code) {
	case KEY_LEFT_SHIFT:
	case KEY_RIGHT_SHIFT:
		/* Extended, it is a fake one, around the arrow keys. */
		if (is_extended) {
			return true;
		}
		bit = code == KEY_LEFT_SHIFT ? 1 : 2;
		held = &k->shift;
		break;
	case KEY_CONTROL:
		held = &k->control;
		break;
	case KEY_ALT:
		held = &k->alt;
		break;
	case KEY_CAPS_LOCK:
		k->caps_lock ^= down && !(k->locks & 1);
		bit = 1;
		held = &k->locks;
		break;
	case KEY_NUM_LOCK:
		k->num_lock ^= down && !(k->locks & 2);
		bit = 2;
		held = &k->locks;
		break;
	default:
		return false;
	}
	*held = (u8)(down ? *held | bit : *held & ~bit);
	return true;
}

/* What Control makes of a character; those it does not change stay. */
static u8 controlled(u8 c)
{
	switch (c) {
	case ' ':
	case '2':
		return 0;
	case '6':
		return '^' & 0x1f;
	case '-':
	case '/':
		return '_' & 0x1f;
	case '?':
		return DELETE;
	case DELETE:
		return BACKSPACE;
	default:
		return c >= '@' && c < DELETE ? c & 0x1f : c;
	}
}

static u32 character(const struct keymap *k, u8 code, u8 out[KEYMAP_OUT_MAX])
{
	bool is_shifted = k->shift != 0;
	u8 c;

	if (code >= sizeof(plain) - 1 || plain[code] == '\0') {
		return 0;
	}
	c = (u8)plain[code];
	if (c >= 'a' && c <= 'z') {
		is_shifted ^= k->caps_lock;
	}
	if (is_shifted) {
		c = (u8)shifted[code];
	}
	out[0] = k->control ? controlled(c) : c;
	return 1;
}

static u32 press(const struct keymap *k, u8 code, bool is_extended,
		 u8 out[KEYMAP_OUT_MAX])
{
	if (code >= KEY_PAD && code <= KEY_PAD_END) {
		u32 i = code - KEY_PAD;

		if (k->num_lock && !is_extended) {
			out[0] = (u8)pad_digits[i];
			return 1;
		}
		return sequence(pad_keys[i], out);
	}
	if (is_extended && code != KEY_KP_SLASH && code != KEY_ENTER) {
		return 0;
	}
	if (code == KEY_TAB && k->shift) {
		return sequence("[Z", out);
	}
	if (code >= KEY_F1 && code < KEY_F1 + 10) {
		return sequence(function_keys[code - KEY_F1], out);
	}
	if (code == KEY_F11 || code == KEY_F12) {
		return sequence(function_keys[code - KEY_F11 + 10], out);
	}
	return character(k, code, out);
}

u32 keymap_feed(struct keymap *k, u8 code, u8 out[KEYMAP_OUT_MAX])
{
	bool is_extended = k->is_extended;
	bool down = !(code & CODE_RELEASE);
	u32 len;

	k->is_extended = code == CODE_EXTENDED;
	if (code == CODE_PAUSE) {
		k->skip = 2;
		return 0;
	}
	if (k->skip) {
		k->skip--;
		return 0;
	}
	code &= (u8)~CODE_RELEASE;
	if (modifier(k, code, is_extended, down) || !down) {
		return 0;
	}
	len = press(k, code, is_extended, out);
	if (k->alt && len > 0) {
		memmove(out + 1, out, len);
		out[0] = ESC;
		len++;
	}
	return len;
}
