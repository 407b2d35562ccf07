#!/usr/bin/env bash
# `make check-features`: each feature alone, the packages as crates.io would get them, and the promise that
# turnout-core, turnout-pdf and turnout-geo know no socket and no runtime.
source "$(dirname "$0")/common.sh"

features_of() {
    cargo metadata --no-deps --format-version 1 \
        | python3 -c 'import json, sys; [print(*sorted(set(p["features"]) - {"default"})) for p in json.load(sys.stdin)["packages"] if p["name"] == sys.argv[1]]' "$1"
}

for package in turnout-core turnout-storage turnout-pdf turnout-geo turnout-server; do
    say "$package, no features"
    cargo check --quiet -p "$package" --no-default-features
    for feature in $(features_of "$package"); do
        say "$package, $feature"
        cargo check --quiet -p "$package" --no-default-features --features "$feature"
    done
done

for package in turnout-core turnout-pdf turnout-geo; do
    for crate in tokio hyper sqlx reqwest; do
        if cargo tree --quiet -p "$package" --all-features --edges normal,build --prefix none --format '{p}' | grep -q "^$crate "; then
            cargo tree -p "$package" --all-features --edges normal,build --invert "$crate" >&2
            die "$package must not depend on $crate"
        fi
    done
    say "$package: no tokio, hyper, sqlx or reqwest"
done

cargo package --workspace --allow-dirty --quiet
say "cargo package --workspace: fine"
