#!/usr/bin/env bash
# What is killed meanwhile, at length; the last line says what came of it. Servers of its own are started; those of others are
# never used.
# `make chaos`: 10,000 jobs over PostgreSQL and 2,000 over SQLite, whose processes and servers are killed.
# `make chaos-blast`: a blast to 20,000 numbers over PostgreSQL, by four workers of which one is killed every second, to a
# carrier on loopback that loses answers, is busy and fails.
source "$(dirname "$0")/common.sh"
what=${1:-chaos}
export TURNOUT_CHAOS_REPORT=$target/$what.json
rm -f "$TURNOUT_CHAOS_REPORT"
code=0
flags=()
# rates are those of the program as it is deployed
if [[ $what == blast_chaos ]]; then flags+=(--release); fi
cargo test "${flags[@]}" -p turnout-server --all-features --test all -- --exact "$what::at_length" --ignored --nocapture || code=$?
[[ -f $TURNOUT_CHAOS_REPORT ]] || die "it broke off before its end"
cat "$TURNOUT_CHAOS_REPORT"
echo
exit "$code"
