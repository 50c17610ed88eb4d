#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Print what operations of test/linux/ops.c cost on real Linux kernels.

    UMBRA_LINUX=FOLDER test/linux/costs.py [--exits] [KERNEL...]

Each kernel runs natively and on Umbra, under instruction counting: a row is
an operation, with instructions for both and their ratio. --exits runs every
operation twice more, with different counts, and takes the exits of one from
the difference: transitions by cause, per operation.
"""

import argparse
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

# The path above must be known first.
from emulator import COUNTING, TIMEOUT, Emulator, run  # noqa: E402
from linux_guest import (MEMORY, boot, bzimage, initrd,  # noqa: E402
                         kernels, vmlinux)

LIMIT = 20 * TIMEOUT

# How many of each, for --exits: enough that what else happens is nothing.
COUNTS = {"compute": 1000, "null-call": 1000, "signal": 400,
          "page-touch": 1000, "mmap-4k": 400, "mmap-256k": 20,
          "mprotect": 400, "segv": 400, "pipe-self": 400, "pipe-pair": 400,
          "fork": 60, "fork-exec": 40, "shell": 20}

# So that no message of the kernel falls into a result's line.
QUIET = "quiet do=ops"


def benches(log):
    """Lines "bench NAME VALUE" as a dictionary: of every operation."""
    found = {match[1]: int(match[2]) for match in
             re.finditer(r"^bench (\S+) (\d+)\r?$", log, re.M)}
    missing = COUNTS.keys() - found.keys()
    if missing:
        sys.exit(f"no result of {', '.join(sorted(missing))}\n{log[-2000:]}")
    return found


def native(name, memory):
    """What operations cost without Umbra. A PC kernel cannot power off."""
    args = ["-kernel", str(bzimage(name)), "-initrd", str(initrd()),
            "-append", f"console=ttyS0 {QUIET}"] + COUNTING
    with Emulator(args, memory=memory) as machine:
        if not machine.wait_for("ops-done", timeout=LIMIT):
            sys.exit(f"{name}: no end natively\n{machine.log()[-2000:]}")
        return benches(machine.log())


def on_umbra(name, machine, words="", options=""):
    """The same as a guest; the outcome."""
    outcome = run(boot(vmlinux(name), f"{QUIET} {words}",
                       options=f"{machine.umbra} {options}".strip(),
                       counting=True), memory=machine.memory, timeout=LIMIT)
    if outcome.verdict()[0] != "OFF":
        sys.exit(outcome.report()[-4000:])
    return outcome


def exits(name, machine, op):
    """Every counter that grows with the number of operations."""
    count = COUNTS[op]
    few, many = (on_umbra(name, machine, f"op={op} n={n}", "stats=on").stats()
                 for n in (count, 2 * count))
    # Each run does them twice: the first time is no cost.
    each = {key: (many[key] - few.get(key, 0)) / (2 * count) for key in many}
    return {key: value for key, value in each.items() if value >= 0.02}


def table(name, machine):
    """One kernel's rows."""
    before = native(name, machine.memory)
    after = benches(on_umbra(name, machine).log)
    print(f"\n{name}, {machine.memory} {machine.umbra}\n\n"
          "| operation | native | Umbra | ratio |\n|---|---|---|---|")
    for op, cost in before.items():
        print(f"| {op} | {cost:,} | {after[op]:,} | {after[op] / cost:.2f} |",
              flush=True)
    for op in before if machine.exits else ():
        found = exits(name, machine, op)
        print(f"{op}: " + ", ".join(f"{key} {value:.2f}" for key, value
                                    in sorted(found.items())), flush=True)


def main():
    """Print the tables of the kernels asked for, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 2)[1])
    parser.add_argument("--exits", action="store_true")
    parser.add_argument("--memory", default=MEMORY, help="the machine's")
    parser.add_argument("--umbra", default="", help="more options for Umbra")
    parser.add_argument("names", nargs="*", metavar="KERNEL")
    options = parser.parse_args()
    for name in options.names or kernels():
        table(name, options)


main()
