# SPDX-License-Identifier: GPL-2.0-or-later
"""
The makefile on a fresh machine and in a fresh checkout.

A checkout is a copy of this one's files in a folder with a blank in its name.
Where something has to be built there, newlib and BusyBox are this one's.
"""

import os
import pathlib
import shutil
import subprocess

import pytest

from emulator import ROOT, TIMEOUT

# What a minimal Debian has beside make.
BASIC_TOOLS = ("sh", "cat", "cmp", "expand", "find", "flock", "grep", "id",
               "mkdir", "mv", "printf", "rm", "sed", "touch", "uname")


def make(folder, *arguments, **environment):
    """Run make, without anything of a make that runs this test."""
    clean = {key: value for key, value in os.environ.items()
             if not key.startswith("MAKE") and key != "MFLAGS"}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=clean | environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, timeout=TIMEOUT, check=False)


def require_quiet(result):
    """Success, and nothing on standard error."""
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


@pytest.fixture(name="checkout", scope="module")
def fixture_checkout(tmp_path_factory):
    """The files of a fresh checkout."""
    folder = tmp_path_factory.mktemp("setup") / "a checkout"
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"], cwd=ROOT, check=True, text=True,
        stdout=subprocess.PIPE).stdout.split("\0")
    for name in filter(lambda n: n and (ROOT / n).exists(), names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(name="bare_path", scope="module")
def fixture_bare_path(tmp_path_factory):
    """A PATH with no compiler, no emulator and no apt-get in it."""
    folder = tmp_path_factory.mktemp("path")
    for name in BASIC_TOOLS + ("make",):
        found = shutil.which(name, path="/usr/bin:/bin")
        assert found, name
        (folder / name).symlink_to(found)
    return str(folder)


@pytest.mark.parametrize("goals", [
    ["help"], ["clean"], ["-n"], ["-n", "run"], ["-n", "test"],
    ["-n", "bench"], ["-n", "gdb"], ["-n", "deps"], ["-n", "CC=clang"],
    ["-n", "run", "GUEST=build/ticks.elf", "DEBUG=1"]], ids=" ".join)
def test_fresh_machine(checkout, bare_path, goals):
    """Nothing is run while the makefile is read that may not be there."""
    require_quiet(make(checkout, *goals, PATH=bare_path))


def test_help_is_whole(checkout, bare_path):
    """A line for each target."""
    text = make(checkout, "help", PATH=bare_path).stdout
    for target in ("run", "test", "deps", "gdb", "clean", "help"):
        assert f"  make {target} " in text


@pytest.mark.parametrize("goal, wanted", [
    ("all", "build"), ("hello", "build"), ("run", "run"), ("gdb", "run"),
    ("bench", "test"), ("test", "test"), ("test-vm", "test"),
    ("test-host", "test"), ("deps", "test")])
def test_only_what_is_needed(checkout, goal, wanted):
    """Building installs no emulator, running nothing for the tests."""
    goal = {"hello": "build/hello.elf"}.get(goal, goal)
    text = make(checkout, "-n", goal).stdout
    asked = " ".join(line for line in text.replace("\\\n", " ").splitlines()
                     if ".ci/deps" in line)
    assert ":newlib-source" in asked
    assert (":qemu-system-x86" in asked) == (wanted in ("run", "test"))
    for package in ("libcmocka-dev", "python3-pytest", "bochs?", "ovmf?"):
        assert (f":{package}" in asked) == (wanted == "test")


def test_deps_no(checkout, bare_path):
    """Nothing is installed; all that is missing is named at once."""
    for goal, named in (("all", False), ("run", True)):
        result = make(checkout, goal, "DEPS=no", PATH=bare_path)
        assert result.returncode == 2
        first = result.stderr.splitlines()[0]
        assert first.startswith("deps: missing Debian packages: gcc binutils")
        assert first.endswith("install them, or run make without DEPS=no")
        assert (" qemu-system-x86" in first) == named
