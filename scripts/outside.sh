#!/usr/bin/env bash
# The programs of examples/outside/, as somebody else would build them: with their own lock file. Each runs and ends by
# itself; those of core, pdf and geo alone must not know a socket, a runtime or a database.
source "$(dirname "$0")/common.sh"
manifest=examples/outside/Cargo.toml
lock=examples/outside/Cargo.lock
before=$(sha256sum <$lock)
for package in core_alone pdf_alone geo_alone; do
    tree=$(cargo tree --manifest-path "$manifest" --package "$package" --edges normal,build --prefix none --format '{p}')
    grep -q '^turnout-' <<<"$tree" || die "$package links none of our crates"
    for crate in tokio hyper sqlx reqwest; do
        if grep -q "^$crate\(-[a-z]*\)\? " <<<"$tree"; then die "$package must not depend on $crate"; fi
    done
    say "$package: $(sed 's/ (\*)$//' <<<"$tree" | sort -u | wc -l) crates, none of them tokio, hyper, sqlx or reqwest"
done
# together, so that our crates are compiled once; what the workspace has built with the same features is taken from its folder
cargo build --quiet --manifest-path "$manifest" --target-dir "$target"
for program in core_alone pdf_alone geo_alone under_axum from_nothing own_sms; do
    (cd "$(mktemp -d)" && timeout 60 "$target/debug/$program" </dev/null) || die "$program failed"
done
[[ $(sha256sum <$lock) == "$before" ]] || say "$lock has changed, as the crates ask for other ones: commit it"
