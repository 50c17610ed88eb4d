#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# QEMU 7.2.22 (Debian 12: qemu-system-x86 1:7.2+dfsg-7+deb12u18+b3), SIGHUP.
#
# Expected: started by nohup, which has SIGHUP ignored, it goes on when the
# terminal is closed, as programs do that leave an ignored signal ignored.
# Seen: it catches the signal all the same and ends, with the exit status of a
# guest that powered off, 0; the word of it is on the terminal that has gone.
# Whoever keeps an emulator running behind a terminal needs a session of its
# own for it (setsid), not nohup.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
version=1:7.2+dfsg-7+deb12u18+b3
# With what it needs, as far as that is not on this machine.
wanted="qemu-system-x86=$version qemu-system-common=$version"
# shellcheck disable=SC2086
apt-get install -qq -s --no-install-recommends --reinstall $wanted |
	sed -n 's/^Inst \([^ ]*\).*/\1/p' |
	grep -v '^qemu-system-\(x86\|common\)$' |
	xargs apt-get download -qq $wanted 2>/dev/null
for package in *.deb; do
	dpkg-deb -x "$package" root
done
export LD_LIBRARY_PATH="$tmp/root/usr/lib/x86_64-linux-gnu"
export QEMU_MODULE_DIR="$LD_LIBRARY_PATH/qemu"
# The program itself, which a script of the package may start.
qemu=$(find root -path '*/qemu-system-i386' -size +1000k | head -n 1)
"$qemu" --version | head -n 1

ends_by_hangup() {
	"$@" >out 2>&1 </dev/null &
	pid=$!
	sleep 5
	kill -HUP "$pid"
	sleep 2
	if kill -9 "$pid" 2>/dev/null; then
		wait "$pid" 2>/dev/null || true
		echo "goes on: $1 $2"
		return 1
	fi
	status=0
	wait "$pid" || status=$?
	echo "ended with $status: $1 $2"
	[ "$status" -eq 0 ]
}

# A program that does as nohup wants, then the emulator.
if ends_by_hangup nohup sleep 60; then
	exit 1
fi
ends_by_hangup nohup "$qemu" -L root/usr/share/qemu -machine none \
	-nodefaults -display none -monitor none
grep 'terminating on signal 1 ' out
