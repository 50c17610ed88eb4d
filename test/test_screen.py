# SPDX-License-Identifier: GPL-2.0-or-later
"""
Machines with a screen and a keyboard, with a serial port or without.
"""

import re
import subprocess

import pytest

from emulator import (ROOT, SCRATCH, TEST_OPTIONS, Emulator, direct_boot,
                      guest_elf, kernel_module, make_iso, run)
from judge import judge, require
from screen import FONT, UNKNOWN, Watched

WHITE, GREY, RED, BLACK = 0xFFFFFF, 0xAAAAAA, 0xAA0000, 0x000000

VGA_TEXT, VGA_COLS, VGA_ROWS = 0xB8000, 80, 25
VGA_CELL = 9  # pixels; the ninth column is a gap
# In cells of nine pixels the VGA's own font has other pictures for these.
VGA_OWN = set("\"'+-0MTVWXYZmvwx")

# Bank 1: valid, uncorrected, enabled, context corrupt.
MACHINE_CHECK = "mce 0 1 0xb200000000000000 0x5 0 0"

# The screen is looked at when everything is over.
STAY = ["-no-shutdown"]

MENU = {"debug": 1, "serial": 2, "text": 3, "multiboot1": 4}


def iso_of(name, guest, options="", entry=0, monkeypatch=None):
    """Arguments that boot a test guest (and its words) from an ISO."""
    guest, _, cmdline = guest.partition(" ")
    if entry:
        monkeypatch.setenv("ENTRY", str(entry))
    path = make_iso(SCRATCH / f"{name}.iso",
                    [f"{guest_elf(guest)} {guest} role=kernel {cmdline}"], options)
    return ["-cdrom", str(path)]


def direct(guest, options):
    """The same without a boot loader: the screen is in VGA text mode."""
    guest, _, cmdline = guest.partition(" ")
    return direct_boot([kernel_module(guest_elf(guest), cmdline)], options)


def check_lines(text, wanted):
    """Each line begins one of the screen's, and nothing is unreadable."""
    assert UNKNOWN not in text, text
    lines = text.split("\n")
    for line in wanted:
        assert any(one.startswith(line) for one in lines), \
            f"no line '{line}':\n{text}"


BOOT_LINES = ["umbra: Umbra, build ", "umbra: loaded by ",
              "umbra: processor ", "umbra: frames guest: ",
              "umbra: guest powered off: see you later"]


@pytest.mark.parametrize("device, width", [
    ("VGA", 1024), ("cirrus-vga", 1024), ("vmware-svga", 1024),
    ("virtio-vga", 1024), ("isa-vga", 1024), ("ati-vga", 1024),
    ("VGA,vgamem_mb=1", 800), ("bochs-display", 1280)],
    ids=lambda value: str(value).partition(",")[0])
def test_framebuffer(device, width):
    """Without any UART the pixel screen tells everything, glyph by glyph; of
    what a card can show, the menu takes the most. The last one always shows
    all of its 1280 columns, of which the mode is a corner."""
    args = iso_of("fb", "off-text") + STAY + ["-vga", "none", "-device",
                                              device]
    with Watched("fb", args) as machine:
        machine.wait_for("guest powered off", machine.text)
        picture = machine.picture()
    assert picture.width == width
    check_lines(picture.unwrapped(), BOOT_LINES)
    inks = {cell.ink for row in picture.rows for cell in row
            if cell.char.isalnum()}
    # Depths of less than eight bits a colour show it almost as it is.
    assert all(ink & 0xE0E0E0 in (WHITE & 0xE0E0E0, GREY & 0xE0E0E0)
               for ink in inks), [hex(ink) for ink in inks]


def vga_text(machine):
    """The text screen's characters, from its memory."""
    data = machine.memory(VGA_TEXT, VGA_ROWS * VGA_COLS * 2)
    text = data[::2].decode("cp437")
    return [text[i:i + VGA_COLS] for i in range(0, len(text), VGA_COLS)]


def vga_unwrapped(machine):
    """The same as text, lines that were broken joined again."""
    return "".join(line if line[-1] != " " else line.rstrip() + "\n"
                   for line in vga_text(machine))


def check_vga_picture(machine):
    """What is in the text screen's memory is what the picture shows."""
    pictures = {}
    for row, line in zip(machine.picture(VGA_CELL).rows, vga_text(machine)):
        for cell, char in zip(row, line):
            if char != " ":
                pictures.setdefault(char, set()).add(
                    cell.bits(bytes(3)))
    assert all(len(found) == 1 for found in pictures.values())
    found = [one for every in pictures.values() for one in every]
    assert len(set(found)) == len(found)
    for char, (bits,) in pictures.items():
        if char not in VGA_OWN:
            assert bits == FONT[ord(char)], char


