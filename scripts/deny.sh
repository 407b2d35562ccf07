#!/usr/bin/env bash
# cargo-deny with the arguments given. Built once into target/tools; one on the path is taken as it is.
source "$(dirname "$0")/common.sh"
version=0.20.2
if command -v cargo-deny >/dev/null; then
    deny=cargo-deny
else
    deny=$target/tools/bin/cargo-deny
    if [[ ! -x $deny || $("$deny" --version) != "cargo-deny $version" ]]; then
        say "building cargo-deny $version into $target/tools, once: about 5 minutes on two cores"
        CARGO_TARGET_DIR=$target/tools/build cargo install cargo-deny --version "$version" --locked --debug --quiet --root "$target/tools"
        rm -rf "$target/tools/build"
    fi
fi
[[ ${1:-} == --build-only ]] || exec "$deny" --all-features "$@"
