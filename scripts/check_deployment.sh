#!/usr/bin/env bash
# What nobody here can run, looked at by what knows its rules: Dockerfile (hadolint), compose.yaml and workflows (their JSON
# schemas), Kubernetes (the schemas of its API), ECS (Amazon's description of its calls), scripts (shellcheck). Then whether
# the server itself takes the settings that they give it.
source "$(dirname "$0")/common.sh"
requirements=scripts/deploy_requirements.txt
venv=$target/deploy-venv
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
    python3 -c 'import ensurepip, venv' 2>/dev/null || die "Python's venv is missing: apt-get install python3-venv"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$venv/requirements.txt"
fi
export PATH="$venv/bin:$PATH"
failed=0
try() { local what=$1; shift; if "$@"; then say "$what: fine"; else printf 'error: %s\n' "$what" >&2; failed=1; fi; }
if hadolint - <<<$'FROM debian\nRUN cd /tmp && sudo ls' >/dev/null; then die "hadolint finds nothing wrong with anything"; fi
try Dockerfile hadolint --failure-threshold info Dockerfile
try compose.yaml check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
try ".github/workflows" check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
try scripts shellcheck --severity warning --shell bash --exclude SC1091,SC2154,SC2164 scripts/*.sh .ci/run
server=$target/debug/turnout-server
# the tests have built it already, with every feature; another choice of targets would build everything anew
[[ -x $server ]] || cargo build --quiet --workspace --all-features --tests
try "what is deployed" python3 scripts/check_deployment.py "$server"
exit "$failed"
