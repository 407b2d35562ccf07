#!/usr/bin/env bash
# A shell in which .env is loaded and turnout-server is found: the newest build of it.
source "$(dirname "$0")/common.sh"
load_dotenv
newest=
for folder in "$target/release" "$target/debug"; do
    [[ -x $folder/turnout-server ]] || continue
    if [[ -z $newest || $folder/turnout-server -nt $newest/turnout-server ]]; then newest=$folder; fi
done
if [[ -z $newest ]]; then
    cargo build -p turnout-server
    newest=$target/debug
fi
say "turnout-server is $newest/turnout-server; leave with exit"
export PATH="$newest:$PATH"
exec "${SHELL:-/bin/bash}"
