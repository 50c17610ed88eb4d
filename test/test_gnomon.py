# SPDX-License-Identifier: GPL-2.0-or-later
"""
A session at Gnomon's shell: BusyBox as people use it, the same on Umbra and
natively, with either format of page tables. One boot for each serves all
tests here in turn; the last one powers off.
"""

import hashlib
import re

import pytest

from emulator import SCRATCH, TIMEOUT
from gnomon import (CONFIGS, PLATFORMS, ROOT_CPIO, Session, config_name,
                    cpio_files)
from judge import judge, require

MIB = 1 << 20
DISK_SIZE = 12 * MIB
DATA_SIZE = 8 * MIB  # of the disk: what is read, the rest is written

# For what keeps a machine busy for a while.
LONG = 4 * TIMEOUT

CONTROL_C = "\x03"
CONTROL_D = "\x04"
CONTROL_Z = "\x1a"
ESCAPE = "\x1b"
DELETE = "\x7f"


def disk_data():
    """Text and noise in turn, so that it can be packed, but not too well."""
    noise = hashlib.sha256()
    parts = []
    for number in range(DATA_SIZE // 128):
        noise.update(b"more")
        parts.append(noise.digest() * 2 + b"line %08d of the disk, " % number
                     + b"the quick brown fox jumps over t\n"[:64 - 31 + 1])
    return b"".join(part[:128].ljust(128, b".") for part in parts)


@pytest.fixture(scope="module", name="data")
def fixture_data():
    """What is on the disk."""
    data = disk_data()
    assert len(data) == DATA_SIZE
    return data


@pytest.fixture(scope="module", params=CONFIGS, ids=config_name, name="shell")
def fixture_shell(request, data):
    """A shell that has said hello."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    disk = SCRATCH / f"gnomon-{config_name(request.param)}.disk"
    disk.write_bytes(data + bytes(DISK_SIZE - DATA_SIZE))
    with Session(request.param, disk=disk) as session:
        session.disk = disk
        session.settle()
        yield session
    disk.unlink()


def md5(content):
    """As md5sum prints it."""
    return hashlib.md5(content).hexdigest()


def test_who_is_there(shell):
    """A root shell on a terminal of its own, in the right kernel."""
    assert shell.run("id -u; tty; uname -s -m").split() == [
        "0", "/dev/console", "Linux", "i686"]
    assert "proc /proc proc" in shell.run("mount; cat /proc/mounts")
    assert "sh" in shell.run("ps")
    assert int(shell.run("free | awk '/^Mem/ { print $2 }'")) > 100000
    assert int(shell.run("awk '{ print $22 }' /proc/self/stat")) > 0


def test_pipes(shell):
    """Pipelines of several programs, and their status."""
    assert shell.run("seq 1 1000 | grep 7 | wc -l") == "271\n"
    assert shell.run("echo abc | tr a-z A-Z | rev | cat") == "CBA\n"
    shell.run("true | false", status=1)
    shell.run("yes | head -n 1", status=0)
    assert shell.run("(echo one; echo two) | (read x; read y; "
                     "echo $y $x)") == "two one\n"
    assert shell.run("echo a | cat /dev/stdin") == "a\n"


def test_redirection(shell):
    """Files written, appended, read, and standard error."""
    shell.run("cd /tmp; echo first > r; echo second >> r")
    assert shell.run("cat < r; wc -c < r") == "first\nsecond\n13\n"
    assert "No such file" in shell.run("cat /nowhere 2>&1", status=1)
    assert shell.run("ls /nowhere 2>/dev/null | wc -l") == "0\n"
    shell.run("ln -s r link; mkdir -p a/b/c; mv r a/b/c/moved; rm link")
    assert shell.run("find a | sort") == \
        "a\na/b\na/b/c\na/b/c/moved\n"
    shell.run("chmod 640 a/b/c/moved; touch -t 202001020304 a/b/c/moved")
    assert shell.run("stat -c '%a %s' a/b/c/moved") == "640 13\n"
    shell.run("rm -r a; cd /")
    assert shell.run("ls /tmp") == ""


def test_line_editing(shell):
    """The shell's own line editor, and the terminal's."""
    shell.type("echo wrong" + 5 * DELETE + "right\n")
    shell.expect("\nright\r\n")
    shell.prompt()
    shell.start("cat > /tmp/typed")
    shell.type("one" + DELETE + "\ntwo\n" + CONTROL_D)
    shell.prompt()
    assert shell.run("cat /tmp/typed; rm /tmp/typed") == "on\ntwo\n"


def test_background(shell):
    """Jobs in the background, waited for."""
    output = shell.run("sleep 1000 & sleep 1000 & jobs | grep -c Running; "
                       "kill %1 %2; sleep 1 & wait; echo over")
    assert "2\n" in output and output.endswith("over\n")


def test_interrupt(shell):
    """Control-C ends what is in front, and the shell lives."""
    shell.start("sleep 1000")
    shell.type(CONTROL_C)
    shell.prompt()
    assert shell.run("echo alive") == "alive\n"
    shell.start("sh -c \"while true; do true; done\"")
    shell.type(CONTROL_C)
    shell.prompt()
    shell.start("cat /dev/zero | wc -c")
    shell.type(CONTROL_C)
    shell.prompt()
    assert shell.run("pidof wc sleep cat", status=1) == ""


def test_stop(shell):
    """Control-Z stops a job, which goes on in the background and in front."""
    shell.start("sleep 1000")
    shell.type(CONTROL_Z)
    shell.expect("Stopped")
    shell.prompt()
    assert "Stopped" in shell.run("jobs")
    assert shell.run("ps -o stat,args | grep '[s]leep 1000'")[0] == "T"
    shell.run("bg")
    assert "Running" in shell.run("jobs")
    # fg speaks before it hands over the terminal: a key may come too early.
    for _ in range(5):
        if shell.run("jobs"):
            shell.type("fg\n")
            shell.expect("exec sleep 1000")
            shell.interrupt()
    assert shell.run("jobs") == ""


def test_scripts(shell):
    """First lines: an argument, an interpreter that is a script, none."""
    shell.run("cd /tmp; echo '#!/bin/sh -e  ' > one; "
              "echo 'tr \\\\0 : < /proc/$$/cmdline' >> one; "
              "echo '#! /tmp/one  x y' > two; printf '#!/tmp/two' > three; "
              "printf '#! \\t' > blank; echo '#!/tmp/loop' > loop; "
              "chmod +x one two three blank loop")
    assert shell.run("./one a b") == "/bin/sh:-e:./one:a:b:"
    assert shell.run("./three a") == \
        "/bin/sh:-e:/tmp/one:x y:/tmp/two:./three:a:"
    shell.run("./blank")
    assert "Too many levels" in shell.run("./loop 2>&1", status=127)
    shell.run("rm one two three blank loop; cd /")


def test_many_arguments(shell):
    """A program gets as many arguments as fit; more are refused."""
    shell.run("x=$(seq 1 30000)")
    assert shell.run("/bin/echo $x | wc -w") == "30000\n"
    assert "too long" in shell.run("/bin/echo $x $x $x $x 2>&1", status=126)


def test_vi(shell):
    """vi edits a file. After Escape it waits for what may be a longer key,
    so its answer comes before more is typed. How it draws the text depends on
    when keys arrive; its status line does not."""
    shell.start("vi /tmp/poem")
    shell.expect("~")
    for keys, answer in [
            ("iroses are red\nviolets are blue" + ESCAPE, r"- /tmp/poem \[Modified\] 2/2"),
            ("1Gyyp", "Put 1 lines"),
            ("cw", "I /tmp/poem"),
            ("tulips" + ESCAPE, r"- /tmp/poem \[Modified\] 2/3"),
            (":s/red/white/\n", r"- /tmp/poem \[Modified\] 2/3"),
            ("Gdd", "Delete 1 lines")]:
        shell.type(keys)
        shell.expect(answer)
    shell.type(":wq\n")
    shell.prompt()
    assert shell.run("cat /tmp/poem; rm /tmp/poem") == \
        "roses are red\ntulips are white\n"


def test_top(shell):
    """top refreshes by itself, and ends by a key."""
    shell.start("top -d 1")
    for _ in range(3):
        shell.expect("Mem: .*Load average.*PID.*/init")
    shell.type("q")
    shell.prompt()


def test_random(shell):
    """A read of some megabytes is whole, and yet a key ends it."""
    dd = "dd if=/dev/urandom of=/dev/null"
    assert "2+0 records in\n" in shell.run(f"{dd} bs=1M count=2 2>&1")
    shell.start(f"{dd} bs=31M count=100000")
    shell.interrupt()


def test_log(shell):
    """What the kernel says is kept; what it lacks is noted, not shown."""
    for _ in range(2):
        assert "gnomon: " not in shell.run("ionice -p 1", None)
    lines = shell.run("dmesg").splitlines()
    assert any("of memory free" in line for line in lines)
    missing = [line for line in lines if "ioprio_get" in line]
    assert missing == ["system call 290 (ioprio_get) is not implemented"]
    shell.run("dmesg -c >/dev/null")
    assert shell.run("dmesg") == ""


def test_log_full(shell):
    """New lines push out whole lines, and no level hides a panic."""
    bad = "/tmp/" + 120 * "b"
    shell.run(f"printf '\\177ELF\\2' >{bad}; chmod +x {bad}; dmesg -n 6")
    shell.run(f"for i in $(seq 80); do {bad}; done 2>/dev/null", None)
    lines = shell.run("dmesg").splitlines()
    assert len(lines) > 40
    assert len(set(lines)) == 1 and lines[0].startswith(bad + " "), lines[0]
    shell.run(f"rm {bad}; dmesg -c >/dev/null; dmesg -n 7")
    for level in 0, 9, 16:
        shell.run(f"dmesg -n {level} 2>/dev/null", 1)


def test_window(shell):
    """The terminal has the size it was told, and a program hears of it."""
    shell.run("stty rows 40 cols 132")
    assert shell.run("stty size") == "40 132\n"
    assert shell.run("sh -c 'trap \"echo changed\" WINCH; "
                     "stty rows 25 cols 500; true'") == "changed\n"
    assert shell.run("stty size") == "25 500\n"


def test_resize(shell):
    """A terminal on a serial line is asked; one may not answer."""
    shell.type("resize\n")
    shell.expect(r"\x1b\[999;999H\x1b\[6n")
    shell.type("\x1b[30;500R")
    shell.expect("30 rows, 500 columns\r")
    shell.prompt()
    assert shell.run("stty size") == "30 500\n"
    assert "no terminal" in shell.run("resize < /dev/null", 1)
    assert "does not answer" in shell.run("resize", 1)
    shell.run("stty rows 25")


@pytest.mark.parametrize("consoles, size", [
    ("com1,vga", "25 80"), ("com1", "24 80"),
])
def test_screen_size(consoles, size):
    """A screen tells its size; a serial line has none to tell."""
    with Session(("umbra", "pae"), options=f"console={consoles}") as shell:
        shell.prompt()
        assert shell.run("stty size") == f"{size}\n"


def test_proc(shell):
    """What programs ask of the system, the processor and themselves."""
    assert shell.run("cat /proc/version").startswith("Linux version ")
    assert "vendor_id" in shell.run("cat /proc/cpuinfo")
    assert "ramfs" in shell.run("cat /proc/filesystems")
    maps = shell.run("cat /proc/self/maps")
    assert re.search(r"^[0-9a-f]{8}-[0-9a-f]{8} r-xp [0-9a-f]{8} 00:\d\d \d+ "
                     "+/bin/busybox$", maps, re.M), maps
    assert re.search(r"^[0-9a-f]{8}-[0-9a-f]{8} rw-p .* \[stack\]$", maps,
                     re.M), maps


def test_find(shell):
    """Every file of the root file system is there, with every byte."""
    output = shell.run("find / -xdev -type f | xargs md5sum")
    found = dict(reversed(line.split("  /"))
                 for line in output.splitlines())
    for name, content in cpio_files(ROOT_CPIO):
        assert found.get(name) == md5(content), name


def test_disk_read(shell, data):
    """dd from the disk."""
    assert shell.run(f"dd if=/dev/vda bs=64k count={DATA_SIZE // 65536} "
                     "2>/dev/null | md5sum").split()[0] == md5(data)
    assert shell.run("dd if=/dev/vda bs=512 skip=3 count=1 2>/dev/null | "
                     "md5sum").split()[0] == md5(data[1536:2048])
    assert shell.run("blockdev --getsize64 /dev/vda") == f"{DISK_SIZE}\n"


def test_gzip(shell, data):
    """A round trip of 8 MiB, compared bit for bit."""
    shell.run(f"cd /tmp; head -c {DATA_SIZE} /dev/vda > big; "
              "gzip -1 -c big > big.gz", timeout=LONG)
    assert int(shell.run("wc -c < big.gz")) < DATA_SIZE * 3 // 4
    shell.run("gunzip -c big.gz > back; cmp big back", timeout=LONG)
    assert shell.run("md5sum < back").split()[0] == md5(data)
    shell.run("rm big big.gz back; cd /")


def test_disk_write(shell):
    """dd to the disk; natively it is in the image."""
    shell.run(f"dd if=/bin/busybox of=/dev/vda bs=4096 "
              f"seek={DATA_SIZE // 4096} conv=fsync,notrunc 2>/dev/null")
    size = int(shell.run("wc -c < /bin/busybox"))
    busybox = dict(cpio_files(ROOT_CPIO))["bin/busybox"]
    assert shell.run(f"tail -c +{DATA_SIZE + 1} /dev/vda | head -c {size} | "
                     "md5sum").split()[0] == md5(busybox)
    if shell.config[0] == "native":
        written = shell.disk.read_bytes()[DATA_SIZE:DATA_SIZE + size]
        assert written == busybox


def test_disk_cannot_be_mounted(shell):
    """The disk's format is up to programs, as the README says."""
    assert "No such device" in shell.run("mount -t ext2 /dev/vda /mnt", 255)


def test_awk_and_sort(shell):
    """100,000 lines, computed and sorted."""
    lines = sorted(f"{n * 7919 % 100003:06} {n}\n" for n in range(1, 100001))
    assert shell.run("seq 100000 | awk '{ printf \"%06d %d\\n\", "
                     "$1 * 7919 % 100003, $1 }' | sort | md5sum",
                     timeout=LONG).split()[0] == md5("".join(lines).encode())


def test_many_processes(shell):
    """A loop of 2,000 processes leaves no memory behind."""
    loop = ("i=0; while [ $i -lt %d ]; do /bin/true || break; "
            "i=$((i + 1)); done; echo $i; "
            "grep frames.free /proc/gnomon")
    before = shell.run(loop % 50).split()
    after = shell.run(loop % 2000, timeout=LONG).split()
    assert after[0] == "2000"
    assert abs(int(after[-1]) - int(before[-1])) < 16


@pytest.mark.parametrize("program", ["signals", "sessions", "tls",
                                     "pagetorture 1500", "stress 5"])
def test_program(shell, program):
    """Programs that check themselves."""
    output = shell.run(program, timeout=LONG)
    assert output.endswith(f"{program.split()[0]}: PASS\n"), output


def test_faults(shell):
    """A program's fault is its own end, and the shell says what it was."""
    assert "Segmentation fault" in shell.run("sh -c 'kill -SEGV $$'",
                                             status=139)
    assert shell.run("echo alive") == "alive\n"


def test_power_off(shell):
    """The end of the session is a clean one."""
    outcome = shell.power_off()
    if shell.config[0] == "umbra":
        judge(outcome, "OFF: ...")
    assert outcome.status == 33, outcome.report()
    assert not re.search(r"gnomon: .*(unknown|BUG)", outcome.log)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_typed_ahead(platform):
    """What is typed before anything runs reaches the shell whole."""
    with Session((platform, "pae")) as session:
        outcome = session.power_off()
    require(outcome, outcome.status == 33, "it did not power off")
