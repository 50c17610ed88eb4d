# SPDX-License-Identifier: GPL-2.0-or-later
"""
What lies between the lives of a guest: pauses, where it crashes again and
again, and nothing of the life before. Time is made of instructions, so minutes
of it pass in seconds.
"""

import re

from emulator import (COUNTING, NO_INTERRUPTS, Emulator, direct_boot,
                      guest_elf, kernel_module)

TOLERANCE_MS = 20  # starting a guest takes some time, too
LIFE = re.compile(r"crash-again: (born|dying) at (\d+)\.(\d{6})")


def lives(seconds, until, machine=(), cpu=None):
    """
    Let crash-again live as often as it may, until @until was printed; gives
    the log and the pauses between its lives, in milliseconds.
    """
    args = direct_boot([kernel_module(guest_elf("crash-again"), seconds)],
                       "on-crash=restart")
    with Emulator(args + COUNTING + list(machine), cpu=cpu) as emulator:
        text, count = until
        assert emulator.wait_for(text, count), emulator.log()
        log = emulator.log()
    times = [(what, int(sec) * 1000 + int(usec) // 1000)
             for what, sec, usec in LIFE.findall(log)]
    return log, [after - before for (last, before), (first, after)
                 in zip(times, times[1:]) if (last, first) ==
                 ("dying", "born")]


def check_pauses(log, pauses, seconds):
    """Each pause is as long as it should be."""
    assert len(pauses) == len(seconds), log
    for pause, wanted in zip(pauses, seconds):
        assert 0 <= pause - wanted * 1000 <= TOLERANCE_MS, (pauses, log)


def test_pauses_grow():
    """Each pause is twice the one before, and there are five."""
    log, pauses = lives("0", ("umbra: halted", 1))
    check_pauses(log, pauses, [1, 2, 4, 8, 16])
    assert log.count("umbra: guest killed: ") == 6, log
    assert "umbra: 6 crashes in a row: giving up" in log, log


def test_short_life():
    """A minute is what counts as a life: less is a crash in a row."""
    log, pauses = lives("59", ("giving up", 1))
    check_pauses(log, pauses, [1, 2, 4, 8, 16])


def test_long_life():
    """After a long life everything begins anew, for ever."""
    log, pauses = lives("61", ("guest killed", 8))
    check_pauses(log, pauses, [1] * 7)
    assert "giving up" not in log, log


def test_without_timer():
    """A machine whose timer never expires still counts the seconds."""
    log, pauses = lives("0", ("guest killed", 2), NO_INTERRUPTS, "pentium3,-apic")
    assert "timer: there is none" in log, log
    check_pauses(log, pauses, [1])


def test_nothing_is_left():
    """A guest finds nothing of what its last life changed."""
    args = direct_boot([kernel_module(guest_elf("boot-state"),
                                      "again one two=three")],
                       "on-restart=restart")
    with Emulator(args + COUNTING) as emulator:
        assert emulator.wait_for("boot-state: new", 3), emulator.log()
