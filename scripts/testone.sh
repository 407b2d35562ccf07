#!/usr/bin/env bash
# `make testone TEST=…`: a path inside the workspace, or (part of) a test's name.
source "$(dirname "$0")/common.sh"
test=${TEST:-}
[[ -n $test ]] || die "say which: make testone TEST=turnout-core/src/register/draft.rs, or TEST=a_test_name"

# The tests of a module: src/register/draft.rs -> register::draft::, src/register/mod.rs -> register::, src/lib.rs -> all
module_of() {
    local module=${1%.rs}
    module=${module%/mod}
    case $module in lib | main | mod) return ;; esac
    printf "%s::" "${module//\//::}"
}

if [[ $test != *.rs ]]; then
    exec scripts/with_servers.sh cargo test --workspace --all-features -- "$test"
fi
[[ -f $test ]] || die "no such file: $test (paths start at the root of the workspace)"
package=${test%%/*}
inside=${test#*/}
case $inside in
    src/main.rs) exec scripts/with_servers.sh cargo test -p "$package" --all-features --bins ;;
    src/*) exec scripts/with_servers.sh cargo test -p "$package" --all-features --lib -- "$(module_of "${inside#src/}")" ;;
    tests/all/*) exec scripts/with_servers.sh cargo test -p "$package" --all-features --test all -- "$(module_of "${inside#tests/all/}")" ;;
    *.rs)
        [[ $package == examples && $inside != */* ]] || die "$test holds no test that cargo knows of"
        exec cargo run -p turnout-examples --example "${inside%.rs}"
        ;;
esac
