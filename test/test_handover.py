# SPDX-License-Identifier: GPL-2.0-or-later
"""
What boot loaders hand over, and no loader at hand does: modules at address 0,
more of everything than there is room for, memory that is not there.
"""

import struct

import pytest

from emulator import guest_elf
from handover import AVAILABLE, INFO, MAP, MIB, MODULES, RESERVED, Handover
from judge import judge, require

GIB = 1 << 30


def with_guest(name, cmdline="", **handover):
    """A handover of a test guest."""
    h = Handover(**handover)
    h.add(guest_elf(name).read_bytes(), f"guest role=kernel {cmdline}")
    return h


def require_said(outcome, *lines):
    """Each of these must be one of Umbra's lines."""
    for line in lines:
        require(outcome, line in outcome.umbra(), f"not said: {line}")


@pytest.mark.parametrize("version", [1, 2])
def test_nothing_wrong(version):
    """What the others are made from is a good one."""
    outcome = with_guest("pass", version=version).run(f"good{version}")
    judge(outcome, "PASS")
    require(outcome, not any("boot loader: " in line or "left out" in line
                             for line in outcome.umbra()), "a complaint")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("memory", [[], [(MIB, MIB, RESERVED)]],
                         ids=["nothing", "reserved"])
def test_no_memory(version, memory):
    """The command line says how to fail, whatever else is missing."""
    h = with_guest("pass", version=version)
    h.memory = memory
    h.told &= ~(0 if memory else MAP)
    judge(h.run(f"nomemory{version}"),
          "NOSTART: the boot loader reports no usable memory")


def test_no_memory_console():
    """And where to say so."""
    h = with_guest("pass", options="console=none")
    h.memory = []
    h.told &= ~MAP
    outcome = h.run("silent")
    require(outcome, outcome.status == 39 and outcome.log == "", "a word")


def test_command_line_at_0():
    """And so is a command line there."""
    h = with_guest("pass")
    h.cmdline_at = 0
    judge(h.run("cmdline0"), "PASS")


@pytest.mark.parametrize("version", [1, 2])
def test_kernel_at_0(version):
    """Address 0 is an address: a kernel there is one."""
    h = Handover(version=version)
    h.add(guest_elf("pass").read_bytes(), "guest role=kernel", at=0)
    judge(h.run("kernel0"), "PASS")


def test_initrd_at_0():
    """An initrd there arrives whole."""
    data = bytes(i * 7 & 0xFF for i in range(70001))
    h = with_guest("initrd")
    h.add(data, "i role=initrd", at=0)
    judge(h.run("initrd0"),
          f"OFF: initrd of {len(data)} bytes, sum {sum(data):#x}")


def test_disk_at_0():
    """A disk there can be read and written."""
    h = with_guest("virtio-disk")
    data = bytes((i * 31 + 7) & 0xFF for i in range(2621440))
    h.add(data[:102400], "d role=disk", at=0)
    h.add(data, "r role=disk ro")
    outcome = h.run("disk0")
    judge(outcome, "PASS")
    require_said(outcome, "disk 'd': 100 KiB, what is written is lost at "
                 "power off")


def test_part_of_a_sector():
    """What a disk has no sector for is told."""
    h = with_guest("pass")
    h.add(b"x" * 1000, "d role=disk")
    outcome = h.run("part")
    judge(outcome, "PASS")
    require_said(outcome, "disk 'd': its last 488 bytes are no whole sector "
                 "of 512: left out")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("at", [0, 0x1234000])
def test_empty_modules(version, at):
    """An empty initrd is none, an empty disk has no sectors."""
    h = with_guest("initrd", "empty", version=version)
    h.add(b"", "i role=initrd", at=at)
    h.add(b"", "d role=disk", at=at)
    outcome = h.run("empty")
    judge(outcome, "KILL: ... | OFF: ... | RESTART: ...")
    require_said(outcome, "initrd 'i': empty, which is none",
                 "disk 'd': 0 KiB, what is written is lost at power off")


