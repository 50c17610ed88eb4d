# SPDX-License-Identifier: GPL-2.0-or-later
"""
Real Linux kernels, from the folder that UMBRA_LINUX names, to a shell on the
serial console and through heavy work. Skipped where there is no such folder.
"""

import os
import time

import pytest

import linux_guest
from emulator import SCRATCH, TEST_OPTIONS, direct_boot, kernel_module, make_iso
from emulator import run
from judge import judge, require
from linux_guest import PATIENCE, Shell, boot, bzimage, initrd, kernels, vmlinux

pytestmark = pytest.mark.skipif(not linux_guest.FOLDER,
                                reason="UMBRA_LINUX names no folder of kernels")

NAMES = kernels() or ["none"]

# What a healthy kernel does not say.
WARNINGS = ["WARNING", "BUG:", "Call Trace", "cut here", "Oops", "bad page",
            "lockup", "nobody cared", "Bad page"]

DISK_MIB = 24
KILLED = 128 + 9  # a shell's status for a killed process
PASTED_LINES = 1024
LEAST_OF_2G = 800 << 10  # KiB: all that there is without high memory
COPIES = 24  # of 16 MiB
LEAST_HIGH = 256 << 10  # KiB: what of them is there


@pytest.fixture(name="disk", scope="session")
def disk_image():
    """A disk of noise, as a file."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / "linux.disk"
    path.write_bytes(os.urandom(DISK_MIB << 20))
    return path


def require_healthy(shell):
    """The kernel's log has no warning."""
    log = shell.must("dmesg")
    found = [word for word in WARNINGS if word in log]
    assert not found, f"{found} in the kernel's log:\n{log}"


def power_off(shell):
    """The guest ends as it should."""
    outcome = shell.power_off()
    judge(outcome, "OFF: ...")


def use_disk(shell):
    """Write all of the disk, and find it again."""
    size = f"bs=1M count={DISK_MIB}"
    shell.must("echo 3 > /proc/sys/vm/drop_caches")
    before = shell.must("md5sum < /dev/vda")
    shell.must(f"dd if=/dev/vda of=/tmp/copy {size}")
    assert shell.must("md5sum < /tmp/copy") == before
    shell.must(f"dd if=/dev/urandom of=/tmp/new {size}")
    shell.must(f"dd if=/tmp/new of=/dev/vda {size}")
    shell.must("sync; echo 3 > /proc/sys/vm/drop_caches")
    shell.must("cmp /tmp/new /dev/vda")
    _, status = shell.ask(
        f"dd if=/dev/zero of=/dev/vda bs=1M seek={DISK_MIB} count=1")
    assert status != 0, "there is room behind the disk's end"
    shell.must("rm /tmp/new /tmp/copy")


def use_hwrng(shell):
    """Two reads of random numbers differ, and are not constant."""
    lines = {shell.must("dd if=/dev/hwrng bs=64 count=4 2>/dev/null | md5sum")
             for _ in range(4)}
    assert len(lines) == 4, lines


@pytest.mark.parametrize("name", NAMES)
def test_elf(name, disk):
    """A kernel as an ELF file: shell, disk, random numbers, power off."""
    with Shell(boot(vmlinux(name), disk=disk)) as shell:
        shell.start()
        assert shell.must("uname -r").startswith(name.partition("-")[0])
        use_disk(shell)
        use_hwrng(shell)
        require_healthy(shell)
        power_off(shell)


@pytest.mark.parametrize("name", NAMES)
def test_iso(name, disk):
    """The same as a compressed image, booted the way users do."""
    iso = make_iso(SCRATCH / f"linux-{name}.iso",
                   [f"{bzimage(name)} kernel", f"{initrd()} initrd",
                    f"{disk} disk"], TEST_OPTIONS)
    with Shell(["-cdrom", str(iso)]) as shell:
        shell.start()
        shell.must("dd if=/dev/vda of=/dev/null bs=1M")
        require_healthy(shell)
        power_off(shell)


@pytest.mark.parametrize("name", NAMES)
def test_no_root(name):
    """A kernel without a root file system says so with its last breath."""
    outcome = run(direct_boot([kernel_module(vmlinux(name))]),
                  memory="128M", timeout=PATIENCE)
    judge(outcome, "OFF: VFS: Unable to mount root fs on unknown-block(0,0)")
    require(outcome, "Unable to mount root" in
            outcome.log.partition("umbra: guest powered off")[0],
            "not on the early console")


# Doubles until the limit is reached, and again whenever there is room.
BOMB = "b() { b | b & b | b & }; ulimit -u 200; renice -n 19 $$; b; sleep 3"
BOMB_LIMIT = 200
SPARE = 50  # processes that come and go


def count_processes(shell):
    """How many processes there are, the kernel's own included."""
    return int(shell.must("ls -d /proc/[0-9]* 2>/dev/null | wc -l"))


