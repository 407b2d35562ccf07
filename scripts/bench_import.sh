#!/usr/bin/env bash
# `make bench-import`: the release binary takes over a made-up database of the Django service with a million actions, from a
# private PostgreSQL into another database of it. TURNOUT_BENCH_ACTIONS asks for another number of them.
source "$(dirname "$0")/common.sh"
source scripts/servers.sh
both=(-p turnout-server -p turnout-benches --features turnout-server/postgres)
cargo build -q --release "${both[@]}"
cargo bench -q "${both[@]}" --bench import --no-run
TURNOUT_BENCH_SERVER=$target/release/turnout-server
export TURNOUT_BENCH_SERVER
trap stop_servers EXIT
trap 'exit 130' INT TERM
start_servers || die "the servers do not start; scripts/packages.sh installs them"
cargo bench -q "${both[@]}" --bench import
