# SPDX-License-Identifier: GPL-2.0-or-later
"""
Guests that cannot start: each ends with status 39 and a line that names the
module and what is wrong with it.
"""

import gzip
import os
import struct

import pytest

from emulator import (COUNTING, SCRATCH, UMBRA, direct_boot, guest_elf,
                      kernel_module, run)
from judge import judge

# Offsets into an ELF header, and into the first program header behind it.
E_CLASS, E_TYPE, E_MACHINE, E_ENTRY, E_PHOFF = 4, 16, 18, 24, 28
E_PHENTSIZE, E_PHNUM = 42, 44
PH, PH_SIZE = 52, 32
P_OFFSET, P_PADDR, P_FILESZ, P_MEMSZ = 4, 12, 16, 20


def start(modules, **machine):
    """Start Umbra with these module strings."""
    return run(direct_boot(modules), **machine)


def scratch(name, data):
    """A file with this content."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / name
    path.write_bytes(data)
    return path


def changed(name, *changes):
    """The guest "pass" with (format, offset, value) written over it."""
    data = bytearray(guest_elf("pass").read_bytes())
    for form, offset, value in changes:
        struct.pack_into(form, data, offset, value)
    return scratch(name, bytes(data))


def refused(path, reason, **machine):
    """Expect a kernel module to be refused for @reason."""
    outcome = start([kernel_module(path)], **machine)
    judge(outcome, f"NOSTART: kernel module '{path}': {reason}")


def test_header():
    """What a loader is asked for: by version 1 no mode of the screen, which
    some refuse; by version 2 one without a palette."""
    data = UMBRA.read_bytes()
    first = data.index(struct.pack("<I", 0x1BADB002))
    second = data.index(struct.pack("<II", 0xE85250D6, 0))
    screen = data.index(struct.pack("<HHI", 5, 1, 20), second)
    assert not struct.unpack_from("<I", data, first + 4)[0] & 4
    assert struct.unpack_from("<I", data, screen + 16)[0] == 32


def test_nothing_wrong():
    """The file the others are made from is a good one."""
    judge(start([kernel_module(changed("good.elf"))]), "PASS")


def test_no_module():
    """No module at all."""
    judge(start([]), "NOSTART: no kernel module")


def test_only_an_initrd():
    """A module, but no kernel."""
    path = scratch("alone.initrd", b"not a kernel")
    judge(start([f"{path} role=initrd"]), "NOSTART: no kernel module")


@pytest.mark.parametrize("part, reason", [
    (3, "not an ELF file, nor a bzImage"),
    (20, "ELF file ends within its header"),
    (PH + 1, "ELF file ends within its program headers"),
    (5000, "ELF segment 0 lies beyond the end of the file"),
    (-2000, "ELF segment ... lies beyond the end of the file"),
])
def test_truncated(part, reason):
    """A kernel that was cut off: none of the part that is there runs."""
    data = guest_elf("pass").read_bytes()
    end = segments_end(data)
    cut = data[:part] if part > 0 else data[:end + part]
    refused(scratch("cut.elf", cut), reason)


def segments_end(data):
    """Where the last loaded byte of an ELF file is."""
    count, = struct.unpack_from("<H", data, E_PHNUM)
    ends = []
    for i in range(count):
        header = PH + i * PH_SIZE
        offset, = struct.unpack_from("<I", data, header + P_OFFSET)
        size, = struct.unpack_from("<I", data, header + P_FILESZ)
        ends.append(offset + size)
    return max(ends)


@pytest.mark.parametrize("name, change, reason", [
    ("class", ("B", E_CLASS, 2), "not a 32-bit ELF file"),
    ("type", ("<H", E_TYPE, 3), "...type is not EXEC..."),
    ("machine", ("<H", E_MACHINE, 40), "not an ELF file for i386"),
    ("entry", ("<I", E_ENTRY, 0x90000),
     "ELF entry point is outside every loaded segment"),
    ("phoff", ("<I", E_PHOFF, 0xfffffff0),
     "ELF file ends within its program headers"),
    ("phentsize", ("<H", E_PHENTSIZE, 56), "...not 32 bytes each"),
    ("phnum", ("<H", E_PHNUM, 0), "ELF file has no program headers"),
    ("phnum-all", ("<H", E_PHNUM, 0xffff), "...more than..."),
    ("memsz", ("<I", PH + P_MEMSZ, 0x40000000),
     "ELF segment 1 overlaps another one"),
    ("filesz", ("<I", PH + P_FILESZ, 0xffffffff),
     "ELF segment 0 is larger in the file than in memory"),
    ("wrap", ("<I", PH + P_PADDR, 0xfffff000), "...wraps around 4 GiB"),
    ("overlap", ("<I", PH + PH_SIZE + P_PADDR, 0x200000),
     "ELF segment 1 overlaps another one"),
    ("low", ("<I", PH + P_PADDR, 0x1000), "...overlaps the boot pages..."),
    ("high", ("<I", PH + P_PADDR, 0x7f000000),
     "ELF file needs ... KiB of guest memory, there are ..."),
], ids=lambda value: value if isinstance(value, str) else "")
def test_bad_header(name, change, reason):
    """One field at a time, each with its own reason."""
    refused(changed(f"{name}.elf", change), reason)


@pytest.mark.parametrize("name, data", [
    ("short", b"\n"), ("text", b"hello, world\n" * 99), ("zero", bytes(9999)),
], ids=["short", "text", "zero"])
def test_not_a_kernel(name, data):
    """Files that never were kernels."""
    refused(scratch(name, data), "not an ELF file, nor a bzImage")


# A bzImage's setup header: offsets, and what is there. Linux's boot protocol.
SETUP_SECTS, BOOT_FLAG, JUMP, MAGIC, VERSION = 0x1F1, 0x1FE, 0x200, 0x202, 0x206
LOADFLAGS, CODE32, ALIGNMENT, RELOCATABLE = 0x211, 0x214, 0x230, 0x234
PREF_ADDRESS, INIT_SIZE, LOAD = 0x258, 0x260, 0x100000


def bzimage(name, guest, init_size=0x100000, version=0x20C):
    """A test guest as a bzImage whose protected-mode part is already plain."""
    data = guest_elf(guest).read_bytes()
    image = bytearray()
    count, = struct.unpack_from("<H", data, E_PHNUM)
    for header in range(PH, PH + count * PH_SIZE, PH_SIZE):
        offset, = struct.unpack_from("<I", data, header + P_OFFSET)
        at, size = struct.unpack_from("<II", data, header + P_PADDR)
        if at >= LOAD:
            image += bytes(max(0, at - LOAD + size - len(image)))
            image[at - LOAD:at - LOAD + size] = data[offset:offset + size]
    setup = bytearray(2 * 512)
    for form, at, value in (
            ("B", SETUP_SECTS, 1), ("<H", BOOT_FLAG, 0xAA55),
            ("<H", JUMP, 0x66EB), ("4s", MAGIC, b"HdrS"),
            ("<H", VERSION, version), ("B", LOADFLAGS, 1),
            ("<I", CODE32, struct.unpack_from("<I", data, E_ENTRY)[0]),
            ("<I", ALIGNMENT, 0x100000), ("B", RELOCATABLE, 0),
            ("<Q", PREF_ADDRESS, LOAD), ("<I", INIT_SIZE, init_size)):
        struct.pack_into(form, setup, at, value)
    return scratch(name, bytes(setup + image))


def test_bzimage():
    """A kernel in Linux's own format."""
    judge(start([kernel_module(bzimage("pass.bz", "pass"))]), "PASS")


