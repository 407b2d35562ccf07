#!/usr/bin/env bash
# `make bench-rivals-geo`: bench-geo with usaddress (PyPI) and PostGIS's address standardizer (Debian) beside our parser, in
# one run. PostGIS runs in a private PostgreSQL.
source "$(dirname "$0")/common.sh"
source scripts/servers.sh
venv=$target/rivals-geo-venv
if [[ ! -x $venv/bin/python ]]; then
    python3 -m venv "$venv"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check usaddress==0.5.16
if ! compgen -G '/usr/share/postgresql/*/extension/address_standardizer.control' >/dev/null; then
    version=$(printf '%s\n' /usr/lib/postgresql/* | sort -V | tail -1)
    package=postgresql-${version##*/}-postgis-3
    [[ $(id -u) == 0 ]] || die "PostGIS is missing; run this once, then try again: sudo apt-get install -y --no-install-recommends $package"
    say "installing $package"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" </dev/null >"$target/apt.log" 2>&1
fi
trap stop_servers EXIT
start_servers || die "the servers do not start; scripts/packages.sh installs them"
cargo bench -q -p turnout-benches --bench geo -- --python "$venv/bin/python" --postgres "$TURNOUT_TEST_POSTGRES_URL"
