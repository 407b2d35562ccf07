#!/usr/bin/env bash
# `make bench-jobs`: jobs on SQLite and on private PostgreSQL and Redis servers, on this machine's disk.
source "$(dirname "$0")/common.sh"
source scripts/servers.sh
cargo bench -q -p turnout-benches --bench jobs --no-run
TURNOUT_BENCH_DIR=$(mktemp -d "$target/bench-jobs.XXXXXX")
export TURNOUT_BENCH_DIR
trap 'stop_servers; rm -rf "$TURNOUT_BENCH_DIR"' EXIT
trap 'exit 130' INT TERM
start_servers || die "the servers do not start; scripts/packages.sh installs them"
cargo bench -q -p turnout-benches --bench jobs
