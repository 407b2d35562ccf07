#!/usr/bin/env bash
# `make test`, and so CI: one stage after the other, a summary with the seconds of each, failure if any failed.
source "$(dirname "$0")/common.sh"
source scripts/servers.sh

cold_limit=$((25 * 60))
warm_limit=$((10 * 60))
if [[ -d $target/debug/deps ]]; then kind=warm limit=$warm_limit; else kind=cold limit=$cold_limit; fi
if [[ -n ${CI:-} ]]; then export CARGO_INCREMENTAL=0; fi
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto} RUST_BACKTRACE=1 CARGO_NET_RETRY=5

trap stop_servers EXIT
trap 'exit 130' INT TERM

names=() seconds=() verdicts=()
failures=0
stage() {
    local name=$1 begun=$SECONDS verdict=ok
    shift
    printf '\n== %s\n' "$name"
    if ! "$@"; then
        verdict=FAILED
        failures=$((failures + 1))
        printf '== %s FAILED\n' "$name" >&2
    fi
    names+=("$name") seconds+=($((SECONDS - begun))) verdicts+=("$verdict")
}

summary() {
    local number
    printf '\n== summary\n'
    for number in "${!names[@]}"; do
        printf '%-10s %5d s  %s\n' "${names[$number]}" "${seconds[$number]}" "${verdicts[$number]}"
    done
    printf '%-10s %5d s  %s run\n' total "$SECONDS" "$kind"
    if ((SECONDS > limit)); then
        printf 'warning: a %s run should stay under %d minutes\n' "$kind" $((limit / 60))
    fi
    if [[ -f $target/tests.txt ]]; then cat "$target/tests.txt"; fi
}

rm -f "$target/tests.txt"
stage packages scripts/packages.sh
# without them nothing below can run
if ((failures > 0)); then summary; exit 1; fi
stage servers start_servers
stage fmt cargo fmt --all --check
stage clippy cargo clippy --workspace --all-targets --all-features -- -D warnings
stage rustdoc env RUSTDOCFLAGS="-D warnings" cargo doc --workspace --all-features --no-deps --quiet
stage features scripts/features.sh
stage browser scripts/browser.sh
stage tests scripts/tests.sh
stage rolling scripts/rolling.sh
stage api scripts/fuzz_api.sh
stage examples scripts/examples.sh
stage outside scripts/outside.sh
stage crates scripts/check_crates.sh
stage deploy scripts/check_deployment.sh
stage book env SERVE=no scripts/docs.sh
stage deny-build scripts/deny.sh --build-only
stage deny scripts/deny.sh check bans licenses sources
summary
((failures == 0))
