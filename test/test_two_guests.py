# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two guests that run in turn on one processor, each with a state of its own:
Umbra's objects with another hv/start.c, and the guest own-state twice.
"""

import re

import pytest

from emulator import BUILD, COUNTING, TEST_OPTIONS, guest_elf, run
from judge import require

TWO_GUESTS = BUILD / "test" / "two_guests.elf"


def run_two(first, second):
    """Run two guests with these words to their ends."""
    guest = guest_elf("own-state")
    return run(["-kernel", str(TWO_GUESTS), "-append", TEST_OPTIONS,
                "-initrd", f"{guest} {first},{guest} {second}"] + COUNTING,
               memory="128M")


# What a guest prints at once; its line is ended when another comes between.
LINE = r"own-state (.), round(?: \d+ of \1)?| \d+ of (.)"


@pytest.mark.parametrize("first, second", [
    ("2level-a", "pae-b watched"),
    ("pae-b", "2level-a watched"),
    ("pae-a", "pae-b"),
])
def test_own_state(first, second):
    """Neither finds anything of the other's, and both get to their ends."""
    outcome = run_two(first, second)
    ends = [line for line in outcome.umbra()
            if line.startswith("guest powered off: ")]
    require(outcome, outcome.verdict()[0] == "OFF", "no power off")
    require(outcome, ends == ["guest powered off: PASS"] * 2, "not two passes")
    others = [line for line in outcome.lines()
              if line and not line.startswith("umbra: ")]
    require(outcome, others, "no output")
    for line in others:
        require(outcome, re.fullmatch(LINE, line), f"a line is mixed: {line}")