def wait_for_processes(shell, least):
    """Until there are so many, however long this kernel takes."""
    deadline = time.monotonic() + PATIENCE
    while (count := count_processes(shell)) < least:
        assert time.monotonic() < deadline, f"only {count} processes"
    return count


@pytest.mark.parametrize("name", NAMES)
def test_processes(name):
    """A thousand processes, and somebody who wants more than he may have."""
    with Shell(boot(vmlinux(name))) as shell:
        shell.start()
        own = count_processes(shell)
        shell.must("i=0; while [ $i -lt 1000 ]; do sleep 9999 & "
                   "i=$((i+1)); done > /dev/null 2>&1")
        assert count_processes(shell) >= 1000
        shell.must("kill $(jobs -p); wait; true")
        assert count_processes(shell) <= own + 2
        shell.must(f"echo '{BOMB}' > /tmp/bomb; renice -n -15 $$")
        shell.ask("ops user /bin/sh /tmp/bomb > /dev/null 2>&1")
        most = own + BOMB_LIMIT
        assert wait_for_processes(shell, most - SPARE) < most + SPARE
        shell.must("while ops user /bin/kill -9 -1 2>/dev/null; "
                   "[ $(ls -d /proc/[0-9]* | wc -l) -gt 60 ]; do :; done")
        require_healthy(shell)
        power_off(shell)


@pytest.mark.parametrize("name", NAMES)
def test_no_memory(name):
    """More memory than there is: the guest's own killer acts."""
    with Shell(boot(vmlinux(name), options="guest.mem=96M")) as shell:
        shell.start()
        shell.must("echo 1 > /proc/sys/vm/overcommit_memory")
        text, status = shell.ask("ops hog")
        assert status == KILLED, text
        assert "Out of memory" in shell.must("dmesg")
        shell.must("dd if=/dev/zero of=/tmp/most bs=1M count=24")
        shell.must("rm /tmp/most")
        power_off(shell)


def meminfo(shell):
    """The fields of /proc/meminfo, in KiB."""
    return {line.partition(":")[0]: int(line.split()[1])
            for line in shell.must("cat /proc/meminfo").splitlines()}


@pytest.mark.parametrize("name", NAMES)
def test_much_memory(name):
    """2 GiB, high memory too where the kernel has it, written and read."""
    with Shell(boot(vmlinux(name), options="guest.mem=2G"),
               memory="2560M") as shell:
        shell.start()
        before = meminfo(shell)
        assert before["MemTotal"] > LEAST_OF_2G
        shell.must("dd if=/dev/urandom of=/tmp/0 bs=1M count=16")
        shell.must(f"for i in $(seq {COPIES}); do cp /tmp/0 /tmp/$i; done")
        after = meminfo(shell)
        if "HighTotal" in before:
            assert before["HighFree"] - after["HighFree"] > LEAST_HIGH, after
        sums = shell.must("cat /tmp/* | md5sum; i=0; "
                          f"while [ $i -le {COPIES} ]; do cat /tmp/0; "
                          "i=$((i+1)); done | md5sum").split()
        assert sums[0] == sums[2], sums
        require_healthy(shell)
        power_off(shell)


@pytest.mark.parametrize("name", NAMES)
def test_paste(name):
    """64 KiB pasted at once arrive whole."""
    text = "".join(f"{n:05d} the quick brown fox jumps over the lazy dog ++\n"
                   for n in range(PASTED_LINES + 200))[:65536 - 64]
    text = text[:text.rindex("\n") + 1]
    with Shell(boot(vmlinux(name))) as shell:
        shell.start()
        shell.must("stty -echo")
        shell.type("cat > /tmp/pasted << 'END'\n")
        shell.type(text)
        shell.type("END\n")
        shell.must("stty echo")
        size = int(shell.must("wc -c < /tmp/pasted").split()[0])
        assert size == len(text), f"{size} bytes of {len(text)} arrived"
        shell.must("sed -n '1p;$p' /tmp/pasted")
        power_off(shell)


def report_on(kernel):
    """Let Umbra end a guest; what it reports, and its log's last line."""
    with Shell(boot(kernel)) as shell:
        shell.start()
        last = shell.must("dmesg").splitlines()[-1].partition("] ")[2]
        shell.must("sleep 1")
        shell.type("\x1dk")
        outcome = shell.finish(timeout=PATIENCE)
    judge(outcome, "KILL: by Ctrl-] k")
    report = outcome.log.partition("umbra: guest killed")[2]
    # Wherever it was, it had made calls.
    require(outcome, ", at lguest_" in report, "no names")
    return report, last


@pytest.mark.parametrize("name", NAMES)
def test_report(name):
    """
    A report names functions, of a compressed kernel by its own table. With
    symbols of data, which that table of old kernels lacks, it has the log.
    """
    report_on(bzimage(name))
    report, last = report_on(vmlinux(name))
    assert last and last in report.partition("the guest's log ends with:")[2]
