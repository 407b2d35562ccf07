#!/usr/bin/env bash
# `make rolling`: two web processes behind nginx are replaced in turn while 500 requests arrive each second, for 30 seconds.
# Not one may fail. It takes the whole machine, so nothing else runs beside it; where somebody else's work came between, it
# gets a second and a third try.
source "$(dirname "$0")/common.sh"
[[ -x /usr/sbin/nginx ]] || scripts/packages.sh
# with the features of all tests: another choice would build everything anew
for try in 1 2 3; do
    scripts/with_servers.sh cargo test --quiet --workspace --all-features --test all -- rolling:: --ignored --nocapture \
        --test-threads 1 && exit 0
    say "requests failed at try $try"
    sleep 10
done
exit 1