@pytest.mark.parametrize("word, version", [("bz", 0x20C), ("bz-old", 0x205)])
def test_bzimage_header(word, version):
    """The guest gets its own header back, with what a loader has to say."""
    path = bzimage(f"{word}.bz", "boot-state", version=version)
    judge(run(direct_boot([kernel_module(path, f"{word} one two=three")]) +
              COUNTING), "PASS")


@pytest.mark.parametrize("data", [
    bytes(range(256)) * 999, gzip.compress(bytes(range(256)) * 999),
    gzip.compress(b"cut off")[:-9], b"1"],
    ids=["plain", "gzip", "cut", "tiny"])
@pytest.mark.parametrize("kind", ["elf", "bz"])
def test_initrd(kind, data):
    """An initrd is bytes, whatever they mean: the guest gets them all."""
    kernel = guest_elf("initrd") if kind == "elf" else bzimage("initrd.bz",
                                                               "initrd")
    path = scratch("any.initrd", data)
    judge(start([kernel_module(kernel), f"{path} role=initrd"]),
          f"OFF: initrd of {len(data)} bytes, sum {sum(data):#x}")


def linux_elf(name, guest):
    """A test guest as an ELF file that holds what Linux says first."""
    return scratch(name, guest_elf(guest).read_bytes() + b"Linux version 9 ")


LINUX_IMAGES = {"bz": lambda: bzimage("cmdline.bz", "cmdline"),
                "elf": lambda: linux_elf("cmdline-linux.elf", "cmdline")}


@pytest.mark.parametrize("kind", LINUX_IMAGES)
@pytest.mark.parametrize("options, words, kib", [
    ("", "mem=40M", 40960),
    ("guest.mem=32M", "mem=0x28M x mem=24000K", 24000),
    ("guest.mem=32M", "mem=40M", 32768),
    ("guest.mem=32M", "mem=many", 32768)],
    ids=["default", "two", "larger", "none"])
def test_linux_mem(kind, options, words, kib):
    """Linux ends by mem= on its command line: the machine gets smaller."""
    path = LINUX_IMAGES[kind]()
    outcome = run(direct_boot([kernel_module(path, f"a {words} b")], options))
    kept = " ".join(w for w in words.split() if not w.startswith("mem="))
    judge(outcome, f"OFF: a {kept} b".replace("  ", " "))
    assert f", {kib} KiB of memory" in outcome.log
    assert "mem= " in outcome.log and "not passed on" in outcome.log


