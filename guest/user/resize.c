// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * resize: ask the terminal how large it is, and tell the kernel, which cannot
 * know that of a serial line.
 *
 * The cursor goes as far as it can and says where it is then: ECMA-48 8.3.21
 * "CUP", 8.3.35 "DSR", 8.3.14 "CPR". DECSC and DECRC keep its place.
 */
#include "guest/user/lib/program.h"

#define TCGETS	   0x5401
#define TCSETSW	   0x5403
#define TCSETSF	   0x5404
#define TIOCSWINSZ 0x5414

#define ICANON 0x2u
#define ECHO   0x8u
#define VTIME  5
#define VMIN   6

#define ASK	 "\0337\033[999;999H\033[6n\0338"
#define PATIENCE 20 /* tenths of a second, for each byte */

struct linux_termios {
	u32 iflag, oflag, cflag, lflag;
	u8 line, cc[19];
};

/* Up to the end of an answer, or of patience. */
static void read_answer(char *text, u32 size)
{
	u32 n = 0;

	while (n < size - 1 && sys(SYS_READ, 0, text + n, 1) == 1 &&
	       text[n++] != 'R') {
	}
	text[n] = '\0';
}

int main(void)
{
	struct {
		unsigned short rows, columns, width, height;
	} size = { 0 };
	struct linux_termios mode, raw;
	char answer[32];

	if (sys(SYS_IOCTL, 0, TCGETS, &mode)) {
		puts("resize: standard input is no terminal");
		return 1;
	}
	raw = mode;
	raw.lflag &= ~(ICANON | ECHO);
	raw.cc[VMIN] = 0;
	raw.cc[VTIME] = PATIENCE;
	sys(SYS_IOCTL, 0, TCSETSF, &raw);
	sys(SYS_WRITE, 1, ASK, sizeof(ASK) - 1);
	read_answer(answer, sizeof(answer));
	sys(SYS_IOCTL, 0, TCSETSW, &mode);
	if (sscanf(answer, "\033[%hu;%huR", &size.rows, &size.columns) != 2) {
		puts("resize: the terminal does not answer");
		return 1;
	}
	sys(SYS_IOCTL, 0, TIOCSWINSZ, &size);
	printf("%u rows, %u columns\n", size.rows, size.columns);
	return 0;
}
