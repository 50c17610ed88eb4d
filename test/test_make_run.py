# SPDX-License-Identifier: GPL-2.0-or-later
"""
iso/run, the host side of "make run", as a user at a terminal and as a script.
"""

import os
import re
import shutil
import signal
import subprocess
import termios

import pexpect
import pytest

from emulator import BUILD, ROOT, TIMEOUT, guest_elf

RUN = str(ROOT / "iso" / "run")
SETTINGS = ("GUEST", "INITRD", "DISK", "CMDLINE", "UMBRA", "MEM", "QEMU",
            "TIMEOUT")
CONTROL_A = "\x01"


def environment(settings):
    """The environment "make run" would make of these settings."""
    settings = {key: str(value) for key, value in settings.items()}
    return os.environ | dict.fromkeys(SETTINGS, "") | settings | {
        "BUILD": str(BUILD)}


def scripted(stdin=b"", **settings):
    """Run with standard input a pipe."""
    return subprocess.run([RUN], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=TIMEOUT,
                          env=environment(settings), check=False)


def require(result, status, *texts):
    """Check the exit status and what must have been printed."""
    log = result.stdout.decode("latin-1")
    assert result.returncode == status, log
    for text in texts:
        assert text in log, log


def require_end(child, status=0):
    """A run on a terminal ends, with that exit status."""
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == status


def leave(child):
    """Control-A x leaves the emulator at any time: success."""
    child.send(CONTROL_A + "x")
    require_end(child)


def use_shell(child):
    """The shell of the default guest: it answers, and powers off."""
    child.expect("gnomon: umbra, ")
    child.expect("/ # |~ # ")
    child.send("echo $((6 * 7))\n")
    child.expect("\n42\r+\n")
    child.send("poweroff\n")
    child.expect("umbra: guest powered off: ")
    require_end(child)


def test_iso():
    """Without settings the ISO is booted, into a shell; its guest powers
    off: success."""
    child = terminal()
    child.expect("umbra: loaded by GRUB")
    use_shell(child)


def test_iso_crash():
    """A crash leaves the emulator as well, behind its report."""
    child = terminal()
    child.expect("/ # |~ # ")
    child.send("\x1dk")
    child.expect("umbra: guest killed: by Ctrl-] k")
    child.expect("umbra: registers:")
    child.expect("run: the guest was killed; the report is above")
    require_end(child, 35)


def test_memory_and_emulator():
    """MEM and QEMU, options included, do not change what is booted."""
    child = terminal(MEM="64M", QEMU="qemu-system-i386 -cpu pentium3")
    child.expect("umbra: loaded by GRUB")
    child.expect("model 7 ")
    use_shell(child)


def test_module_left_out():
    """GRUB goes on when it has no memory for a module. Umbra does not."""
    require(scripted(MEM="8M"), 39, "error: out of memory", "umbra: cannot "
            "start guest: the boot loader passed 1 of 2 modules: give the "
            "machine more memory", "run: the guest could not be started")


def test_default_guest():
    """Without GUEST the other settings are the default guest's."""
    require(scripted(CMDLINE="paging=2level -- uname -s"), 0,
            "gnomon: umbra, 2-level page tables", "Linux\r\n",
            "init: ended with 0")


def test_quotes():
    """A program's argument may have blanks in it. The default guest has its
    root file system by its name, too."""
    require(scripted(GUEST=BUILD / "gnomon.elf",
                     CMDLINE='-- sh -c "echo hi there"'), 0, "hi there")


def test_hello():
    """The smallest guest, by its name."""
    require(scripted(GUEST=BUILD / "hello.elf"), 0, "Hello from ring 1.")


def test_ticks():
    """The guest that guest/README.md explains."""
    require(scripted(GUEST=BUILD / "ticks.elf"), 0,
            "\ntick 1\ntick 2\ntick 3\n",
            "umbra: guest powered off: three ticks")


@pytest.mark.parametrize("paging", ["2level", "pae"])
def test_sector(paging, tmp_path):
    """The other one: tables of its own, a timer and a disk."""
    disk = tmp_path / "disk"
    disk.write_bytes(b"what is in here".ljust(1024, b"\0"))
    kind = {"2level": "2-level", "pae": "PAE"}[paging]
    require(scripted(GUEST=BUILD / "sector.elf", DISK=disk, CMDLINE=paging,
                     UMBRA="audit=full"), 0,
            "sector 0: 'what is in here'\n",
            f"umbra: guest powered off: by {kind} tables")
    require(scripted(GUEST=BUILD / "sector.elf"), 0, "powered off: no disk")


