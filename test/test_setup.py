# SPDX-License-Identifier: GPL-2.0-or-later
"""
The makefile on a fresh machine and in a fresh checkout.

A checkout is a copy of this one's files in a folder with a blank in its name.
Where something has to be built there, newlib and BusyBox are this one's.
"""

import fcntl
import os
import re
import shutil
import subprocess
import threading
import time

import pytest

from emulator import ROOT, TIMEOUT

# What a minimal Debian has beside make.
BASIC_TOOLS = ("sh", "cat", "cmp", "expand", "find", "flock", "grep", "id",
               "mkdir", "mv", "printf", "rm", "sed", "touch", "uname")


def make(folder, *arguments, **environment):
    """Run make, with no setting but these."""
    return subprocess.run(
        ["make", *arguments], cwd=folder,
        env=os.environ | {"MAKEFLAGS": ""} | environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, timeout=5 * TIMEOUT, check=False)


def require_quiet(result):
    """Success, and nothing on standard error."""
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def new_checkout(folder):
    """Copy the files of this checkout; those not committed count."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"], cwd=ROOT, check=True, text=True,
        stdout=subprocess.PIPE).stdout.split("\0")
    for name in filter(lambda n: n and (ROOT / n).exists(), names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(name="checkout", scope="module")
def fixture_checkout(tmp_path_factory):
    """A fresh checkout, for looking at what make would do."""
    return new_checkout(tmp_path_factory.mktemp("fresh") / "a checkout")


@pytest.fixture(name="workplace", scope="module")
def fixture_workplace(tmp_path_factory):
    """A checkout to build in."""
    folder = new_checkout(tmp_path_factory.mktemp("work") / "a checkout")
    (folder / "build").mkdir()
    for name in ("newlib", "busybox"):
        (folder / "build" / name).symlink_to(ROOT / "build" / name)
    return folder


def build(folder, *arguments):
    """What make said that it made; it must succeed."""
    result = make(folder, "DEPS=no", *arguments)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


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
    ("all", "build"), ("hello", "build"), ("run", "run"), ("gdb", "gdb"),
    ("bench", "test"), ("test", "test"), ("test-vm", "test"),
    ("test-host", "test"), ("deps", "test")])
def test_only_what_is_needed(checkout, goal, wanted):
    """Building installs no emulator, running nothing for the tests."""
    goal = {"hello": "build/hello.elf"}.get(goal, goal)
    text = make(checkout, "-n", goal).stdout
    asked = " ".join(line for line in text.replace("\\\n", " ").splitlines()
                     if ".ci/deps" in line)
    assert ":newlib-source" in asked
    assert (":qemu-system-x86" in asked) == (wanted != "build")
    assert (":gdb" in asked) == (wanted in ("gdb", "test"))
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


@pytest.mark.parametrize("guest", [
    "build/ticks.elf", "./build/ticks.elf", "{}/build/ticks.elf"])
@pytest.mark.parametrize("goal", ["run", "gdb"])
def test_guest_is_made(checkout, goal, guest):
    """What is to be booted is made first, if the makefile can make it; it is
    named from the checkout, whose own path QEMU would cut at the blank."""
    text = build(checkout, "-n", goal, f"GUEST={guest.format(checkout)}")
    link = re.search(r"^ld .* -o build/ticks\.elf", text, re.M)
    assert link and link.start() < text.index("GUEST='build/ticks.elf'")


@pytest.mark.parametrize("settings", [[], ["GUEST=build/ticks.elf", "MEM=1G"],
                                      ["CMDLINE=a", "QEMU=qemu-system-x86_64"]])
def test_gdb_is_run(checkout, settings):
    """make gdb boots what make run does, in the same way."""
    run, gdb = (make(checkout, "-n", goal, *settings).stdout.splitlines()[-1]
                for goal in ("run", "gdb"))
    assert run.endswith(" iso/run")
    qemu = re.search("QEMU='(.*?)'", run)[1] or "qemu-system-i386"
    assert gdb == re.sub("QEMU='.*?'", "QEMU='" + qemu +
                         " -S -gdb tcp::1234'", run)


HELLO = "build/guest/hello/main.o"


def test_names_rebuild_nothing(workplace):
    """An object is as good as before when the makefile got a name more."""
    assert HELLO.replace("build/", "").replace(".o", ".c") in build(
        workplace, HELLO)
    makefile = workplace / "Makefile"
    text = makefile.read_text()
    makefile.write_text(text.replace("USER_PROGRAMS := ",
                                     "USER_PROGRAMS := another "))
    assert build(workplace, HELLO) == ""
    makefile.write_text(text)
    assert " main.c" in build(workplace, HELLO, "OPT=-O1").replace("/", " ")
    assert " main.c" in build(workplace, HELLO).replace("/", " ")


def test_names_taken_away(workplace):
    """What no list names any more is in nothing that is made of the list."""
    library = "build/guest/lib/libsdk.a"
    sources = "SDK_SRCS=guest/lib/hcall.c guest/lib/pci.c"
    build(workplace, library, sources)
    assert build(workplace, library, sources) == ""
    build(workplace, library, sources.replace(" guest/lib/pci.c", ""))
    names = subprocess.run(["ar", "t", workplace / library], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    assert names == "hcall.o\n"


SLOW_COMPILER = """\
#!/bin/sh
for word in "$@"; do
	[ "$last" != -o ] || out=$word
	last=$word
