# SPDX-License-Identifier: GPL-2.0-or-later
"""
Programs on Gnomon, one a boot: where time matters with instruction counting,
under which every run is the same; and what Gnomon makes of bad input.
"""

import re
import struct

import pytest

from emulator import SCRATCH
from gnomon import CONFIGS, ROOT_CPIO, Session, config_name, run_program
from judge import judge, require

EVERYWHERE = pytest.mark.parametrize("config", CONFIGS, ids=config_name)
ON_UMBRA = pytest.mark.parametrize(
    "config", [c for c in CONFIGS if c[0] == "umbra"], ids=config_name)

PANIC = 37  # natively, what the debug-exit port gets
CHILDREN = 15000  # by leak, in each of four configurations
LEAK_TIMEOUT = 300


def require_pass(outcome, name):
    """The program said PASS, ended with 0, and then the power went off."""
    require(outcome, outcome.status == 33, "no clean power off")
    lines = outcome.lines()
    require(outcome, f"{name}: PASS" in lines, f"{name} did not pass")
    require(outcome, "init: ended with 0" in lines, f"{name} failed")


@EVERYWHERE
@pytest.mark.parametrize("program", ["stress 6 7", "signals", "sessions",
                                     "syslog", "tls 60", "sysfuzz 48",
                                     "pagetorture 300 5 8000"])
def test_counted(config, program):
    """Programs that check themselves, the same in every run."""
    outcome = run_program(config, program)
    require_pass(outcome, program.split()[0])


@ON_UMBRA
def test_untold_rate(config):
    """Where the time-stamp counter cannot be trusted, time comes with
    interrupts; alarms and sleeps still end."""
    outcome = run_program(config, "signals", extra=["-machine", "acpi=off"])
    require(outcome, "guests are not told" in outcome.log, "it was told")
    require_pass(outcome, "signals")


@ON_UMBRA
def test_audited(config):
    """The same with every shadow checked after every exit."""
    outcome = run_program(config, "pagetorture 150 3", counting=False,
                          options="audit=full")
    require_pass(outcome, "pagetorture")


@ON_UMBRA
def test_audited_session(config):
    """A short session at the shell, with every shadow checked."""
    with Session(config, options="audit=full") as shell:
        shell.settle()
        assert shell.run("seq 1 100 | sort -rn | head -n 1") == "100\n"
        assert shell.run("cat /init | gzip | gunzip | cmp - /init") == ""
        assert shell.run("for i in 1 2 3; do /bin/true && echo $i; done") \
            == "1\n2\n3\n"
        judge(shell.power_off(), "OFF: ...")


def frames_by_owner(shell):
    """Umbra's answer to Ctrl-] m: owner to frames, with the free ones."""
    shell.type("\x1dm")
    told = shell.expect(r"umbra: frames free:.*frames shadow: [^\n]*\n")[0]
    shell.type("\n")
    shell.prompt()
    return {owner: int(frames)
            for owner, frames in re.findall(r"frames (\w+): (\d+)", told)}


@EVERYWHERE
def test_leak(config):
    """60,000 processes, over all configurations, leave nothing behind."""
    with Session(config) as shell:
        shell.settle()
        shell.run("leak 2000", timeout=LEAK_TIMEOUT)
        before = frames_by_owner(shell) if config[0] == "umbra" else {}
        told = shell.run(f"leak {CHILDREN}", timeout=LEAK_TIMEOUT)
        assert told.endswith("leak: PASS\n")
        after = frames_by_owner(shell) if config[0] == "umbra" else {}
        outcome = shell.power_off()
        require(outcome, outcome.status == 33, "no clean power off")
    # Shadows are a cache: small objects of them are not given back.
    grown = after.pop("shadow", 0) - before.pop("shadow", 0)
    assert grown < 32, f"{grown} more frames of shadows"
    assert after.pop("free", 0) + grown == before.pop("free", 0)
    assert after == before


@EVERYWHERE
def test_quotes(config):
    """Double quotes make one word, around it or around a value."""
    outcome = run_program(config, 'sh -c "echo  said: $0 $1; poweroff" '
                          'one="a  b" "two=c d"', counting=False)
    require(outcome, outcome.status == 33, "no power off")
    require(outcome, "said: one=a b two=c d" in outcome.log, "other words")


@EVERYWHERE
def test_greedy_init(config):
    """Nobody else is there to be killed: the first process ends."""
    outcome = run_program(config, "BEGIN{while(1)a[n++]=n}", counting=False,
                          cmdline="init=/usr/bin/awk", extra=["-m", "64M"])
    require(outcome, outcome.status == 33, "no end")
    require(outcome, "gnomon: out of memory: " in outcome.log, "it had enough")
    require(outcome, "init ended by signal 7" in outcome.log, "no reason")


@pytest.mark.parametrize("config", [CONFIGS[1], CONFIGS[2]], ids=config_name)
@pytest.mark.parametrize("command, text", [
    ("exit 3", "init ended with status 3"),
    ("kill -9 $$", "init ended with status 137"),
    ("exit 0", "power off"),
])
def test_status(config, command, text):
    """How the one program ended is in the last line of all."""
    outcome = run_program(config, f'sh -c "{command}"', counting=False)
    require(outcome, outcome.status == 33, "no power off")
    require(outcome, outcome.log.rstrip().endswith(f": {text}"),
            "another last line")


