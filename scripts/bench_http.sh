#!/usr/bin/env bash
# `make bench-http`: the release binary and a bare endpoint under load by wrk, on SQLite and a private PostgreSQL, on
# this machine's disk. TURNOUT_BENCH_SECONDS sets how long a round is (3).
source "$(dirname "$0")/common.sh"
source scripts/servers.sh
if ! command -v wrk >/dev/null; then
    [[ $(id -u) == 0 ]] || die "wrk is missing; run this once, then try again: sudo apt-get install -y --no-install-recommends wrk"
    say "installing wrk"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk </dev/null >"$target/apt.log" 2>&1
fi
both=(-p turnout-server -p turnout-http-benches --features turnout-server/postgres)
cargo build -q --release "${both[@]}"
cargo bench -q "${both[@]}" --bench http --no-run
TURNOUT_BENCH_DIR=$(mktemp -d "$target/bench-http.XXXXXX")
TURNOUT_BENCH_SERVER=$target/release/turnout-server
export TURNOUT_BENCH_DIR TURNOUT_BENCH_SERVER
trap 'stop_servers; rm -rf "$TURNOUT_BENCH_DIR"' EXIT
trap 'exit 130' INT TERM
start_servers || die "the servers do not start; scripts/packages.sh installs them"
cargo bench -q "${both[@]}" --bench http
