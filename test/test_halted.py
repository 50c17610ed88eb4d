# SPDX-License-Identifier: GPL-2.0-or-later
"""
A machine whose guest has ended, and that was told to stay: it says what its
keys do, and they do it.
"""

import socket

import pytest

from emulator import SCRATCH, Emulator, direct_boot, guest_elf, kernel_module
from handover import Handover
from screen import Watched
from test_keys import ESCAPE, sendkeys
from test_screen import vga_unwrapped

HINT = "umbra: Ctrl-] b starts the guest again, Ctrl-] h for help\r\n"
HALTED = "umbra: halted\r\n"

# What every key says of a guest that has ended.
ANSWERS = {
    "h": "after Ctrl-]:",
    "s": "stat console.input ",
    "r": "control:",
    "t": "exits ",
    "m": "frames guest: ",
    "k": "the guest has ended already",
    "z": "no such key; ",
}

# More than Umbra keeps for a guest that does not read.
FLOOD = "q" * 200000


def halted(guest, options, extra=()):
    """Emulator arguments: that guest, and what follows its end."""
    return direct_boot([kernel_module(guest_elf(guest))], options) + [*extra]


@pytest.mark.parametrize("guest, options, extra", [
    ("ud2", "on-crash=halt", []),
    ("ud2", "exit=0x501", []),
    ("restart", "on-restart=halt", []),
    ("pass", "on-off=halt", ["-machine", "acpi=off"]),
], ids=["crash", "no-exit-port", "restart", "off"])
def test_keys(guest, options, extra):
    """Each key is answered; one starts the guest again, as often as asked."""
    with Emulator(halted(guest, options, extra)) as emulator:
        for life in range(1, 4):
            assert emulator.wait_for(HINT + HALTED, life), emulator.log()
            for key, wanted in ANSWERS.items():
                before = emulator.log().count(f"\numbra: {wanted}")
                emulator.type(ESCAPE + key)
                assert emulator.wait_for(f"\numbra: {wanted}", before + 1), \
                    emulator.log()
            emulator.type(ESCAPE + "b")
            assert emulator.wait_for("umbra: restarting the guest\r\n", life)


def test_behind_a_paste():
    """Whatever else is typed is nobody's, and no obstacle."""
    with Emulator(halted("ud2", "on-crash=halt")) as emulator:
        assert emulator.wait_for(HALTED)
        emulator.type(FLOOD)
        emulator.type(ESCAPE + "b")
        assert emulator.wait_for(HALTED, 2), emulator.log()


def test_between_lives():
    """A pause between two lives can be cut short; crashes then count anew."""
    pause, first = "umbra: restarting the guest in ", "crash 1 of 5\r\n"
    with Emulator(halted("ud2", "on-crash=restart")) as emulator:
        # Later pauses are longer than any machine is slow.
        pauses = 0
        while emulator.log().count(first) < 2:
            pauses += 1
            assert emulator.wait_for(pause, pauses), emulator.log()
            emulator.type(ESCAPE + "b")
        assert "giving up" not in emulator.log()


def test_behind_a_paste_between_lives():
    """There is no guest to read what is typed in such a pause, but what comes
    behind it is heard."""
    with Emulator(halted("ud2", "on-crash=restart")) as emulator:
        assert emulator.wait_for("crash 3 of 5\r\n"), emulator.log()
        emulator.type(FLOOD)
        emulator.type(ESCAPE + "b")
        assert emulator.wait_for("umbra: restarting the guest\r\n")
        assert "giving up" not in emulator.log()


@pytest.mark.parametrize("modules", [[], [kernel_module(guest_elf("ud2")
                                                        .with_suffix(".ld"))]],
                         ids=["none", "bad"])
def test_no_guest(modules):
    """Where there is no guest the keys say so, and none is started."""
    if modules:
        path = guest_elf("ud2").with_suffix(".ld")
        path.write_text("not a kernel")
    with Emulator(direct_boot(modules, "on-crash=halt")) as emulator:
        assert emulator.wait_for("umbra: Ctrl-] h for help\r\n" + HALTED), \
            emulator.log()
        emulator.type(ESCAPE + "h")
        assert emulator.wait_for("umbra: after Ctrl-]:"), emulator.log()
        for count, key in enumerate("srtmkb", 1):
            emulator.type(ESCAPE + key)
            assert emulator.wait_for("umbra: there is no guest\r\n", count)
        assert emulator.alive()


def test_asked_before():
    """What a guest did not leave time to answer is answered behind it."""
    args = direct_boot([kernel_module(guest_elf("keys"), "end")],
                       "on-off=halt") + ["-machine", "acpi=off"]
    with Emulator(args) as emulator:
        assert emulator.wait_for("reading: "), emulator.log()
        emulator.type(ESCAPE + "hx")
        assert emulator.wait_for(HALTED), emulator.log()
        assert emulator.wait_for("umbra: after Ctrl-]:"), emulator.log()


def ruin(path, address):
    """Overwrite some memory behind Umbra's back, by the emulator's port for
    tests of devices."""
    with socket.socket(socket.AF_UNIX) as port:
        port.connect(str(path))
        port.sendall(f"write {address:#x} 4 0x00000000\n".encode())
        assert port.recv(64).startswith(b"OK")


def test_no_guest_again():
    """A guest whose kernel was lost from memory cannot be started again: that
    is said, as often as it is tried."""
    h = Handover("on-off=halt on-crash=halt")
    h.add(guest_elf("pass").read_bytes(), "k role=kernel")
    path = SCRATCH / "ruined.qtest"
    path.unlink(missing_ok=True)
    args = h.arguments("ruined") + [
        "-machine", "acpi=off", "-qtest", f"unix:{path},server=on,wait=off",
        "-qtest-log", "none"]
    with Emulator(args) as emulator:
        assert emulator.wait_for(HINT + HALTED), emulator.log()
        ruin(path, h.modules[0][0])
        emulator.type(ESCAPE + "b")
        assert emulator.wait_for("umbra: cannot start guest: kernel module "
                                 "'k': not an ELF file"), emulator.log()
        assert emulator.wait_for(HALTED, 2), emulator.log()
        emulator.type(ESCAPE + "b")
        assert emulator.wait_for("umbra: there is no guest\r\n")
        assert emulator.alive()


def test_screen():
    """
    The report stays on the screen until somebody types a key for Umbra, who
    then sees the answer; a screen with a report that has no room says how.
    """
    args = halted("ud2", "on-crash=halt")
    more = "... Ctrl-] h for help"
    with Watched("halted", args, serial=True) as machine:
        def screen():
            return vga_unwrapped(machine).rstrip()

        for life in range(1, 3):
            assert machine.emulator.wait_for(HALTED, life)
            text = screen()
            assert "umbra: guest killed: unhandled trap 6" in text, text
            assert text.endswith(more), text
            sendkeys(machine, "q", "ret")
            assert screen() == text
            sendkeys(machine, "ctrl-bracket_right", "h")
            text = machine.wait_for("umbra:   Ctrl-]  that", screen)
            assert text.count(more) == 1, text
            sendkeys(machine, "ctrl-bracket_right", "b")
