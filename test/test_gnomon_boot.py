# SPDX-License-Identifier: GPL-2.0-or-later
"""
Native Gnomon and what Multiboot loaders tell it, or do not.
"""

import pytest

from emulator import BUILD, EXIT_PORT, SCRATCH, Emulator
from gnomon import GNOMON, MEMORY, ROOT_CPIO, Session, cpio_archive
from handover import (AVAILABLE, CMDLINE, MAP, MIB, MODULE_LIST, RESERVED,
                      Handover)
from handover import MEMORY as NUMBER
from test_platform import connect

OFF, PANIC = 33, 37
ACPI = 3


def handover(cmdline="-- true", initrd_at=80 * MIB):
    """Gnomon and its root file system, handed over in order: both the map and
    the number are told. It runs /bin/true instead of a shell, and powers off.
    """
    h = Handover(kernel=GNOMON, memory=256)
    h.cmdline = f"gnomon exit={EXIT_PORT:#x} {cmdline}"
    h.told |= NUMBER
    h.add(ROOT_CPIO.read_bytes(), "root", at=initrd_at)
    return h


def finish(h):
    """Boot to the end: the outcome."""
    return h.run("gnomon", memory=MEMORY)


def free_kib(outcome):
    """What Gnomon says it has."""
    for line in outcome.lines():
        if line.startswith("gnomon: native"):
            return int(line.split()[-5])
    raise AssertionError(outcome.report())


@pytest.mark.parametrize("paging", ["2level", "pae"])
@pytest.mark.parametrize("untold", [0, NUMBER, MAP],
                         ids=["all", "no-number", "no-map"])
def test_memory_fields(untold, paging):
    """Either the map or the number will do."""
    h = handover(f"paging={paging} -- true")
    h.told &= ~untold
    outcome = finish(h)
    assert outcome.status == OFF, outcome.report()
    assert 240 * 1024 < free_kib(outcome) < 256 * 1024


def test_map_before_number():
    """The number counts up to the first hole only: the map is better."""
    h = handover()
    h.upper = 4 * 1024
    outcome = finish(h)
    assert outcome.status == OFF, outcome.report()
    assert free_kib(outcome) > 240 * 1024


@pytest.mark.parametrize("told, upper, memory, text", [
    (CMDLINE, 0, [], "the loader does not tell of any memory"),
    (CMDLINE | NUMBER, 1024, [], "too little memory"),
    (CMDLINE | MAP, 0, [(MIB, 2 * MIB, AVAILABLE)], "too little memory"),
    (CMDLINE | MAP, 0, [(MIB, 15 * MIB, RESERVED)], "too little memory"),
    (CMDLINE | MAP, 0, [(0, 0, 0)], "too little memory"),
], ids=["nothing", "little", "little-map", "no-ram", "empty"])
def test_no_memory(told, upper, memory, text):
    """Too little to begin with is said, not suffered."""
    h = handover()
    h.told, h.upper, h.memory = told, upper, memory
    with Emulator(h.arguments("gnomon"), memory=MEMORY) as emulator:
        assert emulator.wait_for(text + "\r\n"), emulator.log()
        assert emulator.alive()
        assert emulator.log().count("gnomon: ") == 1


def test_no_modules():
    """What the loader does not claim to have loaded is not looked for."""
    h = handover()
    h.told &= ~MODULE_LIST
    outcome = finish(h)
    assert outcome.status == PANIC, outcome.report()
    assert "gnomon: panic: no initrd" in outcome.log


def session(h, *more):
    """A shell of what is handed over."""
    shell = Session(("native", "pae"))
    shell.command = shell.command[:shell.command.index("-kernel")] + \
        h.arguments("gnomon") + list(more)
    return shell


def test_no_command_line():
    """No command line: the usual shell."""
    h = handover()
    h.told &= ~CMDLINE
    with session(h) as shell:
        shell.settle()
        assert shell.run("echo alive") == "alive\n"


def test_initrd_outside():
    """An initrd that lies where the map says nothing of RAM is moved."""
    h = handover()
    h.memory = [(MIB, 63 * MIB, AVAILABLE)]
    outcome = finish(h)
    assert outcome.status == OFF, outcome.report()
    assert 40 * 1024 < free_kib(outcome) < 64 * 1024


@pytest.mark.parametrize("cpu", ["pentium", "qemu32,-fxsr", "qemu32,-tsc",
                                 "qemu32,-cmov"])
def test_unfit_processor(cpu):
    """What the processor lacks is said before it is used."""
    with Emulator(handover().arguments("gnomon"), memory=MEMORY,
                  cpu=cpu) as emulator:
        assert emulator.wait_for("gnomon: the processor lacks TSC, CMOV or "
                                 "FXSR\r\n"), emulator.log()
        assert emulator.alive()


# Holes, each told in another way, and RAM in two pieces that adjoin.
HOLES = [(20 * MIB, 28 * MIB), (40 * MIB, 48 * MIB), (61 * MIB, 64 * MIB)]
HOLED = [(0, 0x9f000, AVAILABLE), (MIB, 19 * MIB, AVAILABLE),
         (28 * MIB, 40 * MIB, AVAILABLE),
         (40 * MIB + 100, 8 * MIB - 200, RESERVED),
         (61 * MIB, 3 * MIB, ACPI), (68 * MIB, 188 * MIB, AVAILABLE)]


def test_holes():
    """Memory that the map reserves, or does not mention, stays as it was when
    all the rest is full."""
    path = SCRATCH / "holes.qmp"
    path.unlink(missing_ok=True)
    h = handover("")
    h.memory = HOLED
    with session(h, "-qmp", f"unix:{path},server=on,wait=off") as shell:
        shell.settle()
        shell.run("while cat /bin/busybox; do true; done > /tmp/full")
        free = int(shell.run("awk '/frames.free/ { print $2 }' /proc/gnomon"))
        assert free < 4096
        monitor = connect(shell, path)
        for start, end in HOLES:
            dump = SCRATCH / "hole"
            monitor.command("pmemsave", val=start, size=end - start,
                            filename=str(dump))
            assert not any(dump.read_bytes()), f"{start:#x}"
            dump.unlink()
        monitor.close()
        shell.run("rm /tmp/full")
        shell.type("poweroff\n")
        assert shell.finish().status == OFF


def test_initrd_at_0():
    """Address 0 is an address: an initrd there is unpacked, and the frame,
    whose number stands for none, is not handed out afterwards."""
    h = Handover(kernel=GNOMON, memory=256)
    h.cmdline = f"gnomon exit={EXIT_PORT:#x} init=/tls"
    tls = (BUILD / "root" / "tls").read_bytes()
    h.add(cpio_archive({"tls": tls}), "root", at=0)
    outcome = finish(h)
    assert outcome.status == OFF, outcome.report()
    assert "tls: PASS" in outcome.log, outcome.report()


def test_command_line_at_0():
    """So is a command line: whether there is one is told by its flag."""
    h = handover()
    h.cmdline_at = 0
    outcome = finish(h)
    assert outcome.status == OFF, outcome.report()
