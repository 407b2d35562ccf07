#!/usr/bin/env bash
# `make importfromprod`, `make syncusvf`: a command of turnout-server over the database that the settings name, which is brought
# up to date before. With DRY_RUN=1 nothing is written, the database must be up to date, and the command gets --dry-run.
# TURNOUT_SERVER names a program that is built already.
source "$(dirname "$0")/common.sh"

if [[ -n ${TURNOUT_SERVER:-} ]]; then
    server=("$TURNOUT_SERVER")
else
    cargo build -q -p turnout-server
    server=(cargo run -q -p turnout-server --)
fi
case "${DRY_RUN:-}" in
    "" | 0 | false | no)
        "${server[@]}" migrate
        exec "${server[@]}" "$@"
        ;;
    *) exec "${server[@]}" "$@" --dry-run ;;
esac
