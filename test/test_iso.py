# SPDX-License-Identifier: GPL-2.0-or-later
"""
The same guests, booted the way users boot: by GRUB from an ISO.
"""

import shutil
import subprocess
import time

import pytest

from emulator import (BUILD, SCRATCH, TEST_OPTIONS, TIMEOUT, UMBRA, Emulator,
                      guest_elf, make_iso, run)
from judge import judge, require
from screen import Watched
from test_guests import pattern_file


def boot(name, modules):
    """Make an ISO with these modules and run it to its end."""
    return run(["-cdrom", str(make_iso(SCRATCH / f"{name}.iso", modules))])


@pytest.mark.parametrize("guest, expect", [
    ("pass", "PASS"),
    ("off-text", "OFF: see you later"),
    ("ud2", "KILL: unhandled trap 6 ..."),
    ("restart", "RESTART: once more"),
    ("zero-ram", "PASS"),
    ("regs", "PASS"),
    ("escape-window", "PASS"),
])
def test_same_verdict(guest, expect):
    """A guest ends as it does when loaded directly."""
    judge(boot(guest, [f"{guest_elf(guest)} {guest} role=kernel"]), expect)


def test_hello_entry(monkeypatch):
    """With HELLO the menu has one more entry, for that guest."""
    monkeypatch.setenv("HELLO", str(BUILD / "hello.elf"))
    monkeypatch.setenv("ENTRY", "5")
    outcome = boot("hello", [f"{guest_elf('pass')} pass role=kernel"])
    judge(outcome, "OFF: hello is done")


def test_name():
    """An ISO may be called as files may be, and so may its folder."""
    path = make_iso(SCRATCH / "a=b, c" / "d=e.iso",
                    [f"{guest_elf('pass')} pass"])
    file = str(path).replace(",", ",,")
    judge(run(["-drive", f"media=cdrom,format=raw,file={file}"]), "PASS")


def test_typed_early():
    """What arrives before the menu, GRUB's own commands among it, opens no
    editor and no command line."""
    iso = make_iso(SCRATCH / "early.iso", [f"{guest_elf('pass')} pass"])
    judge(run(["-cdrom", str(iso)], typing="ec p\r\n\x1b[B"), "PASS")


def test_pressed_early():
    """The same from a keyboard."""
    iso = make_iso(SCRATCH / "early.iso", [f"{guest_elf('pass')} pass"])
    with Watched("early", ["-cdrom", str(iso)], serial=True) as machine:
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline and machine.monitor.command(
                "send-key", keys=[{"type": "qcode", "data": "e"}],
                **{"hold-time": 20}):
            time.sleep(0.1)
        judge(machine.emulator.finish(), "PASS")


def test_menu_by_hand():
    """Esc shows the menu, where a person chooses the second entry."""
    iso = make_iso(SCRATCH / "menu.iso", [f"{guest_elf('pass')} pass"],
                   TEST_OPTIONS + " log=info")
    with Emulator(["-cdrom", str(iso)]) as emulator:
        # More than is lost before the second in which the menu asks.
        emulator.type("\x1b" * 64)
        assert emulator.wait_for("naming each step"), emulator.log()
        # Ctrl-A goes to the first entry, Ctrl-N down; what follows an Esc at
        # once may be taken for the rest of a key.
        emulator.type("\x01\x01\x01\x0e\r")
        outcome = emulator.finish()
    judge(outcome, "PASS")
    require(outcome, "boot: modules" in outcome.umbra(),
            "another entry was booted")


QUOTES = "init=\"a  b\" it's a\\b \\x41 -- sh -c \"echo  'hi  there'\" \"x y\""


@pytest.mark.parametrize("entry", ["0", "4"], ids=["multiboot2",
                                                   "multiboot1"])
def test_quotes(entry, monkeypatch):
    """Quotes, apostrophes and backslashes arrive as they were written."""
    monkeypatch.setenv("ENTRY", entry)
    outcome = boot(f"quotes{entry}",
                   [f"{guest_elf('cmdline')} \"my guest\" {QUOTES}"])
    judge(outcome, "OFF: " + QUOTES.replace("\\", "\\\\"))
    require(outcome, any("kernel 'my guest'" in line
                         for line in outcome.umbra()), "another name")


# What a user writes for GRUB's own parser, and what a kernel is to be told.
BY_HAND = r"""name="b c" 'it'\''s' "x y" 'a\b' "c d=e" w=v"""
ARRIVES = r"""name="b c" it's "x y" a\b "c d=e" w=v"""


@pytest.mark.parametrize("command", ["multiboot2", "multiboot"])
def test_quotes_by_hand(command):
    """GRUB's script takes quotes away, its loader adds others: both undone."""
    tree = SCRATCH / f"by-hand-{command}"
    (tree / "boot/grub").mkdir(parents=True, exist_ok=True)
    shutil.copy(UMBRA, tree / "umbra.elf")
    shutil.copy(guest_elf("cmdline"), tree / "guest.elf")
    module = command.replace("multiboot", "module")
    (tree / "boot/grub/grub.cfg").write_text(
        "serial\nterminal_output serial\n"
        f"{command} /umbra.elf {TEST_OPTIONS} log=\"debug\"\n"
        f"{module} /guest.elf guest {BY_HAND}\nset gfxpayload=text\nboot\n")
    iso = tree.with_suffix(".iso")
    subprocess.run(["grub-mkrescue", "--locales=", "--fonts=", "--themes=",
                    "-o", iso, tree], check=True, capture_output=True)
    outcome = run(["-cdrom", str(iso)])
    judge(outcome, "OFF: " + ARRIVES.replace("\\", "\\\\"))
    require(outcome, "boot: modules" in outcome.umbra(), "log=\"debug\"")


def test_no_module():
    """An ISO without a guest says so."""
    judge(boot("empty", []), "NOSTART: no kernel module")


def test_command_line():
    """Nothing special to GRUB changes a word on its way to the guest."""
    words = "echo -- a=b,c $d ;e {f} #g <h> &i |j *k ~l (m) !n @o ?p [q] %r"
    outcome = boot("cmdline", [f"{guest_elf('cmdline')} guest {words}"])
    judge(outcome, f"OFF: {words}")


def test_positions():
    """Without roles: kernel, initrd, disk, in that order."""
    initrd = pattern_file("positions.initrd", 100001)
    outcome = boot("positions", [f"{guest_elf('initrd')} kernel",
                                 f"{initrd} initrd", f"{initrd} disk"])
    judge(outcome, "OFF: initrd of 100001 bytes, ...")


def test_roles():
    """With roles the order does not matter."""
    initrd = pattern_file("roles.initrd", 100001)
    outcome = boot("roles", [f"{initrd} second role=initrd",
                             f"{initrd} third role=disk",
                             f"{guest_elf('initrd')} first"])
    judge(outcome, "OFF: initrd of 100001 bytes, ...")
