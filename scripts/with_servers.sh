#!/usr/bin/env bash
# Runs a command beside private PostgreSQL and Redis servers: scripts/with_servers.sh cargo test -p turnout-storage --all-features
source "$(dirname "$0")/common.sh"
source scripts/servers.sh
[[ $# -gt 0 ]] || die "say which command: scripts/with_servers.sh cargo test -p turnout-storage --all-features"
trap stop_servers EXIT
trap 'exit 130' INT TERM
start_servers || die "the servers do not start; scripts/packages.sh installs them"
"$@"
