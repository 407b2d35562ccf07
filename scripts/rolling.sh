#!/usr/bin/env bash
# `make rolling`: two web processes behind nginx are replaced in turn while 500 requests arrive each second, for 30 seconds.
# Not one may fail. It takes the whole machine, so nothing else runs beside it. Where the machine did not carry that rate, which
# says nothing about the server, it gets a second and a third try; a request that failed gets none.
# Exit codes: 0 none failed; 1 one failed, or anything else was wrong; 75 the rate was not carried, three times.
source "$(dirname "$0")/common.sh"
[[ -x /usr/sbin/nginx ]] || scripts/packages.sh
# what the tests end with then: NOT_CARRIED in turnout-server/tests/all/rolling.rs
not_carried=75
for try in 1 2 3; do
    code=0
    # with the features of all tests: another choice would build everything anew
    scripts/with_servers.sh cargo test --quiet --workspace --all-features --test all -- rolling:: --ignored --nocapture \
        --test-threads 1 || code=$?
    if ((code == 0)); then exit 0; fi
    if ((code != not_carried)); then die "a request failed, or something else was wrong, at try $try: there is no other"; fi
    say "the machine did not carry the rate at try $try"
    if ((try < 3)); then sleep 10; fi
done
exit "$not_carried"
