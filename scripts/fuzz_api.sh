#!/usr/bin/env bash
# The API under schemathesis, from its own description and from the contract's, for 90 seconds or MINUTES; SEED is fixed
# unless it is said. Findings come with the call that repeats them.
source "$(dirname "$0")/common.sh"
seconds=90
if [[ -n ${MINUTES:-} ]]; then seconds=$((MINUTES * 60)); fi
tests=turnout-server/tests/schemathesis
venv=$target/schemathesis-venv
if ! cmp -s "$tests/requirements.txt" "$venv/requirements.txt"; then
    python3 -c 'import ensurepip, venv' 2>/dev/null || die "Python's venv is missing: apt-get install python3-venv"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$tests/requirements.txt"
    cp "$tests/requirements.txt" "$venv/requirements.txt"
fi
contract=${TURNOUT_SHARED:-$root/../shared}/contract/openapi.yaml
[[ -f $contract ]] || die "$contract is missing: set TURNOUT_SHARED"
# the tests have built it already, with every feature; another choice of targets would build everything anew
cargo build --quiet --workspace --all-features --tests
exec "$venv/bin/python" "$tests/run.py" "$target/debug/turnout-server" "$seconds" "${SEED:-20261103}" "$contract"
