# Sourced by every script here: where things are, how we talk to the person at the terminal.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "$target"
target=$(cd "$target" && pwd)

say() { printf '%s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# The flags of cargo for the features asked for by `FEATURES=`.
feature_flags() {
    case "${FEATURES:-}" in
        "") ;;
        all) printf -- '--features voteamerica' ;;
        *) printf -- '--features %s' "${FEATURES// /,}" ;;
    esac
}

# Loads .env as the server does: NAME=VALUE lines; the environment wins.
load_dotenv() {
    [[ -f .env ]] || return 0
    local line name value
    while IFS= read -r line || [[ -n $line ]]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line#export }
        [[ $line == [A-Za-z_]*=* ]] || continue
        name=${line%%=*}
        value=${line#*=}
        value=${value%"${value##*[![:space:]]}"}
        case $value in
            \"*\" | \'*\') value=${value:1:-1} ;;
            *" #"*) value=${value%%" #"*} && value=${value%"${value##*[![:space:]]}"} ;;
        esac
        [[ -v $name ]] || export "$name=$value"
    done < .env
}

# A port that nobody listens on, on the loopback address.
free_port() {
    local port
    while :; do
        port=$((RANDOM % 20000 + 20000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s' "$port"; return; }
    done
}

# Every test under the flags given: with nextest where it is installed, and the documentation's own.
run_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --workspace "$@" --no-fail-fast && cargo test --workspace "$@" --doc
    else
        cargo test --workspace "$@" --no-fail-fast
    fi
}

# The program that builds and runs containers.
container_tool() {
    local tool
    for tool in ${TURNOUT_CONTAINER_TOOL:-docker podman}; do
        if command -v "$tool" >/dev/null; then printf '%s' "$tool"; return; fi
    done
    die "a container tool is missing: install Docker (https://docs.docker.com/engine/install/) or podman"
}
