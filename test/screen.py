# SPDX-License-Identifier: GPL-2.0-or-later
"""
The emulator's screen, read back as text.

Every cell of a pixel screen must be a glyph of the font that Umbra was built
with, in two colours; the picture alone decides what a test reads.
"""

import re
import time

from emulator import BUILD, SCRATCH, TIMEOUT, Emulator
from test_machine import Monitor

CELL_WIDTH, CELL_HEIGHT = 8, 16
UNKNOWN = "\ufffd"


def load_font():
    """The 256 glyphs of the build, each 16 bytes."""
    numbers = re.findall(r"0x[0-9a-f]{2}\b", (BUILD / "font.c").read_text())
    glyphs = bytes(int(n, 16) for n in numbers)
    assert len(glyphs) == 256 * CELL_HEIGHT
    return [glyphs[i:i + CELL_HEIGHT]
            for i in range(0, len(glyphs), CELL_HEIGHT)]


FONT = load_font()

# The first of equal glyphs wins: ASCII before the code page's symbols.
CHARACTERS = {}
for code in [*range(32, 127), *range(128, 256)]:
    CHARACTERS.setdefault(FONT[code], bytes([code]).decode("cp437"))


class Cell:
    """One character of the screen, and its colours as 0xRRGGBB."""

    def __init__(self, pixels):
        self.pixels = pixels
        self.char, self.ink, self.paper = UNKNOWN, None, None
        colours = sorted(set(pixels))
        if len(colours) == 1:
            self.char, self.paper = " ", int.from_bytes(colours[0], "big")
        elif len(colours) == 2:
            self._find_glyph(colours)

    def bits(self, paper):
        """The picture as a glyph of the font, were @paper the background."""
        return bytes(
            sum((self.pixels[y * CELL_WIDTH + x] != paper) << 7 - x
                for x in range(CELL_WIDTH)) for y in range(CELL_HEIGHT))

    def _find_glyph(self, colours):
        for paper, ink in (colours, colours[::-1]):
            char = CHARACTERS.get(self.bits(paper))
            if char and (self.char == UNKNOWN or self.char > "~"):
                self.char = char
                self.ink = int.from_bytes(ink, "big")
                self.paper = int.from_bytes(paper, "big")


class Picture:
    """A screen dump, cut into cells of @pitch pixels each."""

    def __init__(self, ppm, pitch=CELL_WIDTH):
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", ppm)
        self.width, self.height = int(head[1]), int(head[2])
        self.pixels = ppm[head.end():]
        known = {}
        self.rows = []
        for y in range(0, self.height // CELL_HEIGHT * CELL_HEIGHT,
                       CELL_HEIGHT):
            row = []
            for x in range(0, self.width // pitch * pitch, pitch):
                data = self._cut(x, y)
                if data not in known:
                    known[data] = Cell([data[i:i + 3] for i in
                                        range(0, len(data), 3)])
                row.append(known[data])
            self.rows.append(row)

    def _cut(self, x, y):
        return b"".join(
            self.pixels[(line * self.width + x) * 3:
                        (line * self.width + x + CELL_WIDTH) * 3]
            for line in range(y, y + CELL_HEIGHT))

    def lines(self):
        """The text, line by line, without blanks at the ends."""
        return ["".join(cell.char for cell in row).rstrip()
                for row in self.rows]

    def text(self):
        """All of it, for messages."""
        return "\n".join(self.lines()).rstrip()

    def unwrapped(self):
        """The text as it was before lines longer than a row were broken."""
        return "".join(line if len(line) == len(row) else line + "\n"
                       for line, row in zip(self.lines(), self.rows))


class Watched:
    """An emulator whose screen and keyboard are at hand."""

    def __init__(self, name, args, serial=False, **machine):
        SCRATCH.mkdir(parents=True, exist_ok=True)
        self.path = SCRATCH / f"{name}.qmp"
        self.dump = SCRATCH / f"{name}.ppm"
        self.path.unlink(missing_ok=True)
        self.emulator = Emulator(
            [*args, "-qmp", f"unix:{self.path},server=on,wait=off",
             *([] if serial else ["-serial", "none"])],
            serial=serial, **machine)

    def __enter__(self):
        self.emulator.__enter__()
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                self.monitor = Monitor(self.path)
                return self
            except (FileNotFoundError, ConnectionRefusedError):
                assert time.monotonic() < deadline, self.emulator.log()
                time.sleep(0.05)

    def __exit__(self, *exception):
        self.monitor.close()
        self.emulator.__exit__(*exception)

    def human(self, line):
        """A command of the monitor that people use."""
        return self.monitor.command("human-monitor-command",
                                    **{"command-line": line})

    def picture(self, pitch=CELL_WIDTH):
        """What the screen shows now."""
        assert self.monitor.command("screendump", filename=str(self.dump)), \
            self.emulator.log()
        return Picture(self.dump.read_bytes(), pitch)

    def memory(self, address, size):
        """Bytes of the machine's memory."""
        path = self.dump.with_suffix(".mem")
        assert self.monitor.command("pmemsave", val=address, size=size,
                                    filename=str(path))
        return path.read_bytes()

    def wait_for(self, wanted, look, patience=1):
        """
        Look again and again, until @wanted is in what look() returns; gives
        that back.
        """
        deadline = time.monotonic() + TIMEOUT * patience
        while True:
            text = look()
            if wanted in text:
                return text
            assert time.monotonic() < deadline, \
                f"no '{wanted}' on the screen:\n{text}"
            time.sleep(0.1)

    def halt_at(self, wanted, look, patience=1):
        """
        The same, but the machine stands still while it is looked at, and
        when it shows @wanted.
        """
        def look_at_rest():
            self.monitor.command("cont")
            time.sleep(0.05)
            self.monitor.command("stop")
            return look()
        return self.wait_for(wanted, look_at_rest, patience)

    def resume(self):
        """Let it run again."""
        self.monitor.command("cont")

    def text(self):
        """What a pixel screen shows, without line breaks of its own."""
        return self.picture().unwrapped()
