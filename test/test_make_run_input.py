# SPDX-License-Identifier: GPL-2.0-or-later
"""
What "make run" does with its standard input: all of it is the guest's, and
its end is the end of the guest's terminal.
"""

import os
import pathlib
import pty
import random
import signal
import subprocess
import time

import pexpect
import pytest

from emulator import TIMEOUT, guest_elf
from test_make_run import (RUN, environment, leave, require, require_end,
                           scripted, terminal)

PROMPT = "~ # "
OFF = "umbra: guest powered off: power off"
PASTE = 65536
SCRIPT = 16384  # Gnomon's terminal has a quarter of that

# More than is lost before the menu's second begins.
MANY_ESC = "\x1b" * 64

# Gnomon without a boot loader: the same, and faster.
DIRECT = {"CMDLINE": "paging=pae"}


@pytest.mark.parametrize("text, wanted", [
    (b"echo $((6 * 7))\n", "\n42\r\n"),
    (b"c=6\necho $((c * 7))\n", "\n42\r\n"),
    (b"", PROMPT),
], ids=["editor", "command-line", "empty"])
def test_iso(text, wanted):
    """The boot loader gets nothing of it, in which e and c are keys."""
    require(scripted(stdin=text), 0, "umbra: loaded by GRUB", wanted, OFF)


@pytest.mark.parametrize("text, wanted", [
    (b"sleep 2; echo $((6 * 7))\n", "\n42\r\n"),
    (b"echo $((6 * 7))", "\n42\r\n"),
    (b"sh\nrev\n!ereht ih\n", "\nhi there!\r\n"),
    (b"exit\n", ""),
    (b"kill -9 $$\n", "init: the shell was killed; here is another"),
], ids=["sleep", "no-newline", "readers", "exit", "killed"])
def test_end(text, wanted):
    """Every program that reads comes to an end, and Gnomon powers off."""
    require(scripted(stdin=text, **DIRECT), 0, wanted, OFF)


QUESTION = "\x1b[6n"  # where is the cursor? The shell asks it.


def test_questions():
    """Where nobody can answer a terminal's questions there are none, however
    they come. All else is shown, also what looks like one."""
    text = (b"printf 'a\\033[5nb\\033[1mc\\033'; sleep 1; printf '[6'; "
            b"sleep 1; printf 'nd\\033[>0ce\\033[6'\n")
    result = scripted(stdin=text, **DIRECT)
    require(result, 0, "\nab\x1b[1mcde\x1b[6~ # \r\n", OFF)
    assert QUESTION not in result.stdout.decode("latin-1")


@pytest.mark.parametrize("output", ["terminal", "pipe"])
def test_questions_of_terminal(output):
    """Who sits at a terminal is asked, unless the output is elsewhere."""
    child = terminal(**DIRECT) if output == "terminal" else pexpect.spawn(
        "sh", ["-c", f"'{RUN}' | cat"], env=environment(DIRECT),
        timeout=TIMEOUT, encoding="latin-1")
    child.expect(PROMPT)
    child.send("sleep 1; printf '%s\\n' here\n")
    child.expect("\nhere\r+\n")
    child.expect(PROMPT)
    child.send("poweroff\n")
    child.expect(OFF)
    assert (QUESTION in child.before) == (output == "terminal")


def test_late_text():
    """Nobody hurries: what comes after the prompt is as good."""
    with subprocess.Popen([RUN], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE,
                          env=environment(DIRECT)) as process:
        read_to(process.stdout.fileno(), PROMPT)
        time.sleep(3)
        output, _ = process.communicate(b"echo $((6 * 7))\n", TIMEOUT)
    assert b"\n42\r\n" in output and OFF.encode() in output, output
    assert process.returncode == 0


def read_to(fd, wanted):
    """Read until that was printed."""
    text = b""
    while wanted.encode() not in text:
        data = os.read(fd, 4096)
        assert data, text
        text += data


def test_script():
    """Text that the guest's terminal has no room for waits for it."""
    numbers = random.Random(14)
    lines, total = ["set +o emacs; x=0\n"], 0
    while sum(map(len, lines)) < SCRIPT:
        number = numbers.randrange(1 << 16)
        total += number
        lines.append(f"x=$((x + {number})) # {'.' * 99}\n")
    lines.append("echo \"sum $x\"\n")
    require(scripted(stdin="".join(lines).encode(), **DIRECT), 0,
            f"\nsum {total}\r\n", OFF)


def test_binary():
    """Every byte arrives, in order; the end of the input is Ctrl-D."""
    data = random.Random(7).randbytes(PASTE)
    data = data.translate(None, b"\x04\x1d") + b"\n"
    total = 0
    for byte in data:
        total = (total * 31 + byte) & 0xFFFFFFFF
    require(scripted(stdin=data, GUEST=guest_elf("keys"), CMDLINE="add"), 0,
            f"read {len(data)} bytes, sum {total:08x}", "powered off: PASS")