done
[ -z "$out" ] || { echo half >"$out"; touch started; }
while [ -n "$out" ] && [ ! -e "go on" ]; do sleep 0.1; done
exec gcc "$@"
"""


def test_half_made(workplace):
    """A compiler at work, or one that is killed, leaves no half file where
    another make would take it for a whole one."""
    (workplace / "slow").write_text(SLOW_COMPILER)
    (workplace / "slow").chmod(0o755)
    target = "build/guest/ticks/main.o"
    running = threading.Thread(target=build, args=(
        workplace, target, "CC=./slow"))
    running.start()
    deadline = time.monotonic() + TIMEOUT
    while not (workplace / "started").exists():
        assert running.is_alive() and time.monotonic() < deadline
        time.sleep(0.1)
    there = (workplace / target).exists()
    (workplace / "go on").touch()
    running.join()
    assert not there and (workplace / target).exists()


def boots(folder, **settings):
    """Boot what was built in a folder; a program of the root file system
    runs."""
    result = subprocess.run(
        [folder / "iso" / "run"], cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        timeout=TIMEOUT, env=os.environ | settings | {
            "CMDLINE": "-- uname -s"})
    text = result.stdout.decode("latin-1")
    assert result.returncode == 0 and "Linux\r\n" in text, text


def test_blank_in_path(workplace):
    """A whole build, and a boot, where the path has a blank in it."""
    build(workplace, f"-j{os.cpu_count()}")
    assert (workplace / "build" / "umbra.iso").stat().st_size > 1 << 20
    boots(workplace, BUILD="build")
    assert build(workplace) == ""
    build(workplace, "build/test/vm/pass.elf")
    result = subprocess.run(
        ["test/run", "--vm", "test_hello"], cwd=workplace, check=False,
        env=os.environ | {"BUILD": "build"}, timeout=TIMEOUT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert result.returncode == 0, result.stdout


def test_newlib_once(checkout, tmp_path):
    """Of two builds that lack newlib one makes it and the other waits."""
    script, target = checkout / ".ci" / "newlib", tmp_path / "newlib"
    library = target / "i686-elf" / "lib" / "libc.a"
    library.parent.mkdir(parents=True)
    with open(script, encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen([script, target, "false"],
                                  stderr=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(1)
        library.write_text("made by the first")
    assert second.communicate(timeout=TIMEOUT) == (None, "")
    assert second.returncode == 0
    assert library.read_text() == "made by the first"


def test_newlib_fails(checkout, tmp_path):
    """What was not made whole is not there, and where to read why is said."""
    target = tmp_path / "a folder" / "newlib"
    tar = tmp_path / "tar"
    tar.write_text("#!/bin/sh\nprintf '#!/bin/sh\\necho because; exit 1\\n' "
                   '>"$4/configure"\nchmod +x "$4/configure"\n')
    tar.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    result = subprocess.run([checkout / ".ci" / "newlib", target, "gcc"],
                            env=os.environ | {"PATH": path}, check=False,
                            stderr=subprocess.PIPE, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith("because\n")
    assert f"the whole log is {target}.log" in result.stderr
    assert [p.name for p in target.parent.iterdir()] == ["newlib.log"]


@pytest.mark.skipif(not shutil.which("clang"), reason="there is no clang")
def test_clang():
    """The other compiler makes a hypervisor and a kernel that boot."""
    build(ROOT, f"-j{os.cpu_count()}", "CC=clang", "B=build/clang",
          "WERROR=1", "build/clang/umbra.elf", "build/clang/gnomon.elf",
          "build/clang/root.cpio")
    boots(ROOT, BUILD="build/clang")
