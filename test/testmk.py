# SPDX-License-Identifier: GPL-2.0-or-later
"""
Reading test/vm/*/test.mk: what each test guest needs and what it must do.
The keys are listed in test/README.md.
"""

import dataclasses

from emulator import ROOT

CATEGORIES = ("functional", "escape", "regress", "perf")
CLOCKS = ("instructions",)  # what else time may be made of

KEYS = {"NAME", "CATEGORY", "MEM", "EXPECT", "CMDLINE", "UMBRA", "CPU",
        "INITRD", "DISK", "INPUT", "OUTPUT", "FORBID", "CLOCK"}
# Also with a dot and a name behind.
FAMILIES = {"EXPECT", "LIMIT", "STAT", "STATMAX"}


@dataclasses.dataclass
class Case:
    """One run of one guest."""

    name: str  # the guest's, or guest/case
    guest: str
    expect: str
    cmdline: str
    keys: dict

    def get(self, key):
        """A key's value, "" where test.mk does not have it."""
        return self.keys.get(key, "")

    def words(self):
        """The first words that tell this guest's runs apart."""
        return {key[7:] for key in self.keys if key.startswith("EXPECT.")}

    def family(self, family):
        """
        The numbers of keys that begin with @family and a dot. One whose next
        part is the word of a run is that run's alone.
        """
        others = self.words() - {self.name.partition("/")[2]}
        return {key.partition(".")[2]: int(value)
                for key, value in self.keys.items()
                if key.startswith(family + ".")
                and key.split(".")[1] not in others}


def read(path):
    """The assignments of one test.mk. Complains about what it cannot use."""
    keys = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition(" = ")
        family, dot, _ = key.partition(".")
        if not equals or not (key in KEYS or dot and family in FAMILIES):
            raise ValueError(f"{path}:{number}: {line}")
        keys[key] = value
    if keys["NAME"] != path.parent.name or \
       keys["CATEGORY"] not in CATEGORIES or \
       keys.get("CLOCK", CLOCKS[0]) not in CLOCKS:
        raise ValueError(f"{path}: NAME, CATEGORY or CLOCK is wrong")
    return keys


def cases(keys):
    """The runs a test.mk asks for: one, or one for each EXPECT.name."""
    guest = keys["NAME"]
    cmdline = keys.get("CMDLINE", "")
    if "EXPECT" in keys:
        yield Case(guest, guest, keys["EXPECT"], cmdline, keys)
    for key, expect in keys.items():
        if key.startswith("EXPECT."):
            word = key[7:]
            yield Case(f"{guest}/{word}", guest, expect,
                       f"{word} {cmdline}".strip(), keys)


def all_cases():
    """Every run of every guest under test/vm, in the order of their names."""
    found = []
    for path in sorted((ROOT / "test" / "vm").glob("*/test.mk")):
        found += cases(read(path))
    return found