def damaged(kind):
    """The root file system's archive, spoilt, and what Gnomon says of it."""
    good = ROOT_CPIO.read_bytes()
    return {
        "empty": (b"\0" * 512, "initrd: "),
        "noise": (bytes(n * 7 & 255 for n in range(8192)), "initrd: "),
        "truncated": (good[:len(good) // 2], "initrd: "),
        "size": (good[:54] + b"7fffffff" + good[62:], "initrd: "),
        "name-size": (good[:94] + b"ffffffff" + good[102:], "initrd: "),
        "not-a-number": (good[:14] + b"0000zzzz" + good[22:], "initrd: "),
        "no-init": (good.replace(b"init\0", b"inix\0", 1), "cannot run /init"),
    }[kind]


@pytest.mark.parametrize("config", [CONFIGS[1], CONFIGS[2]], ids=config_name)
@pytest.mark.parametrize("kind", ["empty", "noise", "truncated", "size",
                                  "name-size", "not-a-number", "no-init"])
def test_bad_initrd(config, kind):
    """An archive that cannot be used is named, and nothing is run."""
    content, text = damaged(kind)
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / f"{kind}-{config_name(config)}.cpio"
    path.write_bytes(content)
    outcome = run_program(config, "", counting=False, initrd=path)
    require(outcome, f"gnomon: panic: {text}" in outcome.log, "no reason")
    if config[0] == "umbra":
        assert outcome.verdict()[0] == "KILL", outcome.report()
    else:
        assert outcome.status == PANIC, outcome.report()


def elf32(machine=3, kind=2, elf_class=1, phdrs=((1, 0),), phoff=52):
    """A small ELF file: its header, and a program header for each (type,
    offset)."""
    head = struct.pack("<4sBBB9xHHIIIIIHHHHHH", b"\x7fELF", elf_class, 1, 1,
                       kind, machine, 1, 0x08048054, phoff, 0, 0, 52, 32,
                       len(phdrs), 0, 0, 0)
    table = b"".join(struct.pack("<IIIIIIII", t, offset, 0x08048000,
                                 0x08048000, 200, 200, 5, 4096)
                     for t, offset in phdrs)
    return (head + table).ljust(300, b"\x90")


PT_DYNAMIC, PT_INTERP = 2, 3

# What is not a program for Gnomon, and what it says to whom starts it.
BAD_PROGRAMS = {
    "64-bit": (elf32(machine=62, elf_class=2), "is a 64-bit program"),
    "dynamic": (elf32(phdrs=((1, 0), (PT_INTERP, 120))),
                "is a dynamic program"),
    "arm": (elf32(machine=40), "is for another processor"),
    "object": (elf32(kind=1), "is an ELF file, but no program"),
    "header": (elf32()[:40], "is truncated"),
    "table": (elf32(phoff=0xfffffff0), "is truncated"),
    "segment": (elf32(phdrs=((1, 0x7fffff00),)), None),
    "nothing": (b"", None),
    "noise": (b"\x01\x02\x03\x04" * 20, None),
}
SLOT = 4096  # of the disk, for each of them


@pytest.mark.parametrize("config", [CONFIGS[1], CONFIGS[2]], ids=config_name)
def test_bad_programs(config):
    """What cannot be run is refused with a clear message; the rest goes on."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    disk = SCRATCH / f"programs-{config_name(config)}.disk"
    disk.write_bytes(b"".join(content.ljust(SLOT, b"\0")
                              for content, _ in BAD_PROGRAMS.values()))
    with Session(config, disk=disk) as shell:
        shell.settle()
        for number, (name, (content, text)) in \
                enumerate(BAD_PROGRAMS.items()):
            shell.run(f"dd if=/dev/vda bs={SLOT} skip={number} count=1 "
                      f"2>/dev/null | head -c {len(content)} > /tmp/{name}; "
                      f"chmod +x /tmp/{name}")
            # The shell takes it for a script then, and says its part too.
            output = shell.run(f"/tmp/{name}; echo", status=None)
            assert not text or f"gnomon: /tmp/{name} {text}" in output
        assert "ermission denied" in shell.run("/tmp 2>&1", status=126)
        assert "not found" in shell.run("/nowhere", status=127)
        shell.run("chmod -x /tmp/noise; /tmp/noise", status=126)
        assert shell.run("echo alive") == "alive\n"
        assert shell.power_off().status == 33
    disk.unlink()


@pytest.mark.parametrize("config", [CONFIGS[1], CONFIGS[2]], ids=config_name)
def test_memory_exhaustion(config):
    """Whoever eats all memory is refused or killed by name; others live."""
    with Session(config, memory="64M") as shell:
        shell.settle()
        shell.type("sleep 1000 &\n")
        shell.prompt()
        shell.type("awk 'BEGIN { s = \"x\"; while (1) s = s s }'\n")
        shell.prompt()
        shell.run("dd if=/dev/zero of=/tmp/full bs=1M", status=1)
        shell.run("rm /tmp/full")
        shell.type("tail -c 2000000000 /dev/zero\n")
        shell.prompt()
        assert shell.run("kill %1; echo alive").endswith("alive\n")
        assert int(shell.run("awk '/frames.free/ { print $2 }' "
                             "/proc/gnomon")) > 3000
        outcome = shell.power_off()
        assert outcome.status == 33
        assert re.search(r"out of memory", outcome.log)
