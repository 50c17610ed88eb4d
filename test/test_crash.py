# SPDX-License-Identifier: GPL-2.0-or-later
"""
Crash reports: what a killed guest's author finds on the serial line.

The crash-* guests die in ways a kernel's author knows. Each report has to
name the guilty function where it is looked for first, and to be complete.
"""

import re

import pytest

from emulator import run_guest
from judge import judge, require

# Headings, in their order; those of a page fault alone are left out.
SECTIONS = ["trace, newest first:", "registers:", "code", "stack",
            "control:", "last exits and hypercalls, newest last:", "exits "]

WIDTH = 80
FORMATS = ["2level", "pae"]


def report_of(outcome):
    """The lines behind the verdict's."""
    lines = outcome.umbra()
    at = [i for i, line in enumerate(lines)
          if line.startswith("guest killed: ")]
    require(outcome, len(at) == 1, "not one verdict")
    return lines[at[0] + 1:]


def section(report, heading):
    """The indented lines behind a heading."""
    lines = iter(report)
    for line in lines:
        if line.startswith(heading):
            break
    found = []
    for line in lines:
        if not line.startswith("  "):
            break
        found.append(line)
    return found


def crash(name, cmdline="", expect="KILL: ...", options=""):
    """Run a guest that is killed; the outcome and its report."""
    outcome = run_guest(name, cmdline, options)
    judge(outcome, expect)
    report = report_of(outcome)
    at = -1
    for heading in SECTIONS:
        after = [i for i, line in enumerate(report)
                 if i > at and line.startswith(heading)]
        require(outcome, after, f"no section '{heading}' in its place")
        at = after[0]
    for line in report:
        require(outcome, len(line) + len("umbra: ") <= WIDTH or
                "..." in line, f"too long: {line}")
    return outcome, report


def names(report):
    """The functions of the trace, newest first; doubtful ones in brackets."""
    found = []
    for line in section(report, "trace"):
        match = re.fullmatch(r"  0x[0-9a-f]{8} (\? )?([\w.]+)\+0x[0-9a-f]+",
                             line)
        if match:
            name = match[2].split(".")[0]
            found.append(f"({name})" if match[1] else name)
    return found


def require_trace(outcome, report, *wanted):
    """The trace without its doubtful entries begins with these."""
    sure = [name for name in names(report) if not name.startswith("(")]
    require(outcome, sure[:len(wanted)] == list(wanted),
            f"the trace is {sure}, not {list(wanted)}")


def explained(report):
    """What the report says in words, before the trace."""
    return "\n".join(report[:report.index(SECTIONS[0])])


@pytest.mark.parametrize("paging", FORMATS)
def test_null_call(paging):
    """EIP is no help; the caller is on the stack."""
    outcome, report = crash("crash-null-call", paging)
    require_trace(outcome, report, "probe_driver", "probe_all", "main",
                  "_start")
    require(outcome, "a null pointer was called" in explained(report),
            "no explanation")
    require(outcome, "code: none, 0x00000000 is not mapped" in report,
            "code at an address without any")
    events = section(report, "last exits and hypercalls")
    faults = [line for line in events if "page fault" in line]
    require(outcome, faults == events[-1:],
            "faults that the guest did not make")


@pytest.mark.parametrize("paging", FORMATS)
def test_wild_write(paging):
    """The walk ends where the tables do."""
    outcome, report = crash("crash-wild-write", paging)
    require_trace(outcome, report, "list_remove", "forget")
    require(outcome, "write to 0xb5e7d004 in ring 1: no page is mapped there"
            in explained(report), "no explanation")
    walk = section(report, "walk of 0xb5e7d004:")
    require(outcome, "  memory none" in walk, "memory where there is none")
    guest = [line for line in walk if line.startswith("  guest ")]
    require(outcome, guest and guest[-1].endswith(": absent"),
            "no absent entry")
    require(outcome, ("root" in guest[0]) == (paging == "pae"),
            "wrong levels")


def test_read_only():
    """The page is there, and the rights are shown."""
    outcome, report = crash("crash-wild-write", "rodata")
    require_trace(outcome, report, "list_remove")
    require(outcome, "write to 0x40000010 in ring 1: the page does not allow "
            "it" in explained(report), "no explanation")
    walk = section(report, "walk of 0x40000010:")
    leaf = [line for line in walk if line.startswith("  guest  table")]
    require(outcome, leaf and re.search(r" [0-9a-f]{5}001 -{8}P$", leaf[0]),
            "no read-only entry")
    require(outcome, any(line.startswith("  memory guest-physical")
                         for line in walk), "no frame")


@pytest.mark.parametrize("paging", FORMATS)
def test_stack_overflow(paging):
    """The stack is found although ESP has left it."""
    outcome, report = crash("crash-stack-overflow", paging)
    require_trace(outcome, report, "count_nodes", "count_nodes", "start",
                  "main")
    require(outcome, any(re.search(r"and again, \d{3} times", line)
                         for line in section(report, "trace")),
            "the recursion is not folded")
    require(outcome, "the stack has overflowed" in explained(report),
            "no explanation")
    require(outcome, len(section(report, "stack")) > 4, "no stack")


def test_talking():
    """Text printed byte by byte, one exit each, takes a few entries only."""
    outcome, report = crash("crash-talking")
    events = section(report, "last exits and hypercalls")
    require(outcome, any("LGUEST_INIT" in line for line in events) and
            any("SET_CLOCKEVENT 0x7fff1234" in line for line in events),
            "what was done is gone")
    repeats = [int(match[1]) for match in
               re.finditer(r"and again, (\d+) times", "\n".join(events))]
    require(outcome, repeats and max(repeats) > 400, "nothing is folded")
    require(outcome, events[-1].startswith("  invalid opcode 6"),
            "the end is not last")


def test_early_trap():
    """A trap before the first hypercall still gives a report."""
    outcome, report = crash("crash-early-trap")
    require_trace(outcome, report, "cycles_per_tick", "calibrate", "main",
                  "_start")
    require(outcome, "no gates yet" in explained(report), "no explanation")
    require(outcome, not section(report, "walk"), "a walk without a fault")


@pytest.mark.parametrize("lie", ["circle", "self", "far", "large", "top",
                                 "log-long", "log-far", "log-index",
                                 "log-text", "log-empty"])
def test_hostile(lie):
    """No line is the guest's own, and no byte reaches the terminal raw."""
    outcome, report = crash("crash-hostile", lie,
                            "KILL: unknown hypercall 77 (0x4d)")
    require_trace(outcome, report, "die")
    require(outcome, not any(line.startswith("panic")
                             for line in outcome.umbra()), "a forged line")
    said = outcome.log[outcome.log.index("guest killed: "):]
    require(outcome, "\x1b" not in said, "an escape sequence")


def test_counts():
    """stats=on brings every counter, and what exits took."""
    outcome, _ = crash("crash-null-call", "pae", options="stats=on")
    stats = outcome.stats()
    reasons = [name for name in stats if name.startswith("exit.")]
    require(outcome, sum(stats[name] for name in reasons) == stats["exits"],
            "exits do not add up")
    for name in reasons:
        timed = sum(value for other, value in stats.items()
                    if other.startswith(f"ticks.{name[5:]}.2^"))
        require(outcome, timed == stats[name], f"{name}: {timed} timed")


def test_silence():
    """Without stats=on nothing is timed or counted aloud."""
    outcome, _ = crash("crash-null-call", "pae")
    require(outcome, not outcome.stats(), "counters nobody asked for")
