# SPDX-License-Identifier: GPL-2.0-or-later
"""
Exits that time costs, counted where it is made of instructions: those that a
guest asked for, and hardly any other.
"""

import pytest

from emulator import (COUNTING, NO_INTERRUPTS, direct_boot, guest_elf,
                      kernel_module, run)
from judge import judge, require

# Retries of an interrupt that waits: at first early, then each millisecond,
# or where only the guest's flag is in its way each 64 microseconds and what
# an exit takes.
EARLY_RETRIES = 7
MASKED_RETRIES = range(14, 17)


def counted(guest, word, machine=(), cpu=None, modules=()):
    """Run a test guest that passes; the outcome and its counters."""
    args = direct_boot([kernel_module(guest_elf(guest), word), *modules],
                       "stats=on")
    outcome = run(args + COUNTING + list(machine), cpu=cpu)
    judge(outcome, "PASS")
    return outcome, outcome.stats()


def test_day():
    """A day of sleeps costs two calls for each, and no other exit."""
    outcome, stats = counted("clock", "day")
    require(outcome, stats["timer.fired"] == 21601, "not one event for each")
    require(outcome, stats["irqs.injected"] == 21601, "not one interrupt")
    require(outcome, stats["exits"] < 2 * 21601 + 200, "other exits")
    require(outcome, stats["timer.retries"] == 0, "retries")
    require(outcome, stats["timer.late-ns"] < 21601 * 1000, "late")


def test_no_timer():
    """Without a timer that works, a sleep ends in time all the same."""
    outcome, stats = counted("clock", "asleep", NO_INTERRUPTS,
                             "pentium3,-apic")
    require(outcome, "timer: there is none" in outcome.log, "there is one")
    require(outcome, stats["timer.fired"] == 10, "not one event for each")


def test_no_timer_disk(tmp_path):
    """Without it a disk serves at once what it would cut into parts."""
    disks = []
    for size, words in (102400, ""), (2621440, "ro"):
        disks.append(tmp_path / str(size))
        disks[-1].write_bytes(bytes((i * 31 + 7) % 256 for i in range(size)))
        disks[-1] = f"{disks[-1]} role=disk {words}".rstrip()
    counted("virtio-disk", "parts no-timer", NO_INTERRUPTS, "pentium3,-apic",
            disks)


# Places that must be hit, besides the iret, and how often at least.
STORMS = {
    "2level-new-trap": {},
    "pae-new-interrupt": {"irqs.rolled-forward": 20},
    "pae-old-trap": {"irqs.window-waits": 100},
    "2level-old-interrupt": {"irqs.window-waits": 100,
                             "irqs.rolled-forward": 20},
}


@pytest.mark.parametrize("case", STORMS)
def test_storm(case):
    """Interrupts all over the ways in and out of a kernel."""
    outcome, stats = counted("irq-storm", case)
    for name, least in {"irqs.at-iret": 50, **STORMS[case]}.items():
        require(outcome, stats[name] >= least, f"{name} is {stats[name]}")
    require(outcome, stats["timer.fired"] - stats["irqs.injected"] in (0, 1),
            "a tick was lost")


def test_blocked():
    """As long as a line is blocked, the timer looks after it."""
    outcome, stats = counted("irq", "blocked")
    require(outcome, 50 <= stats["timer.retries"] <= 50 + EARLY_RETRIES,
            "not one retry each millisecond")
    require(outcome, stats["exit.interrupt"] == stats["timer.retries"],
            "other interrupts")


def test_waiting():
    """The same, more often, as long as the guest's flag is off."""
    outcome, stats = counted("irq", "waiting")
    require(outcome, stats["timer.retries"] // 50 in MASKED_RETRIES,
            "not one retry each 64 microseconds")
    require(outcome, stats["exit.interrupt"] == stats["timer.retries"],
            "other interrupts")


def test_quiet():
    """When nothing waits any more, the guest is left alone."""
    outcome, stats = counted("irq", "quiet")
    require(outcome, 1 <= stats["timer.retries"] <= 2 + MASKED_RETRIES[-1],
            "retries for nothing")
    require(outcome, stats["exit.interrupt"] == stats["timer.retries"],
            "other interrupts")
