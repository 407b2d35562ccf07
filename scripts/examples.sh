#!/usr/bin/env bash
# Runs every example; one that does not end by itself within a minute has failed.
source "$(dirname "$0")/common.sh"
cargo build --quiet --workspace --all-features --examples
for source in examples/*.rs; do
    name=$(basename "$source" .rs)
    say "example $name"
    (cd "$(mktemp -d)" && timeout 60 "$target/debug/examples/$name" </dev/null) || die "example $name failed"
done