@pytest.mark.parametrize("at", [0, 0x1234000])
def test_empty_kernel(at):
    """An empty kernel says what it is."""
    h = Handover()
    h.add(b"", "k role=kernel", at=at)
    judge(h.run("nokernel"), "NOSTART: kernel module 'k': is empty")


ABSENT = "lies in memory that the machine does not have"


@pytest.mark.parametrize("start, end, why", [
    (0x110000, 0x111000, "lies where Umbra itself does"),
    (0x100000, 0x100001, "lies where Umbra itself does"),
    (0xff000, 0x3000000, "lies where Umbra itself does"),
    (0x9f000, 0x9fd00, ABSENT),
    (64 * MIB, 64 * MIB + 1, ABSENT),
    (64 * MIB - 1, 65 * MIB, ABSENT),
    (0xd0000000, 0xd0001000, "lies above 3 GiB"),
    (MODULES, MODULES + 1, "lies where kernel module 'guest' does"),
    (MODULES - 0x1000, MODULES + 0x1000000,
     "lies where kernel module 'guest' does"),
    (0x3000fff, 0x3001001, "lies where initrd module 'i' does"),
], ids=["image", "first-byte", "around", "reserved", "behind", "end", "high",
        "kernel", "all-of-it", "initrd"])
@pytest.mark.parametrize("version", [1, 2])
def test_bad_place(version, start, end, why):
    """A module that cannot be where it is said to be."""
    h = with_guest("pass", version=version)
    h.memory += [(0x9f000, 0x1000, RESERVED),
                 (0xd0000000, 0x1000, AVAILABLE)]
    h.add(b"initrd" * 0x300, "i role=initrd", at=0x3000000)
    h.modules.append((start, end, "d role=disk"))
    judge(h.run("badplace"), f"NOSTART: disk module 'd': {why}")


def test_side_by_side():
    """Modules that only adjoin, in memory that is told in pieces."""
    h = with_guest("pass")
    middle = 0x3000800
    h.memory[1:] = [(middle, 64 * MIB - middle, AVAILABLE),
                    (MIB, middle - MIB, AVAILABLE)]
    for at in (middle - 0x600, middle - 0x200, middle + 0x200):
        h.modules.append((at, at + 0x400, "d role=disk"))
    judge(h.run("adjoin"), "PASS")


@pytest.mark.parametrize("version", [1, 2])
def test_named(version):
    """What is left out or cut is named, with its number."""
    h = with_guest("pass", version=version)
    h.modules.append((0x1300000, 0x12fffff, "backwards role=disk"))
    h.add(b"x", "long role=disk " + "y" * 2400)
    for i in range(70):
        h.add(b"x", f"disk{i} role=disk")
    h.memory += [(GIB + i * 0x2000, 0x1000, RESERVED) for i in range(60)]
    outcome = h.run(f"named{version}")
    judge(outcome, "PASS")
    require_said(
        outcome, "boot loader: module 2: ends before it begins: left out",
        "boot loader: module 3: its text is too long or has no end: cut",
        "boot loader: module 66 to 73: more than 64: left out",
        "module 31 'disk27' is one disk too many for a guest: left out",
        "module 65 'disk61' is one disk too many for a guest: left out")


@pytest.mark.parametrize("version", [1, 2])
def test_full_map(version):
    """Entries for which there is no room are named, too."""
    h = with_guest("pass", version=version)
    h.memory += [(GIB + i * 0x2000, 0x1000, AVAILABLE) for i in range(130)]
    outcome = h.run(f"map{version}")
    judge(outcome, "NOSTART: the memory map has too many entries")
    require_said(
        outcome, "boot loader: memory map entry 129 to 132: no room for more "
        "than 128: left out",
        "boot loader: module 1: no room in the memory map: left out")


