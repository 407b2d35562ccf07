#!/usr/bin/env bash
# The book: MkDocs Material in a virtual environment under target/, built to target/book with strict links.
source "$(dirname "$0")/common.sh"
load_dotenv
port=${DOCS_PORT:-9003}
venv=$target/docs-venv
if ! cmp -s docs/requirements.txt "$venv/requirements.txt"; then
    python3 -c 'import ensurepip, venv' 2>/dev/null || die "Python's venv is missing: apt-get install python3-venv"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r docs/requirements.txt
    cp docs/requirements.txt "$venv/requirements.txt"
fi
NO_MKDOCS_2_WARNING=true "$venv/bin/mkdocs" build --strict --quiet --clean --site-dir "$target/book"
say "the book is in $target/book"
[[ ${SERVE:-yes} != no ]] || exit 0
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    say "port $port is taken already (make up serves the book too): http://localhost:$port"
    exit 0
fi
say "http://localhost:$port (Ctrl-C stops it)"
exec "$venv/bin/python" -m http.server --bind 127.0.0.1 --directory "$target/book" "$port"
