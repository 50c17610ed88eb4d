# SPDX-License-Identifier: GPL-2.0-or-later
"""
Ctrl-] and a key: Umbra's answers, by serial line and by keyboard, whatever
the guest does; and that the guest gets every other byte, in order.
"""

import random
import re

import pytest

from emulator import TIMEOUT, Emulator, direct_boot, guest_elf, kernel_module
from judge import judge, require
from screen import Watched

ESCAPE = "\x1d"
END_OF_TEXT = "\x04"
# More than Umbra keeps for a guest that does not read.
PASTE = 140000
HINT = "Ctrl-] h for help"

# What the answer to a key has in it; the guest stays alive.
ANSWERS = {
    "h": ["after Ctrl-]:", "  h  this list", "  Ctrl-]  that character, "],
    "s": ["stat exits ", "stat hypercall.LGUEST_INIT 1", "stat console.input "],
    "r": ["trace, newest first:", "registers:", "  eax 0x", "control:"],
    "t": ["last exits and hypercalls, newest last:", "  LGUEST_INIT 0x",
          "exits "],
    "m": ["frames free: ", "frames guest: "],
    "z": ["no such key; Ctrl-] h for help"],
}

BUSY = {"spin": "busy: ", "sleep": "asleep\n"}
FOX = "the quick brown fox jumps over the lazy dog"


def arguments(mode, options=""):
    """A machine in which the guest does what @mode says."""
    return direct_boot([kernel_module(guest_elf("keys"), mode)], options)


def ask(emulator, keys, wanted):
    """Type on the serial line; expect these beginnings of lines."""
    emulator.type(keys)
    for line in wanted:
        assert emulator.wait_for(f"\numbra: {line}"), emulator.log()


@pytest.mark.parametrize("mode", BUSY)
def test_answers(mode):
    """Every key is answered, and the guest goes on."""
    with Emulator(arguments(mode)) as emulator:
        assert emulator.wait_for(BUSY[mode])
        for key, wanted in ANSWERS.items():
            ask(emulator, ESCAPE + key, wanted)
        ask(emulator, ESCAPE + "k", ["guest killed: by Ctrl-] k", "trace"])
        outcome = emulator.finish()
    judge(outcome, "KILL: by Ctrl-] k")
    require(outcome, outcome.umbra().count(HINT) == 1, "no hint, or many")
    if mode == "spin":
        require(outcome, re.search(r"umbra:   0x\w+ spin_for_ever\+",
                                   outcome.log), "not where it is")
        require(outcome, "busy: \r\numbra: after" in outcome.log,
                "the guest's line was cut")
    require(outcome, "no gate" not in outcome.log, "an interrupt is blamed")


@pytest.mark.parametrize("mode", BUSY)
def test_restart(mode):
    """The guest begins anew, without another hint."""
    with Emulator(arguments(mode, "on-restart=restart")) as emulator:
        assert emulator.wait_for(BUSY[mode])
        ask(emulator, ESCAPE + "b", ["guest restarted: by Ctrl-] b"])
        assert emulator.wait_for(BUSY[mode], count=2), emulator.log()
        assert emulator.log().count(HINT) == 1
        ask(emulator, ESCAPE + "h", ANSWERS["h"])


def test_behind_a_paste():
    """A guest that reads nothing is no reason not to listen."""
    with Emulator(arguments("spin")) as emulator:
        assert emulator.wait_for(BUSY["spin"])
        emulator.type("q" * 20000)
        ask(emulator, ESCAPE + "k", ["guest killed: by Ctrl-] k"])
        judge(emulator.finish(), "KILL: by Ctrl-] k")


@pytest.mark.parametrize("until", ["umbra: Umbra, build", "reading"])
def test_typed_before(until):
    """What is typed before Umbra is there, or its guest, is not lost."""
    with Emulator(arguments("echo")) as emulator:
        emulator.type("typed")
        assert emulator.wait_for(until)
        emulator.type("later.")
        outcome = emulator.finish()
    judge(outcome, "PASS")
    got = "".join(chr(int(c, 16)) for c in re.findall(r"got (\w\w)",
                                                     outcome.log))
    require(outcome, got == "typedlater.", f"got {got}")


def test_key_typed_before():
    """A key for Umbra too is answered as soon as there is a guest."""
    with Emulator(arguments("spin")) as emulator:
        emulator.type(ESCAPE + "k")
        judge(emulator.finish(), "KILL: by Ctrl-] k")