@pytest.mark.parametrize("kind, words", [
    ("bz", "mem=nopentium"), ("elf", "mem=nopentium memmap=1M"), (None, "mem=40M")],
    ids=["nopentium", "memmap", "not Linux"])
def test_mem_kept(kind, words):
    """Other words are the guest's, as mem= is of one that is no Linux."""
    path = LINUX_IMAGES[kind]() if kind else guest_elf("cmdline")
    outcome = start([kernel_module(path, f"a {words} b")])
    judge(outcome, f"OFF: a {words} b")
    assert "not passed on" not in outcome.log


def test_bzimage_for_a_pc():
    """One that lacks the guest option is told so."""
    path = bzimage("native.bz", "native")
    outcome = start([kernel_module(path, "lgdt")])
    judge(outcome, "KILL: lgdt before LGUEST_INIT at 0x...")
    assert "enable PARAVIRT and LGUEST_GUEST" in outcome.log


def test_bzimage_too_big():
    """What it unpacks to must fit as well, and leave room for an initrd."""
    refused(bzimage("big.bz", "pass", 0x7f000000),
            "unpacked, does not fit in the guest's memory")
    kernel = kernel_module(bzimage("tall.bz", "pass", 44 << 20))
    initrd = scratch("low.initrd", bytes(4 << 20))
    outcome = run(direct_boot([kernel, f"{initrd} role=initrd"],
                              "guest.mem=48M"), memory="96M")
    judge(outcome, f"NOSTART: initrd module '{initrd}': too big...")


def test_two_kernels():
    """Two modules that both want to be the kernel."""
    guest = guest_elf("pass")
    judge(start([kernel_module(guest), kernel_module(guest)]),
          f"NOSTART: module 2 '{guest}' is a second kernel")


def test_two_initrds():
    """Two modules that both want to be the initrd."""
    guest = guest_elf("pass")
    judge(start([f"{guest} role=initrd", f"{guest} role=initrd",
                 kernel_module(guest)]),
          f"NOSTART: module 2 '{guest}' is a second initrd")


def test_unknown_role():
    """A role that does not exist."""
    guest = guest_elf("pass")
    judge(start([f"{guest} role=kernal"]),
          f"NOSTART: module 1 '{guest}' has an unknown role...")


def test_initrd_too_big():
    """An initrd that leaves no room for the kernel."""
    path = scratch("big.initrd", bytes(30 << 20))
    outcome = run(direct_boot([kernel_module(guest_elf("pass")),
                               f"{path} role=initrd"], "guest.mem=16M"),
                  memory="128M")
    judge(outcome, f"NOSTART: initrd module '{path}': too big: 30720 KiB, and "
          "the guest has 1... beside the kernel")


def test_command_line_too_long():
    """A command line is passed on whole or not at all."""
    guest = guest_elf("cmdline")
    longest = "x" * 2047
    outcome = start([kernel_module(guest, longest)])
    judge(outcome, "OFF: " + "x" * 127)
    judge(start([kernel_module(guest, longest + "y")]),
          f"NOSTART: kernel module '{guest}': command line longer...")


@pytest.mark.parametrize("memory, options, reason", [
    ("2M", "", "not enough memory: the boot loader reports 1... KiB; "
     "modules need ... KiB, module 1 '...pass.elf' alone ... KiB"),
    ("64M", "guest.mem=64K",
     "guest.mem: 64 KiB, and a guest needs 1032 KiB at least"),
], ids=["machine", "guest"])
def test_too_little_memory(memory, options, reason):
    """Too little memory for the machine, or for the guest."""
    outcome = run(direct_boot([kernel_module(guest_elf("pass"))], options),
                  memory=memory)
    judge(outcome, f"NOSTART: {reason}")


@pytest.mark.parametrize("size", [61, 80])
def test_disk_too_big(size):
    """A disk that leaves no memory, or has none: it and its size are named."""
    path = scratch("big.disk", b"")
    os.truncate(path, size << 20)
    guest = guest_elf("pass")
    need = -(-guest.stat().st_size // 1024) + 1024 * size
    outcome = run(direct_boot([f"{path} role=disk", kernel_module(guest)]),
                  memory="64M")
    judge(outcome, "NOSTART: not enough memory: the boot loader reports 65... "
          f"KiB; modules need {need} KiB, module 1 '{path}' alone "
          f"{size << 10} KiB")


def test_hostile_name():
    """A module's name cannot forge a line."""
    path = scratch("forged\x1b[2J\numbra:PASS", b"not a kernel")
    judge(start([kernel_module(path)]), "NOSTART: ...\\x1b[2J\\numbra:PASS...")


def test_many_modules():
    """As many disks as the loader has room for, and more."""
    path = scratch("disk", b"disk")
    disks = [f"{path} role=disk"] * 40
    judge(start([kernel_module(guest_elf("pass")), *disks]), "PASS")


def test_odd_arguments():
    """A module's arguments cannot forge a line either."""
    module = kernel_module(guest_elf("pass"), "a\numbra: b\x1b[2J")
    outcome = start([module])
    judge(outcome, "PASS")
    assert "arguments 'a\\numbra: b\\x1b[2J'" in outcome.log