def write_guest(folder, name, text):
    """A guest of two files in a folder of that name."""
    guest = folder / name
    guest.mkdir(parents=True)
    (guest / "words.h").write_text(f'#define TEXT "{text}"\n')
    (guest / "main.c").write_text("""
        #include <stdio.h>
        #include "guest/lib/sdk.h"
        #include "words.h"
        void main(const char *cmdline)
        {
                printf("%s, '%s'\\n", TEXT, cmdline);
        }
        """)
    return guest


def make(goal, **settings):
    """Run make, as a script."""
    words = [f"{key}={value}" for key, value in settings.items()]
    return subprocess.run(
        ["make", "-s", f"B={os.path.relpath(BUILD, ROOT)}", goal, *words],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)


def test_guest_outside(tmp_path):
    """A guest needs no place in the tree, nor a plain name. It is built anew
    when it changed, or when another has its name."""
    name = "my guest's $x, (b): #1"
    one = write_guest(tmp_path / "a folder", name, "first")
    two = write_guest(tmp_path / "another", name, "second")
    require(make("run", DIR=one, CMDLINE="a b"), 0, "first, 'a b'")
    require(make("run", DIR=two), 0, "second, ''")
    (two / "words.h").write_text('#define TEXT "third"\n')
    require(make("run", DIR=two), 0, "third, ''")
    (two / "words.h").write_text("#define TEXT missing\n")
    result = make("guest", DIR=two)
    require(result, 2, f"\n{two}/main.c:7:", f"\n{two}/words.h:1:")
    assert b"outside/my-guest" not in result.stdout.partition(b"\nmake")[0]
    (two / "main.c").rename(two / "my main.c")
    require(make("guest", DIR=two), 2, "a blank in the name of a file in DIR=")


@pytest.mark.parametrize("name, text", [
    (".", "no .c or .S file in DIR='.'"),
    ("doc/..", "no .c or .S file in DIR='doc/..'"),
    ("README.md", "DIR='README.md': there is no such folder"),
    ("/no such/a", "DIR='/no such/a': there is no such folder"),
])
def test_no_guest_there(name, text):
    """One sentence, and nothing is done."""
    result = make("guest", DIR=name)
    require(result, 2, f" *** {text}.  Stop.\n")
    assert result.stdout.count(b"\n") == 1, result.stdout


def test_guest_inside(tmp_path):
    """A folder of the tree will do as well, and so will one that lies where
    the links are; it stays."""
    require(make("guest", DIR="guest/hello/."), 0)
    assert (BUILD / "outside" / "hello.elf").exists()
    there = BUILD / "outside" / tmp_path.name
    shutil.rmtree(there, ignore_errors=True)
    write_guest(BUILD / "outside", tmp_path.name, "here")
    require(make("guest", DIR=there), 0)
    assert (there / "words.h").exists() and there.with_suffix(".elf").exists()
    other = write_guest(tmp_path, tmp_path.name, "there")
    require(make("guest", DIR=other), 2, f"{there} is in the way")
    shutil.rmtree(there)


def test_settings_are_literal(tmp_path):
    """What is written for the guest or the emulator is what they get: make and
    the shells in between take nothing out of it."""
    emulator = tmp_path / "emulator"
    emulator.write_text("#!/bin/sh\nprintf '[%s]\\n' \"$@\"\n")
    emulator.chmod(0o755)
    guest, initrd = tmp_path / "a$HOME's.elf", tmp_path / "$(shell,$$"
    guest.touch()
    initrd.touch()
    words = "-- sh -c \"echo $HOME $$ it's\" ${x} `x` \\ # (y) %"
    result = make("run", QEMU=emulator, GUEST=guest, INITRD=initrd,
                  CMDLINE=words, UMBRA="$(x)$y'z'", MEM="$1")
    require(result, 0, f"[{guest} role=kernel {words},"
            f"{str(initrd).replace(',', ',,')} role=initrd]\n",
            "on-crash=exit $(x)$y'z']\n", "[-m]\n[$1]\n")


@pytest.mark.parametrize("name, text", [
    ("/nonexistent", "there is no such file"),
    ("iso", "there is no such file"),
    ("/a name", "a blank in a file's name"),
])
@pytest.mark.parametrize("option", ["GUEST", "INITRD", "DISK"])
def test_no_such_file(option, name, text):
    """The option and the file are named."""
    require(scripted(**{option: name}), 1, f"run: {option}='{name}': {text}\n")


@pytest.mark.parametrize("goal, option, name, who", [
    ("run", "GUEST", BUILD / "a.elf", "run: "),
    ("gdb", "DISK", BUILD / "a.img", "run: "),
    ("a/b", "BUSYBOX", "a/b", ""),
    ("bench", "BASE", "a/b", "bench: "),
])
def test_make_knows_no_rule(goal, option, name, who):
    """Nor does make say in its own words what nobody can make."""
    result = make(goal, **{option: name})
    lines = result.stdout.decode().splitlines()
    assert result.returncode == 2
    assert f"{who}{option}='{name}': there is no such file" == lines[-2], lines
    assert "No rule" not in lines[-1]


