# SPDX-License-Identifier: GPL-2.0-or-later
"""
The ISO under BIOS and UEFI firmware: the same verdicts, the same screen.

The firmware decides by which way GRUB is entered, in which mode it leaves the
processor and the screen, where memory is and where the ACPI tables are.
"""

import os

import pytest

from emulator import BUILD, SCRATCH, TEST_OPTIONS, TIMEOUT, Emulator
from judge import judge, require
from screen import Watched
from test_screen import BOOT_LINES, MENU, STAY, check_lines, iso_of

OVMF = "/usr/share/OVMF"


def flash(code, variables):
    """Firmware in flash memory; what it writes is forgotten."""
    return ["-drive", f"if=pflash,format=raw,readonly=on,file={OVMF}/{code}",
            "-drive", f"if=pflash,format=raw,snapshot=on,"
            f"file={OVMF}/{variables}"]


# Emulator, and arguments. UEFI firmware has requirements of its own, whatever
# --cpu names: SSE, or 64 bits; the 32-bit one wants its flash protected.
FIRMWARE = {
    "bios": ("qemu-system-i386", []),
    "bios-q35": ("qemu-system-i386", ["-machine", "q35"]),
    "x64": ("qemu-system-x86_64", ["-cpu", "qemu64"] +
            flash("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd")),
    "x64-q35": ("qemu-system-x86_64",
                ["-machine", "q35", "-cpu", "qemu64"] +
                flash("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd")),
    "ia32": ("qemu-system-i386",
             ["-cpu", "qemu32", "-machine", "q35,smm=on", "-global",
              "driver=cfi.pflash01,property=secure,value=on"] +
             flash("OVMF32_CODE_4M.secboot.fd", "OVMF32_VARS_4M.fd")),
}

# Firmware takes its time.
PATIENCE = 2


def machine(firmware):
    """Emulator and arguments; skips where Debian has no such firmware."""
    program, more = FIRMWARE[firmware]
    for file in (word.partition(",file=")[2] for word in more):
        if file and not os.path.exists(file):
            pytest.skip(f"there is no {file}")
    return program, more


def boot(firmware, args, memory="128M"):
    """Boot to the end, with a serial line."""
    program, more = machine(firmware)
    emulator = Emulator(args + more, memory=memory)
    emulator.command[0] = program
    with emulator:
        return emulator.finish(timeout=PATIENCE * TIMEOUT)


@pytest.mark.parametrize("firmware", FIRMWARE)
def test_pass(firmware):
    """A guest passes, and the ACPI tables are found, on UEFI by the tags."""
    args = iso_of("firmware-pass", "zero-ram", "log=debug " + TEST_OPTIONS)
    outcome = boot(firmware, args)
    judge(outcome, "PASS")
    said = [line for line in outcome.umbra() if line.startswith("ACPI: ")]
    require(outcome, said and "ACPI: no tables" not in said,
            "no ACPI tables")


@pytest.mark.parametrize("firmware", ["bios", "x64", "ia32"])
def test_kill(firmware):
    """A guest that goes wrong ends the same everywhere."""
    args = iso_of("firmware-kill", "ud2", TEST_OPTIONS)
    judge(boot(firmware, args), "KILL: unhandled trap 6 ...")


@pytest.mark.parametrize("firmware, expect", [
    ("bios", "PASS"), ("x64", "OFF: hello is done")])
def test_multiboot1_entry(firmware, expect, monkeypatch):
    """Multiboot 1 has no framebuffer: on UEFI, where the screen would be
    dead, the menu goes without that entry, and the next has its place."""
    monkeypatch.setenv("HELLO", str(BUILD / "hello.elf"))
    args = iso_of("firmware-mb1", "pass", TEST_OPTIONS, MENU["multiboot1"],
                  monkeypatch)
    judge(boot(firmware, args), expect)


@pytest.mark.parametrize("firmware", ["bios", "x64", "ia32"])
def test_stick(firmware):
    """The ISO also boots as a disk, which it is on a USB stick."""
    _, path = iso_of("firmware-stick", "pass", TEST_OPTIONS)
    judge(boot(firmware, ["-drive", f"format=raw,snapshot=on,file={path}"]),
          "PASS")


@pytest.mark.parametrize("firmware, memory", [
    ("x64", "6G"), ("ia32", "3G"), ("x64-q35", "96M")])
def test_memory(firmware, memory):
    """Every size of memory that the loader itself can live with: GRUB 2.12
    gives up below 80 MiB under UEFI."""
    args = iso_of("firmware-memory", "ram-pattern", TEST_OPTIONS)
    judge(boot(firmware, args, memory), "PASS")


@pytest.mark.parametrize("firmware, display", [
    ("x64", ["-vga", "std"]), ("ia32", ["-vga", "std"]),
    ("x64", ["-vga", "none", "-device", "ramfb"])],
    ids=["x64", "ia32", "x64-ramfb"])
def test_screen(firmware, display):
    """Without any UART the firmware's framebuffer shows everything."""
    program, more = machine(firmware)
    args = iso_of("firmware-screen", "off-text") + STAY + more + display
    watched = Watched(f"firmware-{firmware}", args, memory="128M")
    watched.emulator.command[0] = program
    with watched:
        text = watched.wait_for("guest powered off", watched.text, PATIENCE)
    check_lines(text, BOOT_LINES)


def test_nothing():
    """No screen, no serial line, no keyboard: the guest runs."""
    program, more = machine("x64")
    args = iso_of("firmware-nothing", "off-text", TEST_OPTIONS)
    emulator = Emulator(args + ["-nodefaults", "-serial", "none"] + more,
                        memory="128M", serial=False)
    emulator.command[0] = program
    with emulator:
        outcome = emulator.finish(timeout=PATIENCE * TIMEOUT)
    require(outcome, outcome.status == 33, "the guest did not power off")