def test_vga_text():
    """The same for a text screen, which shows its own font."""
    args = direct("off-text", "on-off=halt") + STAY
    with Watched("vga", args) as machine:
        text = machine.wait_for("guest powered off",
                                lambda: vga_unwrapped(machine))
        check_vga_picture(machine)
    check_lines(text, BOOT_LINES)


def test_menu_text():
    """A card without a linear framebuffer has a text screen, not a mode of
    planes that nothing can draw on."""
    args = iso_of("vga-isa", "off-text") + STAY + [
        "-vga", "none", "-device", "isa-cirrus-vga"]
    with Watched("vga-isa", args) as machine:
        text = machine.wait_for("guest powered off",
                                lambda: vga_unwrapped(machine))
    check_lines(text, BOOT_LINES)


def test_scrolling():
    """More lines than rows: the last ones are on the screen."""
    args = direct("off-text", "on-off=halt log=debug stats=on") + STAY
    with Watched("vga-scroll", args) as machine:
        text = machine.wait_for("stat console.lost 0",
                                lambda: vga_unwrapped(machine))
        check_vga_picture(machine)
    check_lines(text, ["umbra: stat disk.refused 0", "umbra: stat console.input 0",
                       "umbra: stat console.lost 0"])
    assert "umbra: boot: descriptor tables" not in text


@pytest.mark.parametrize("entry, kind", [
    ("debug", "pixels"), ("text", "text"), ("multiboot1", "text"),
    ("serial", None)])
def test_menu(entry, kind, monkeypatch):
    """Each entry of the menu boots, and has the screen it says."""
    args = iso_of(f"menu-{entry}", "pass", "log=debug " + TEST_OPTIONS,
                  MENU[entry], monkeypatch)
    outcome = run(args)
    judge(outcome, "PASS")
    said = [line for line in outcome.umbra() if line.startswith("screen: ")]
    require(outcome, len(said) == {"pixels": 2, "text": 1, None: 0}[kind],
            f"said of the screen: {said}")


@pytest.mark.parametrize("cpu", ["486", "pentium"])
def test_unfit_processor(cpu):
    """What a processor lacks is said on a pixel screen, too."""
    args = iso_of(f"unfit-{cpu}", "pass")
    with Watched(f"unfit-{cpu}", args, cpu=cpu) as machine:
        text = machine.wait_for("FXSR", machine.text)
    said, _, lacks = text.partition(" lacks ")
    assert said == "umbra: cannot start guest: this processor", text
    assert "PAE" in lacks.split(), text


@pytest.mark.parametrize("args", [
    ["-vga", "none"], ["-nodefaults"], ["-machine", "pc,i8042=off"],
    ["-nodefaults", "-machine", "q35,i8042=off"]],
    ids=["no-vga", "nothing", "no-keyboard", "bare-q35"])
def test_absent(args):
    """No screen, no keyboard controller: the serial line says so."""
    outcome = run(direct("off-text", "log=debug") + args)
    judge(outcome, "OFF: see you later")
    said = "no keyboard controller" in outcome.umbra()
    require(outcome, said == ("i8042=off" in args[-1]),
            "the keyboard controller is not what it should be")


@pytest.mark.parametrize("options, args, why", [
    ("console=com1,fb", [], "the loader set up no linear framebuffer"),
    ("console=com1,vga", ["-vga", "none"],
     "the screen is not in VGA text mode"),
    ("console=com1,com2", [], "a serial port does not answer"),
    ("console=com1,vga", [], None), ("", ["-vga", "none"], None)])
def test_missing(options, args, why):
    """A console that was asked for and is missing is reported."""
    outcome = run(direct("off-text", options) + args)
    judge(outcome, "OFF: see you later")
    said = [line for line in outcome.umbra() if line.startswith("console: ")]
    require(outcome, said == ([f"console: {why}"] if why else []),
            f"said of the consoles: {said}")


@pytest.mark.parametrize("machine", ["pc", "q35", "pc,i8042=off"])
@pytest.mark.parametrize("options", ["", "console=none",
                                     "console=com1,com2,vga,fb"])