def left_out(outcome):
    """The stretches of memory that were left out, (first, last byte)."""
    lines = [line.split() for line in outcome.umbra()
             if line.endswith("keeps nothing: left out")]
    return [(int(words[2], 16), int(words[4].rstrip(":"), 16))
            for words in lines]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("claims, gone", [
    ([(MIB, 2 * GIB)], [(128 * MIB, 2 * GIB + MIB - 1)]),
    ([(MIB, 127 * MIB), (GIB, 64 * MIB)], [(GIB, GIB + 64 * MIB - 1)]),
    ([(MIB, 127 * MIB), (5 * GIB, GIB + 0x5000)],
     [(5 * GIB, 6 * GIB + 0x4fff)]),
    ([(MIB, 127 * MIB + 0x1000), (GIB, 0x1000)],
     [(128 * MIB, 128 * MIB + 0xfff), (GIB, GIB + 0xfff)]),
    ([(MIB, 200 * MIB), (3 * GIB, GIB - MIB)],
     [(128 * MIB, 201 * MIB - 1), (3 * GIB, 4 * GIB - MIB - 1)]),
], ids=["tail", "hole", "high", "page", "two"])
def test_false_map(version, claims, gone):
    """Memory that is not there is found out, and the rest is used."""
    h = with_guest("ram-pattern", version=version)
    h.memory = [(0, 0x9FC00, AVAILABLE)] + [c + (AVAILABLE,) for c in claims]
    outcome = h.run(f"false{version}", memory="128M", cpu="core2duo")
    judge(outcome, "PASS")
    require(outcome, left_out(outcome) == gone, f"left out {gone}")


def checked(data, at):
    """@data with the byte at @at such that all add up to 0."""
    return data[:at] + bytes([-sum(data) & 0xFF]) + data[at + 1:]


def test_memory_is_restored():
    """What was tried has the same in it: here, a table of the firmware's."""
    at = 64 * MIB
    rsdp = checked(b"RSD PTR \0TEST  \0" + struct.pack("<I", at), 8)
    h = with_guest("pass", version=2, options="log=debug", memory=128)
    h.tags.append((14, rsdp))
    h.parts.append((at, checked(b"RSDT" + struct.pack("<I", 36) + bytes(28),
                                9)))
    outcome = h.run("restored", memory="96M")
    judge(outcome, "PASS")
    require(outcome, left_out(outcome) == [(at, 128 * MIB - 1)], "not tried")
    require(outcome, any(line.startswith("ACPI: 0 processors")
                         for line in outcome.umbra()), "the table is gone")


GRUB = "GRUB 2.06-13+deb12u1"


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("passed, arrives", [
    (r'"name=b c"', 'name="b c"'),
    (r"it\'s a\\b \"x y\"", r'it' + "'" + r's a\b "x y"'),
    (r'"a b" c', '"a b" c'),
])
def test_grub_quotes(version, passed, arrives):
    """GRUB's quoting is undone for a guest, and for Umbra, and no other's."""
    for loader, expect in ((GRUB, arrives), ("iPXE 1.0", passed)):
        h = with_guest("cmdline", passed, version=version, loader=loader)
        outcome = h.run(f"quotes{version}")
        judge(outcome, "OFF: " + expect.replace("\\", "\\\\"))


def test_grub_leaves_the_name_off():
    """GRUB 2 passes no name: its first word may be an option."""
    h = with_guest("pass", loader=GRUB)
    h.cmdline = h.cmdline.replace("umbra ", "log=debug ", 1)
    outcome = h.run("noname")
    judge(outcome, "PASS")
    require(outcome, "boot: descriptor tables" in outcome.umbra(),
            "log=debug was not obeyed")


def test_debug_registers():
    """Breakpoints of a loader's hit neither Umbra nor the guest."""
    h = with_guest("pass")
    for number, value in ((0, 0x200000),  # the guest's first instruction
                          (1, INFO),      # the first data that Umbra reads
                          (7, 0x00f0070f)):
        # mov $value, %eax; mov %eax, %dr(number)
        h.code += struct.pack("<BI", 0xB8, value) + \
            bytes((0x0F, 0x23, 0xC0 | number << 3))
    judge(h.run("breakpoints"), "PASS")
