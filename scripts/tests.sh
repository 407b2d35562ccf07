#!/usr/bin/env bash
# Every test of the workspace, then those that ask a whole server once more over PostgreSQL; their number in
# target/tests.txt.
source "$(dirname "$0")/common.sh"

# The tests whose servers keep their rows where TURNOUT_TEST_STORE says.
run_over_postgres() {
    export TURNOUT_TEST_STORE=postgres
    say "again, over PostgreSQL: the tests that ask a whole server"
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --workspace --all-features --no-fail-fast \
            -E 'package(turnout-server) & binary(all) & test(/^(api|manage|pages|reading|sockets)::/) - test(/^manage::(staff|walk)/)'
    else
        cargo test --workspace --all-features --no-fail-fast --test all -- api:: manage:: pages:: reading:: sockets::
    fi
}

code=0
run_tests --all-features 2>&1 | tee "$target/tests.log" || code=$?
(run_over_postgres) 2>&1 | tee -a "$target/tests.log" || code=$?
# nextest: "Summary [  1.2s] 10 tests run: 9 passed (1 slow), 1 failed, 0 skipped"; cargo: "test result: ok. 3 passed; 0 failed; …"
count() {
    sed 's/\x1b\[[0-9;]*m//g' "$target/tests.log" | grep -E '^ *(Summary \[|test result:)' \
        | grep -oE "[0-9]+ $1" | awk '{ n += $1 } END { print n + 0 }'
}
passed=$(count passed)
failed=$(count failed)
say "tests: $passed passed, $failed failed" > "$target/tests.txt"
[[ $passed -gt 0 ]] || die "no test has run"
exit "$code"
