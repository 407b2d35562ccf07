#!/usr/bin/env bash
# `make bench-pdf-rivals`: bench-pdf with PyMuPDF and pikepdf (PyPI) and pdftk (Debian) beside us, in one run.
source "$(dirname "$0")/common.sh"
venv=$target/rivals-venv
if [[ ! -x $venv/bin/python ]]; then
    python3 -m venv "$venv"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check -r benches/rivals/fill_form.txt
command -v pdftk >/dev/null || scripts/packages.sh
cargo bench -q -p turnout-pdf-benches --bench fill_form
