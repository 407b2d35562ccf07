#!/usr/bin/env bash
# Installs, by one call of apt, the Debian packages that the tests need and this machine lacks.
source "$(dirname "$0")/common.sh"
command -v cargo >/dev/null || die "Rust is missing: install it from https://rustup.rs, then try again"
missing=()
command -v cc >/dev/null || missing+=(build-essential)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v pgbouncer >/dev/null || [[ -x /usr/sbin/pgbouncer ]] || missing+=(pgbouncer)
[[ -x /usr/sbin/nginx ]] || missing+=(nginx-light)
command -v sqlite3 >/dev/null || missing+=(sqlite3)
command -v jq >/dev/null || missing+=(jq)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v openssl >/dev/null || missing+=(openssl)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v qpdf >/dev/null || missing+=(qpdf)
command -v mutool >/dev/null || missing+=(mupdf-tools)
command -v pdftk >/dev/null || missing+=(pdftk-java)
[[ -x /usr/bin/chromium ]] || missing+=(chromium)
compgen -G '/usr/share/fonts/truetype/liberation*' >/dev/null || missing+=(fonts-liberation)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
if [[ ${#missing[@]} == 0 ]]; then
    say "every Debian package is here"
    exit 0
fi
if [[ $(id -u) != 0 ]]; then
    die "packages are missing; run this once, then try again:
  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${missing[*]}'"
fi
say "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1   # RUNLEVEL=1: the packages' own servers are not started
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >"$target/apt.log" 2>&1 || { cat "$target/apt.log" >&2; exit 1; }
