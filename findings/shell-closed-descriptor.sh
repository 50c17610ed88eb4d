#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dash 0.5.12-2 (Debian 12), "[n]<&n" of a closed descriptor.
#
# Expected: POSIX.1-2017, Shell Command Language 2.7.5: digits that are no
# descriptor open for input are an error, so ": 0<&0" tells whether standard
# input is there, as ": 0<&7" does for 7.
# Seen: a descriptor that is copied to itself is not looked at: no error,
# whether it is open or not. A script that asks in this way goes on without a
# standard input, and the next file that is opened becomes it.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq dash=0.5.12-2 2>/dev/null
dpkg-deb -x dash_*.deb root
dash=root/bin/dash

# For each copy: does the shell take it, with everything from 0 on closed?
for copy in '0<&7' '7<&7' '0<&0' '<&0'; do
	if "$dash" -c "exec 7<&-; : $copy" <&- 2>/dev/null; then
		echo "$copy: taken"
	else
		echo "$copy: an error"
	fi
done >seen
cat seen
cat >told <<'END'
0<&7: an error
7<&7: taken
0<&0: taken
<&0: taken
END
cmp seen told