def test_nothing_at_all(machine, options):
    """Without any console a guest runs all the same."""
    args = direct("off-text", options) + [
        "-nodefaults", "-machine", machine, "-serial", "none"]
    with Emulator(args, serial=False) as emulator:
        outcome = emulator.finish()
    require(outcome, outcome.status == 33, "the guest did not power off")


def test_iso_without_anything():
    """GRUB's menu boots the default entry without any console, too."""
    args = iso_of("unseen", "off-text", TEST_OPTIONS) + [
        "-nodefaults", "-serial", "none"]
    with Emulator(args, serial=False) as emulator:
        outcome = emulator.finish()
    require(outcome, outcome.status == 33, "the guest did not power off")


def test_keyboard():
    """Keys arrive while a guest runs: three bytes for each arrow."""
    args = direct("spin-irq until-typed", "stats=on")
    with Watched("keys", args, serial=True) as machine:
        while machine.monitor.command(
                "send-key", keys=[{"type": "qcode", "data": "up"}],
                **{"hold-time": 1}):
            pass
        outcome = machine.emulator.finish()
    judge(outcome, "PASS")
    typed = outcome.stats()["console.input"]
    require(outcome, typed > 0 and typed % 3 == 0, f"{typed} bytes arrived")


def test_input_is_kept():
    """What nobody reads yet is counted and kept; t_console tells exactly how
    much."""
    outcome = run(direct("spin-irq until-typed", "stats=on"),
                  typing="x" * 500)
    judge(outcome, "PASS")
    stats = outcome.stats()
    require(outcome, stats["console.input"] > 0, "input does not arrive")
    require(outcome, stats["console.lost"] == 0, "input is lost")


PANIC_LINES = ["umbra: panic: machine check", "umbra: build ", "umbra: cr0 ",
               "umbra: stack trace:", "umbra:   from ",
               "umbra: frames guest: ", "umbra: frames shadow: "]


def guest_words(text):
    """What a screen shows from the beginning of a guest on."""
    return text.partition("umbra: guest: kernel")[2].partition("\n")[2]


def last_words(text):
    """What a screen shows from the beginning of a panic on."""
    return text.partition("umbra: panic: ")[2]


def test_panic_framebuffer():
    """A panic without a UART: white on red, whole, below what came before."""
    args = iso_of("panic-fb", "spin-irq until-typed")
    with Watched("panic-fb", args, cpu="core2duo") as machine:
        machine.halt_at(".", lambda: guest_words(machine.text()))
        machine.resume()
        machine.human(MACHINE_CHECK)
        machine.wait_for("frames shadow", lambda: last_words(machine.text()))
        picture = machine.picture()
        check_lines(picture.unwrapped(), BOOT_LINES[:4] + PANIC_LINES)
        start = next(i for i, line in enumerate(picture.lines())
                     if line.startswith("umbra: panic:"))
        for cell in (cell for row in picture.rows[start:] for cell in row):
            if cell.char.isalnum():
                assert (cell.ink, cell.paper) == (WHITE, RED)
        # Nothing moves any more, whatever is typed.
        machine.human("sendkey ret")
        assert machine.picture().pixels == picture.pixels


def test_panic_vga():
    """The same on a text screen."""
    args = direct("spin-irq until-typed", "exit=0x80")
    with Watched("panic-vga", args, cpu="core2duo") as machine:
        machine.halt_at(".", lambda: guest_words(vga_unwrapped(machine)))
        machine.resume()
        machine.human(MACHINE_CHECK)
        machine.wait_for("frames shadow",
                         lambda: last_words(vga_unwrapped(machine)))
        data = machine.memory(VGA_TEXT, VGA_ROWS * VGA_COLS * 2)
        check_lines(vga_unwrapped(machine), PANIC_LINES)
        start = next(i for i, line in enumerate(vga_text(machine))
                     if line.startswith("umbra: panic:"))
    colours = {data[i + 1] for i in range(start * VGA_COLS * 2, len(data), 2)
               if data[i] != ord(" ")}
    assert colours == {0x4F}, colours


def test_readme_picture():
    """The README's picture is there, small, and can be made again."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    new = SCRATCH / "screen.png"
    new.unlink(missing_ok=True)
    subprocess.run([ROOT / "test" / "screenshot", new], check=True)
    link = re.search(r"!\[.*?\]\((.*\.png)\)",
                     (ROOT / "README.md").read_text())
    for path in (new, ROOT / link[1]):
        data = path.read_bytes()
        assert data.startswith(b"\x89PNG") and len(data) < 65536, path
