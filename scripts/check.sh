#!/usr/bin/env bash
# `make check`: what to run before a commit. Nothing is installed; the private servers are started for the tests.
source "$(dirname "$0")/common.sh"
source scripts/servers.sh
trap stop_servers EXIT
trap 'exit 130' INT TERM
cargo fmt --all --check
cargo clippy --workspace --all-targets --all-features -- -D warnings
start_servers || die "the servers do not start; scripts/packages.sh installs them"
run_tests
