#!/usr/bin/env bash
# `make chaos-blast`: a blast to 20,000 numbers over PostgreSQL, by four workers of which one is killed every second, to a
# carrier on loopback that loses answers, is busy and fails. The last line says what was doubled, missing or is unknown, and
# how many calls a second there were. It starts a server of its own; those of others are never used.
source "$(dirname "$0")/common.sh"
export TURNOUT_CHAOS_REPORT=$target/chaos_blast.json
rm -f "$TURNOUT_CHAOS_REPORT"
code=0
cargo test -p turnout-server --all-features --test all -- --exact blast_chaos::at_length --ignored --nocapture || code=$?
[[ -f $TURNOUT_CHAOS_REPORT ]] || die "it broke off before its end"
cat "$TURNOUT_CHAOS_REPORT"
echo
exit "$code"
