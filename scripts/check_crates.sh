#!/usr/bin/env bash
# The crates as crates.io would get them, made without a network: each under 10 MB, with README, licence and notice. With a
# folder they are left there.
source "$(dirname "$0")/common.sh"
most=$((10 * 1000 * 1000))
crates=(turnout-core turnout-storage turnout-pdf turnout-geo turnout-server)
cargo package --workspace --offline --no-verify --allow-dirty --quiet
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
wrong=0
for crate in "${crates[@]}"; do
    file=$target/package/$crate-$version.crate
    bytes=$(stat --format %s "$file")
    list=$(tar --list --gzip --file "$file")
    if ((bytes >= most)); then
        printf 'error: %s has %d bytes, and %d are the most\n' "$crate" "$bytes" "$most" >&2
        wrong=1
    fi
    for part in README.md LICENSE NOTICE Cargo.toml Cargo.lock; do
        grep -qx "$crate-$version/$part" <<<"$list" || { printf 'error: %s has no %s\n' "$crate" "$part" >&2; wrong=1; }
    done
    # a link would be a link in the archive, and lead nowhere
    tar --extract --gzip --file "$file" --to-stdout "$crate-$version/LICENSE" | cmp -s - LICENSE \
        || { printf 'error: the licence of %s is not ours\n' "$crate" >&2; wrong=1; }
    say "$crate: $((bytes / 1000)) kB, $(wc -l <<<"$list") files"
    if [[ -n ${1:-} ]]; then cp "$file" "$1/"; fi
done
exit "$wrong"
