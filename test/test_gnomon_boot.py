# SPDX-License-Identifier: GPL-2.0-or-later
"""
Native Gnomon and what Multiboot loaders tell it, or do not. test/loader is one
that fills every field it does not speak of with rubbish.
"""

import pytest

from emulator import BUILD, EXIT_PORT, SCRATCH, Emulator
from gnomon import GNOMON, MEMORY, ROOT_CPIO, Session
from test_machine import Monitor
from test_platform import connect

LOADER = BUILD / "test" / "loader.elf"

MEM, CMDLINE, MODULES, MAP = 0x1, 0x4, 0x8, 0x40
ALL = MEM | CMDLINE | MODULES | MAP

MIB = 1 << 20
OFF, PANIC = 33, 37


def loaded(words, cmdline="-- true", initrd=ROOT_CPIO):
    """Arguments that start Gnomon by the loader, which gets @words."""
    modules = [f"{GNOMON} exit={EXIT_PORT:#x} {cmdline}"]
    if initrd:
        modules.append(str(initrd))
    return ["-kernel", str(LOADER), "-append", words,
            "-initrd", ",".join(modules)]


def finish(words, cmdline="-- true"):
    """Boot, run /bin/true instead of a shell, and power off: the outcome."""
    with Emulator(loaded(words, cmdline), memory=MEMORY) as emulator:
        return emulator.finish()


def ranges(*parts):
    """The loader's word for a map of (start, size, type)s."""
    return "map=" + ",".join(f"{start:x}+{size:x}:{kind:x}"
                             for start, size, kind in parts)


def free_kib(outcome):
    """What Gnomon says it has."""
    for line in outcome.lines():
        if line.startswith("gnomon: native"):
            return int(line.split()[-5])
    raise AssertionError(outcome.report())


@pytest.mark.parametrize("paging", ["2level", "pae"])
@pytest.mark.parametrize("flags", [ALL, ALL & ~MEM, ALL & ~MAP],
                         ids=["all", "no-mem", "no-map"])
def test_memory_fields(flags, paging):
    """Either the map or the number will do."""
    outcome = finish(f"flags={flags:x}", f"paging={paging} -- true")
    assert outcome.status == OFF, outcome.report()
    assert 240 * 1024 < free_kib(outcome) < 256 * 1024


def test_map_before_number():
    """The number counts up to the first hole only: the map is better."""
    outcome = finish("upper=1000")
    assert outcome.status == OFF, outcome.report()
    assert free_kib(outcome) > 240 * 1024


def said(words, text, initrd=ROOT_CPIO):
    """Whether Gnomon says @text, and then no more."""
    with Emulator(loaded(words, initrd=initrd), memory=MEMORY) as emulator:
        assert emulator.wait_for(text + "\r\n"), emulator.log()
        assert emulator.alive()
        return emulator.log()


@pytest.mark.parametrize("words, text", [
    (f"flags={ALL & ~MEM & ~MAP:x}", "the loader does not tell of any memory"),
    (f"flags={ALL & ~MAP:x} upper=400", "too little memory"),
    (ranges((0x100000, 0x200000, 1)), "too little memory"),
    (ranges((0x100000, 0xf00000, 2)), "too little memory"),
    (ranges((0, 0, 0)), "too little memory"),
], ids=["nothing", "little", "little-map", "no-ram", "empty"])
def test_no_memory(words, text):
    """Too little to begin with is said, not suffered."""
    assert said(words, text).count("gnomon: ") == 1


def test_no_modules():
    """What the loader does not claim to have loaded is not looked for."""
    outcome = finish(f"flags={ALL & ~MODULES:x}")
    assert outcome.status == PANIC, outcome.report()
    assert "gnomon: panic: no initrd" in outcome.log


def test_no_command_line():
    """No command line: the usual shell."""
    shell = Session(("native", "pae"))
    shell.command = shell.command[:shell.command.index("-kernel")] + \
        loaded(f"flags={ALL & ~CMDLINE:x}")
    with shell:
        shell.settle()
        assert shell.run("echo alive") == "alive\n"


def test_initrd_outside():
    """An initrd that lies where the map says nothing of RAM is moved."""
    outcome = finish(ranges((0x100000, 0x3f00000, 1)))
    assert outcome.status == OFF, outcome.report()
    assert 40 * 1024 < free_kib(outcome) < 64 * 1024


@pytest.mark.parametrize("cpu", ["pentium", "qemu32,-fxsr", "qemu32,-tsc",
                                 "qemu32,-cmov"])
def test_unfit_processor(cpu):
    """What the processor lacks is said before it is used."""
    with Emulator(loaded(""), memory=MEMORY, cpu=cpu) as emulator:
        assert emulator.wait_for("gnomon: the processor lacks TSC, CMOV or "
                                 "FXSR\r\n"), emulator.log()
        assert emulator.alive()


# Holes, each told in another way, and RAM in two pieces that adjoin.
HOLES = [(20 * MIB, 28 * MIB), (40 * MIB, 48 * MIB), (61 * MIB, 64 * MIB)]
HOLED = ranges((0, 0x9f000, 1), (0x100000, 19 * MIB, 1),
               (28 * MIB, 40 * MIB, 1), (40 * MIB + 100, 8 * MIB - 200, 2),
               (61 * MIB, 3 * MIB, 3), (68 * MIB, 188 * MIB, 1))


def test_holes():
    """Memory that the map reserves, or does not mention, stays as it was when
    all the rest is full."""
    path = SCRATCH / "holes.qmp"
    path.unlink(missing_ok=True)
    shell = Session(("native", "pae"))
    shell.command = shell.command[:shell.command.index("-kernel")] + \
        loaded(HOLED, cmdline="") + \
        ["-qmp", f"unix:{path},server=on,wait=off"]
    with shell:
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
