# SPDX-License-Identifier: GPL-2.0-or-later
"""
Comparing an outcome with what a test expects.

An expectation is PASS, or one of the ends of emulator.ENDS followed by a
colon and the text of Umbra's line, where "..." stands for anything:

    PASS    OFF: see you later    KILL: ...trap 6...    RESTART: once more

" | " stands between alternatives, for where emulators differ. One that begins
with "QEMU 10: " is for that version and later ones alone.
"""

import re

import pytest

from emulator import qemu_version


def matches(pattern, text):
    """Whether @text is @pattern, whose "..." stand for anything."""
    parts = [re.escape(part) for part in pattern.split("...")]
    return re.fullmatch(".*".join(parts), text) is not None


def alternatives(expect):
    """The expectations that hold for this emulator."""
    for one in expect.split(" | "):
        version = re.match(r"QEMU (\d+): ", one)
        if not version:
            yield one
        elif qemu_version() >= int(version[1]):
            yield one[version.end():]


def agrees(expect, kind, text):
    """Whether an outcome is what one expectation says."""
    wanted, _, pattern = expect.partition(": ")
    if wanted == "PASS":
        wanted, pattern = "OFF", "PASS"
    return kind == wanted and matches(pattern, text)


def fail(outcome, why):
    """Fail the test, showing the whole run."""
    pytest.fail(f"{why}\n{outcome.report()}", pytrace=False)


def require(outcome, condition, why):
    """Fail the test with @why unless @condition holds."""
    if not condition:
        fail(outcome, why)


def judge(outcome, expect):
    """Fail the running test unless @outcome is what @expect says."""
    kind, text = outcome.verdict()
    if kind == "OFF" and text.startswith("SKIP: "):
        pytest.skip(text[6:])
    if not any(agrees(one, kind, text) for one in alternatives(expect)):
        fail(outcome, f"expected {expect}\nhappened {kind}: {text}")
