#!/usr/bin/env bash
# `make up`: release build, then everything in one process.
source "$(dirname "$0")/common.sh"
command -v cargo >/dev/null || die "Rust is missing: install it from https://rustup.rs, then run make up again"
command -v cc >/dev/null || die "a C compiler is missing (SQLite is built from source): apt-get install build-essential"
if [[ ! -x $target/release/turnout-server ]]; then
    say "First build in release mode: about 10 minutes on two cores, less on more. Later ones take seconds."
fi
# shellcheck disable=SC2046  # the flags are meant to split
cargo build --release -p turnout-server $(feature_flags)
exec "$target/release/turnout-server" all-in-one