def sendkeys(machine, *keys):
    """Press keys, one after the other."""
    for key in keys:
        machine.human(f"sendkey {key} 20")


@pytest.mark.parametrize("mode", BUSY)
def test_keyboard(mode):
    """The same from a keyboard; nothing that is typed elsewhere disturbs."""
    with Watched(f"keys-{mode}", arguments(mode), serial=True) as machine:
        emulator = machine.emulator
        assert emulator.wait_for(BUSY[mode])
        for key, wanted in ANSWERS.items():
            sendkeys(machine, "ctrl-bracket_right")
            emulator.type("h")
            sendkeys(machine, key)
            for line in wanted:
                assert emulator.wait_for(f"\numbra: {line}"), emulator.log()
        # A key of several bytes is one key.
        sendkeys(machine, "ctrl-bracket_right", "up")
        assert emulator.wait_for("\numbra: no such key", count=2)
        sendkeys(machine, "ctrl-bracket_right", "k")
        judge(emulator.finish(), "KILL: by Ctrl-] k")


def test_guest_bytes():
    """Ctrl-] twice is Ctrl-] once; the rest arrives as it was typed."""
    with Emulator(arguments("echo")) as emulator:
        assert emulator.wait_for("reading")
        emulator.type(f"a{ESCAPE}{ESCAPE}b{ESCAPE}zc{ESCAPE}{ESCAPE}"
                      f"{ESCAPE}{ESCAPE}.")
        outcome = emulator.finish()
    judge(outcome, "PASS")
    got = re.findall(r"got (\w\w)", outcome.log)
    require(outcome, got == "61 1d 62 63 1d 1d 2e".split(), f"got {got}")
    require(outcome, outcome.umbra().count("no such key; " + HINT) == 1,
            "z was no key")


def test_guest_keys():
    """The keyboard's as well."""
    with Watched("keys-echo", arguments("echo"), serial=True) as machine:
        assert machine.emulator.wait_for("reading")
        sendkeys(machine, "a", "ctrl-bracket_right", "ctrl-bracket_right",
                 "ctrl-bracket_right", "z", "up", "dot")
        outcome = machine.emulator.finish()
    judge(outcome, "PASS")
    got = re.findall(r"got (\w\w)", outcome.log)
    require(outcome, got == "61 1d 1b 5b 41 2e".split(), f"got {got}")


def test_whole_lines():
    """A guest that never stops talking: no line of its is cut, or lost."""
    with Emulator(arguments("chatter")) as emulator:
        assert emulator.wait_for(FOX)
        for n in range(20):
            ask(emulator, ESCAPE + "h", [])
            assert emulator.wait_for("  Ctrl-]  that", count=n + 1)
        ask(emulator, ESCAPE + "k", ["guest killed: "])
        outcome = emulator.finish()
    judge(outcome, "KILL: by Ctrl-] k")
    said = outcome.log[:outcome.log.index("umbra: guest killed")]
    lines = said.replace("\r", "").split("\n")
    odd = [line for line in lines[:-2]
           if line != FOX and not line.startswith("umbra: ")]
    require(outcome, not odd, f"cut: {odd}")


@pytest.mark.parametrize("level", ["warn", "error"])
def test_no_hint(level):
    """Whoever wants silence gets it, and answers if asked."""
    with Emulator(arguments("spin", f"log={level}")) as emulator:
        assert emulator.wait_for(BUSY["spin"])
        assert HINT not in emulator.log()
        ask(emulator, ESCAPE + "h", ANSWERS["h"])
        ask(emulator, ESCAPE + "m", ANSWERS["m"])


def test_paste():
    """
    A pasted text arrives whole at a guest that takes its time, also what
    finds no room and has to wait in the line.
    """
    letters = random.Random(6)
    text = "".join(letters.choices("abcdefgh \n", k=PASTE))
    total = 0
    for char in text:
        total = (total * 31 + ord(char)) & 0xFFFFFFFF
    with Emulator(arguments("add", "stats=on")) as emulator:
        assert emulator.wait_for("reading")
        while text:
            emulator.type(text[:4096])
            text = text[4096:]
        emulator.type(END_OF_TEXT)
        outcome = emulator.finish(timeout=4 * TIMEOUT)
    judge(outcome, "PASS")
    require(outcome, f"read {PASTE} bytes, sum {total:08x}" in outcome.log,
            f"not {total:08x}")
    require(outcome, outcome.stats()["console.lost"] == 0, "bytes were lost")
