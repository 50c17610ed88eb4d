# SPDX-License-Identifier: GPL-2.0-or-later
"""
A boot loader that says whatever a test wants.

Handover makes an image that any Multiboot loader can start. All it does is to
put some bytes where they are to be and jump into Umbra, or another kernel, with
an information block, Multiboot 1 or 2, that was made here: memory that is not
there, modules at address 0, a loader's name. Fields of which the block does not
speak hold rubbish.
"""

import struct

from emulator import SCRATCH, TEST_OPTIONS, UMBRA, run

MAGIC = {1: 0x2BADB002, 2: 0x36D76289}
RUBBISH = 0xDEADBEE0
INFO = 0x1D00000  # where the block is, and the stub behind it
MODULES = 0x1E00000  # the first module
PAGE = 0x1000
MIB = 1 << 20

AVAILABLE, RESERVED = 1, 2

# Flags of Multiboot 1: what the block speaks of.
MEMORY, CMDLINE, MODULE_LIST, MAP, LOADER = 0x1, 0x4, 0x8, 0x40, 0x200


def segments_of(path):
    """The loaded parts of an ELF file, (address, bytes), and its entry."""
    data = path.read_bytes()
    entry, headers = struct.unpack_from("<II", data, 24)
    size, count = struct.unpack_from("<HH", data, 42)
    parts = []
    for i in range(count):
        kind, offset, _, at, length, memory = struct.unpack_from(
            "<6I", data, headers + i * size)
        if kind == 1:
            parts.append((at, data[offset:offset + length] +
                          bytes(memory - length)))
    return parts, entry


def elf(parts, entry):
    """An ELF file of these parts, with a Multiboot 1 header."""
    offset = PAGE
    table, body = b"", b""
    for at, data in parts:
        table += struct.pack("<8I", 1, offset + len(body), at, at, len(data),
                             len(data), 7, PAGE)
        body += data + bytes(-len(data) % PAGE)
    head = (b"\x7fELF\1\1\1" + bytes(9) +
            struct.pack("<HHIIIIIHHHHHH", 2, 3, 1, entry, 52, 0, 0, 52, 32,
                        len(parts), 0, 0, 0) + table)
    header = struct.pack("<3I", 0x1BADB002, 0, -0x1BADB002 & 0xFFFFFFFF)
    head += bytes(-len(head) % 4) + header
    return head + bytes(PAGE - len(head)) + body


class Handover:
    """What is handed over: change anything before run()."""

    def __init__(self, options="", version=1, loader="a test", memory=64,
                 kernel=UMBRA):
        self.version = version
        self.loader = loader
        self.kernel = kernel
        self.cmdline = f"umbra {TEST_OPTIONS} {options}"
        self.cmdline_at = None  # the loader's choice
        self.told = CMDLINE | MODULE_LIST | MAP | LOADER
        self.upper = (memory - 1) * 1024  # KiB, where MEMORY is told
        self.memory = [(0, 0x9FC00, AVAILABLE),
                       (MIB, (memory - 1) * MIB, AVAILABLE)]
        self.modules = []  # (start, end, text)
        self.parts = []  # (address, bytes) to be there
        self.tags = []  # (type, bytes), more of Multiboot 2
        self.code = b""  # executed before all else
        self.next = MODULES

    def add(self, data, text, at=None):
        """Hand over a module, at an address of its own or a given one."""
        if at is None:
            at = self.next
            self.next += -(-len(data) // PAGE) * PAGE
        if data:
            self.parts.append((at, data))
        self.modules.append((at, at + len(data), text))

    def _block1(self):
        """The Multiboot 1 information."""
        blob = bytearray(struct.pack("<I", RUBBISH) * 32)

        def tell(flag, at, *fields):
            if self.told & flag:
                struct.pack_into(f"<{len(fields)}I", blob, at, *fields)

        def place(data):
            at = INFO + len(blob)
            blob.extend(data + bytes(-len(data) % 4))
            return at

        memory = place(b"".join(struct.pack("<IQQI", 20, *e)
                                for e in self.memory))
        texts = [place(text.encode("latin-1") + b"\0")
                 for _, _, text in self.modules]
        modules = place(b"".join(
            struct.pack("<4I", start, end, text, 0)
            for (start, end, _), text in zip(self.modules, texts)))
        struct.pack_into("<I", blob, 0, self.told)
        tell(MEMORY, 4, 640, self.upper)
        text = self.cmdline.encode("latin-1") + b"\0"
        if self.cmdline_at is None:
            tell(CMDLINE, 16, place(text))
        else:
            self.parts.append((self.cmdline_at, text))
            tell(CMDLINE, 16, self.cmdline_at)
        tell(MODULE_LIST, 20, len(self.modules), modules)
        tell(MAP, 44, 24 * len(self.memory), memory)
        tell(LOADER, 64, place(self.loader.encode("latin-1") + b"\0"))
        return bytes(blob)

    def _block2(self):
        """The Multiboot 2 information."""
        tags = b""
        for kind, body in (
                self.tags +
                [(1, self.cmdline.encode("latin-1") + b"\0"),
                 (2, self.loader.encode("latin-1") + b"\0"),
                 (6, struct.pack("<II", 24, 0) +
                  b"".join(struct.pack("<QQII", *e, 0)
                           for e in self.memory))] +
                [(3, struct.pack("<II", start, end) +
                  text.encode("latin-1") + b"\0")
                 for start, end, text in self.modules] + [(0, b"")]):
            tags += struct.pack("<II", kind, 8 + len(body)) + body
            tags += bytes(-len(tags) % 8)
        return struct.pack("<II", 8 + len(tags), 0) + tags

    def _stub(self, low, entry):
        """Machine code: move the @low parts down, and go."""
        code = b"\xfa\xfc" + self.code  # cli; cld
        for source, (at, data) in low:
            # mov $source, %esi; mov $at, %edi; mov $len, %ecx; rep movsb
            code += struct.pack("<BIBIBI", 0xBE, source, 0xBF, at, 0xB9,
                                len(data)) + b"\xf3\xa4"
        # mov $magic, %eax; mov $INFO, %ebx; mov $entry, %ecx; jmp *%ecx
        return code + struct.pack("<BIBIBI", 0xB8, MAGIC[self.version], 0xBB,
                                  INFO, 0xB9, entry) + b"\xff\xe1"

    def image(self, name):
        """Write the image. Returns its path."""
        block = self._block1() if self.version == 1 else self._block2()
        parts, entry = segments_of(self.kernel)
        parts += [p for p in self.parts if p[0] >= MIB]
        low = []
        for part in self.parts:
            if part[0] < MIB:
                low.append((self.next, part))
                parts.append((self.next, part[1]))
                self.next += -(-len(part[1]) // PAGE) * PAGE
        stub = INFO + len(block)
        parts.append((INFO, block + self._stub(low, entry)))
        SCRATCH.mkdir(parents=True, exist_ok=True)
        path = SCRATCH / f"handover-{name}.elf"
        path.write_bytes(elf(sorted(parts), stub))
        return path

    def arguments(self, name):
        """What makes an emulator boot it."""
        return ["-kernel", str(self.image(name))]

    def run(self, name, memory="64M", **machine):
        """Boot it to the end."""
        return run(self.arguments(name), memory=memory, **machine)
