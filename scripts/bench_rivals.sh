#!/usr/bin/env bash
# `make bench-rivals`: bench-geo with usaddress (PyPI) and PostGIS's address standardizer (Debian) beside our parser, and
# shapely (PyPI) and PostGIS beside our index, in one run. PostGIS runs in a private PostgreSQL.
source "$(dirname "$0")/common.sh"
source scripts/servers.sh
venv=$target/rivals-venv
if [[ ! -x $venv/bin/python ]]; then
    python3 -m venv "$venv"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check usaddress==0.5.16 numpy==2.4.6 shapely==2.2.0 pyshp==3.1.6
for extension in address_standardizer postgis; do
    if ! compgen -G "/usr/share/postgresql/*/extension/$extension.control" >/dev/null; then
        version=$(printf '%s\n' /usr/lib/postgresql/* | sort -V | tail -1)
        package=postgresql-${version##*/}-postgis-3
        [[ $(id -u) == 0 ]] || die "PostGIS is missing; run this once, then try again: sudo apt-get install -y --no-install-recommends $package"
        say "installing $package"
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" </dev/null >"$target/apt.log" 2>&1
    fi
done
trap stop_servers EXIT
trap 'exit 130' INT TERM
start_servers || die "the servers do not start; scripts/packages.sh installs them"
cargo bench -q -p turnout-geo-benches --bench geo -- --python "$venv/bin/python" --postgres "$TURNOUT_TEST_POSTGRES_URL" \
    | tee "$target/bench-rivals.txt"
"$venv/bin/python" benches/rivals/locate.py "$target/bench-rivals.txt"
