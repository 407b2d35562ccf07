#!/usr/bin/env bash
# Clippy over every target, then rustdoc, which shares its artefacts. Warnings are errors.
source "$(dirname "$0")/common.sh"
cargo clippy --workspace --all-targets --all-features -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --all-features --no-deps --quiet
