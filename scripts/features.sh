#!/usr/bin/env bash
# The five combinations of features that every change must compile in; `make check-features` tries each alone.
source "$(dirname "$0")/common.sh"
check() { say "cargo check $*"; cargo check --quiet "$@"; }
check -p turnout-core --no-default-features
check -p turnout-core --no-default-features --features memory
check -p turnout-storage --no-default-features --features sqlite
check -p turnout-server --no-default-features --features smtp
check --workspace --all-features
