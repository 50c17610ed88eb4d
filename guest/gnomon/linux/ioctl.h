/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests of ioctl() and the structures they take.
 */
#pragma once

#include <stdint.h>

#define TCGETS	   0x5401u
#define TCSETS	   0x5402u
#define TCSETSW	   0x5403u
#define TCSETSF	   0x5404u
#define TCSBRK	   0x5409u
#define TCFLSH	   0x540bu
#define TIOCSCTTY  0x540eu
#define TIOCGPGRP  0x540fu
#define TIOCSPGRP  0x5410u
#define TIOCGWINSZ 0x5413u
#define TIOCSWINSZ 0x5414u
#define FIONREAD   0x541bu
#define TCSBRKP	   0x5425u
#define TIOCGSID   0x5429u

#define BLKGETSIZE64 0x80041272u

struct linux_winsize {
	uint16_t rows, columns, width, height;
};

/* --- termios --- */

struct linux_termios {
	uint32_t iflag, oflag, cflag, lflag;
	uint8_t line;
	uint8_t cc[19];
};

_Static_assert(sizeof(struct linux_termios) == 36, "as TCGETS has it");

/* Places in cc[]. */
#define VINTR	0
#define VQUIT	1
#define VERASE	2
#define VKILL	3
#define VEOF	4
#define VTIME	5
#define VMIN	6
#define VSTART	8
#define VSTOP	9
#define VSUSP	10
#define VWERASE 14

#define ICRNL 0000400u
#define IXON  0002000u

#define OPOST 0000001u
#define ONLCR 0000004u

#define B38400 0000017u
#define CS8    0000060u
#define CREAD  0000200u
#define HUPCL  0002000u

#define ISIG	0000001u
#define ICANON	0000002u
#define ECHO	0000010u
#define ECHOE	0000020u
#define ECHOK	0000040u
#define TOSTOP	0000400u
#define ECHOCTL 0001000u
#define ECHOKE	0004000u
#define IEXTEN	0100000u

#define TCOFLUSH 1
