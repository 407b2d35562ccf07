#!/usr/bin/env bash
# `make check`: what to run before a commit. No server is installed or started: the tests are those of the default
# features, which need none.
source "$(dirname "$0")/common.sh"
cargo fmt --all --check
cargo clippy --workspace --all-targets --all-features -- -D warnings
run_tests