def test_guest_runs_on():
    """A guest to which the end means nothing ends when it likes."""
    require(scripted(GUEST=guest_elf("spin-irq")), 0, "powered off: PASS")


@pytest.mark.parametrize("seconds, status, text", [
    ("2", 124, "run: TIMEOUT is over"), ("0.5", 124, "run: TIMEOUT is over"),
    ("soon", 1, "run: TIMEOUT='soon' is no number of seconds"),
    ("1.2.3", 1, "no number"),
])
def test_timeout(seconds, status, text):
    """Or when TIMEOUT says so."""
    require(scripted(GUEST=guest_elf("keys"), CMDLINE="sleep",
                     TIMEOUT=seconds), status, text)


def test_no_input():
    """No standard input at all is an empty one."""
    result = subprocess.run(["sh", "-c", f"'{RUN}' <&-"], check=False,
                            stdout=subprocess.PIPE, timeout=TIMEOUT,
                            env=environment(DIRECT))
    require(result, 0, OFF)


def test_reader_leaves():
    """Whoever reads the output may leave: nothing waits for ever."""
    with subprocess.Popen([RUN], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE,
                          env=environment(DIRECT)) as process:
        read_to(process.stdout.fileno(), PROMPT)
        process.stdout.close()
        process.stdin.write(b"echo nobody reads this\n")
        process.stdin.flush()
        assert process.wait(TIMEOUT) == 0


def test_terminal_closed():
    """A terminal that goes away without a signal is the end of the input."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([RUN], stdin=theirs, stdout=theirs, stderr=theirs,
                          env=environment(DIRECT),
                          start_new_session=True) as process:
        os.close(theirs)
        read_to(ours, PROMPT)
        os.close(ours)
        assert process.wait(TIMEOUT) == 0


def emulators(pid):
    """The processes that a process has started."""
    path = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def require_gone(pids):
    """They end soon, and leave nothing behind."""
    assert pids
    deadline = time.monotonic() + TIMEOUT
    while any(os.path.exists(f"/proc/{pid}/mem") and
              "State:\tZ" not in pathlib.Path(f"/proc/{pid}/status")
              .read_text() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM,
                                    signal.SIGKILL])
def test_signal(number):
    """A signal ends the emulator too; a hang-up is one."""
    child = terminal(GUEST=guest_elf("keys"), CMDLINE="sleep")
    child.expect("asleep")
    pids = emulators(child.pid)
    if number == signal.SIGHUP:
        child.ptyproc.fileobj.close()
    else:
        child.kill(number)
        child.expect(pexpect.EOF)
        child.close()
    require_gone(pids)


def test_hint_of_the_halted():
    """On a terminal, and only there, a halted machine can be left by keys."""
    child = terminal(GUEST=guest_elf("ud2"), UMBRA="on-crash=halt")
    child.expect("umbra: Ctrl-] b starts the guest again")
    child.expect("umbra: halted\r+\nrun: Ctrl-A x leaves the emulator\r\n")
    child.send("\x1db")
    child.expect("umbra: halted\r+\nrun: Ctrl-A x leaves the emulator\r\n")
    leave(child)
    settings = {"GUEST": guest_elf("ud2"), "UMBRA": "on-crash=halt"}
    with subprocess.Popen([RUN], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=environment(settings)) as process:
        read_to(process.stdout.fileno(), "umbra: halted\r\n")
        time.sleep(1)
        process.terminate()
        output, _ = process.communicate(timeout=TIMEOUT)
    assert b"Ctrl-A" not in output


def test_typed_early():
    """What is typed on a terminal during the boot is the shell's, too."""
    child = terminal()
    child.send("echo $((6 * 7))\npoweroff\n")
    child.expect("\n42\r+\n")
    child.expect(OFF)
    require_end(child)


def test_menu():
    """Esc is for the boot loader's menu, and Ctrl-A for the emulator."""
    child = terminal()
    child.send("e" + MANY_ESC)
    child.expect("Press Esc")
    child.expect("Umbra, naming each step of the boot")
    leave(child)


def test_ignored_hangup():
    """Who started it with SIGHUP ignored wants it to go on."""
    command = ["sh", "-c", f"trap '' HUP; exec '{RUN}'"]
    with subprocess.Popen(command, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE,
                          env=environment(DIRECT)) as process:
        read_to(process.stdout.fileno(), PROMPT)
        process.send_signal(signal.SIGHUP)
        output, _ = process.communicate(b"echo $((6 * 7))\n", TIMEOUT)
    assert b"\n42\r\n" in output, output
    assert process.returncode == 0
