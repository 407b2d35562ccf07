#!/usr/bin/env bash
# The browser rig: its two npm packages as the lock file has them, once; then a scenario against a server, or, without
# arguments, proof that Chromium starts.
source "$(dirname "$0")/common.sh"
cd turnout-server/tests/browser
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock.json
fi
node run.mjs "${@:-smoke}"
