# SPDX-License-Identifier: GPL-2.0-or-later
"""
What virtualization may cost, and what a system of this kind costs natively:
limits to the table of "make bench".
"""

import pytest

from costs import anchors, measure_table

# Instructions that a system call may cost more on Umbra.
NULL_CALL_MORE = 10

# Most that an operation may cost on Umbra, as a multiple of native.
RATIO_MAX = {
    "compute": 1.01,
    "touch": 1.6,
    "fork": 1.6,
    "exec": 1.6,
    "pipe-round-trip": 1.6,
}

# One format may cost this much more than the other.
FORMATS_MAX = 1.25

# Instructions from power on to the first program, most of them spent on
# measuring clocks.
BOOT_NATIVE_MAX = 35000000
BOOT_UMBRA_MAX = 70000000

# A slow kernel would hide what Umbra costs.
NATIVE_MAX = 2


@pytest.fixture(scope="module", name="table")
def fixture_table():
    """What everything costs; measured once."""
    return measure_table()


@pytest.mark.parametrize("paging", ["2level", "pae"])
@pytest.mark.parametrize("name", RATIO_MAX)
def test_ratio(table, paging, name):
    """Umbra against native."""
    cost = table[paging][name]
    assert cost.ratio() <= RATIO_MAX[name], cost


@pytest.mark.parametrize("paging", ["2level", "pae"])
def test_null_call(table, paging):
    """A system call reaches the guest without Umbra."""
    cost = table[paging]["null-call"]
    assert cost.umbra <= cost.native + NULL_CALL_MORE, cost
    assert cost.exits == 0


@pytest.mark.parametrize("paging", ["2level", "pae"])
def test_boot(table, paging):
    """Booting does little work for each page of memory."""
    cost = table[paging]["boot"]
    assert cost.native <= BOOT_NATIVE_MAX, cost
    assert cost.umbra <= BOOT_UMBRA_MAX, cost


@pytest.mark.parametrize("name", RATIO_MAX)
def test_formats(table, name):
    """Neither format of page tables costs much more than the other."""
    first, second = (table[paging][name].umbra
                     for paging in ("2level", "pae"))
    assert max(first, second) <= FORMATS_MAX * min(first, second)


@pytest.mark.parametrize("paging", ["2level", "pae"])
@pytest.mark.parametrize("name", anchors()["pae"])
def test_native(table, paging, name):
    """Gnomon natively against Linux natively."""
    limit = NATIVE_MAX * anchors()[paging][name].native
    assert table[paging][name].native <= limit


@pytest.mark.parametrize("paging", ["2level", "pae"])
@pytest.mark.parametrize("name", sorted(set(anchors()["pae"]) - {"compute"}))
def test_not_worse_than_original(table, paging, name):
    """No operation's ratio is that of the original lguest, or worse."""
    assert table[paging][name].ratio() <= anchors()[paging][name].ratio()
