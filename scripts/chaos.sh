#!/usr/bin/env bash
# `make chaos`: 10,000 jobs over PostgreSQL and 2,000 over SQLite, whose processes and servers are killed meanwhile. The
# last line says what was lost or doubled. It starts servers of its own; those of others are never used.
source "$(dirname "$0")/common.sh"
export TURNOUT_CHAOS_REPORT=$target/chaos.json
rm -f "$TURNOUT_CHAOS_REPORT"
code=0
cargo test -p turnout-server --all-features --test all -- --exact chaos::at_length --ignored --nocapture || code=$?
[[ -f $TURNOUT_CHAOS_REPORT ]] || die "it broke off before its end"
cat "$TURNOUT_CHAOS_REPORT"
echo
exit "$code"
