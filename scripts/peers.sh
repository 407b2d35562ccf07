#!/usr/bin/env bash
# Servers that others wrote, which tests of vendors ask (moto, aiosmtpd): in a virtual environment under target/, whose path
# is printed. TURNOUT_TEST_PEERS=$(scripts/peers.sh) lets tests ask them.
source "$(dirname "$0")/common.sh"
requirements=turnout-server/tests/all/providers/peers/requirements.txt
venv=$target/peers-venv
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
    python3 -c 'import ensurepip, venv' 2>/dev/null || die "Python's venv is missing: apt-get install python3-venv"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2
    cp "$requirements" "$venv/requirements.txt"
fi
echo "$venv"