C_LIBRARY = """
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "guest/lib/sdk.h"
#include "guest/lib/trap.h"

void trap_dispatch(struct trap_frame *f)
{
        (void)f;
        power_off("a gate of the guest");
}

void trap_work_run(struct trap_frame *f)
{
        (void)f;
}

static void count(int words)
{
        double half = words / 2.0, read = 0;
        float small = 0;

        printf("|%f %.3f %8.2e %g|\\n", half, half / 3, half, half * 1e10);
        sscanf("2.5 -1e3", "%lf %f", &read, &small);
        printf("|%g %g|\\nno newline", read, small);
        assert(words == 2);
        abort();
}

void main(const char *cmdline)
{
        trap_init();
        count(*cmdline == 'a' ? 2 : 3);
}
"""


def trace(result):
    """The functions that a crash report is sure of, the newest first."""
    return re.findall(r"^umbra:   0x\w{8} (\w+)\+", result.stdout.decode(), re.M)


def test_c_library(tmp_path):
    """What people expect of C works: floating point, assert(), abort(),
    whose end is a crash with a report, not a fault for the guest."""
    guest = tmp_path / "guest"
    guest.mkdir()
    (guest / "main.c").write_text(C_LIBRARY)
    result = make("run", DIR=guest, CMDLINE="a")
    require(result, 2, "|1.000000 0.333 1.00e+00 1e+10|\n|2.5 -1000|\n"
            "no newline", "umbra: guest killed: unhandled trap 6")
    assert trace(result)[:2] == ["hcall_crash", "abort"]
    result = make("run", DIR=guest)
    require(result, 2, 'assertion "words == 2" failed: file "',
            'main.c", line 28, function: count\n',
            "umbra: guest killed: unhandled trap 6")
    assert trace(result)[:3] == ["hcall_crash", "abort", "__assert_func"]
    assert "main" in trace(result)


def test_guest_and_command_line():
    """The command line arrives as it was written."""
    words = "a=b,c ,, \"quoted 'words'\" $HOME `x` * \\"
    require(scripted(GUEST=guest_elf("cmdline"), CMDLINE=words), 0,
            "umbra: guest powered off: " + words.replace("\\", "\\\\"))


def test_initrd_and_disk(tmp_path):
    """Roles are written for every module; commas in names are doubled."""
    initrd = tmp_path / "an,initrd"
    initrd.write_bytes(b"\1" * 5000)
    require(scripted(GUEST=guest_elf("initrd"), DISK=initrd, INITRD=initrd),
            0, "umbra: guest powered off: initrd of 5000 bytes, sum 0x1388")


@pytest.mark.parametrize("settings, status, text", [
    ({"GUEST": guest_elf("ud2")}, 35, "run: the guest was killed"),
    ({"GUEST": "iso/run"}, 39, "run: the guest could not be started"),
    ({"GUEST": guest_elf("restart"), "UMBRA": "on-restart=exit"}, 41,
     "umbra: guest restarted"),
], ids=["killed", "not-a-kernel", "restart"])
def test_failures(settings, status, text):
    """Every other end is visible in the exit status and in words."""
    require(scripted(**settings), status, text)


def test_input_is_a_pipe():
    """Bytes for the serial line, Control-A among them, harm nothing."""
    require(scripted(stdin=b"typed\1x\1c\3\0" * 1000,
                     GUEST=guest_elf("spin-irq")), 0,
            "umbra: guest powered off: PASS")


def hang_up_ends():
    """In the child: it ends with its terminal, although under nohup the tests
    themselves, whose settings it has inherited, do not."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def terminal(**settings):
    """Run with a terminal."""
    return pexpect.spawn(RUN, env=environment(settings), timeout=TIMEOUT,
                         encoding="latin-1", preexec_fn=hang_up_ends)


def test_terminal_is_restored():
    """The terminal is raw while the guest runs, and not afterwards."""
    child = terminal(GUEST=guest_elf("spin-irq"), CMDLINE="until-typed")
    before = termios.tcgetattr(child.child_fd)
    child.expect("\\.\\.\\.")
    assert termios.tcgetattr(child.child_fd) != before
    child.send("enough")
    child.expect("umbra: guest powered off: PASS")
    child.expect(pexpect.EOF)
    assert termios.tcgetattr(child.child_fd) == before
    require_end(child)


def test_user_quits():
    """Control-A x ends an emulator whose guest is gone: success."""
    child = terminal(GUEST=guest_elf("restart"), UMBRA="on-restart=halt")
    child.expect("umbra: halted")
    leave(child)
