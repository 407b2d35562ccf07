#!/usr/bin/env bash
# `make bench-manage`: the release binary on a private PostgreSQL with a million registrations. TURNOUT_BENCH_VOTERS asks
# for another number of them.
source "$(dirname "$0")/common.sh"
source scripts/servers.sh
both=(-p turnout-server -p turnout-http-benches --features turnout-server/postgres)
cargo build -q --release "${both[@]}"
cargo bench -q "${both[@]}" --bench manage --no-run
TURNOUT_BENCH_DIR=$(mktemp -d "$target/bench-manage.XXXXXX")
TURNOUT_BENCH_SERVER=$target/release/turnout-server
export TURNOUT_BENCH_DIR TURNOUT_BENCH_SERVER
trap 'stop_servers; rm -rf "$TURNOUT_BENCH_DIR"' EXIT
trap 'exit 130' INT TERM
start_servers || die "the servers do not start; scripts/packages.sh installs them"
export TURNOUT_BENCH_POSTGRES_LOG=$servers/postgres/log
cargo bench -q "${both[@]}" --bench manage
