# Sourced by what works on an environment (dev, staging, prod): its settings, its image, its database.
#   TURNOUT_IMAGE             the repository of images (ghcr.io/voteamerica/turnout)
#   TURNOUT_PARAMETER_PATH    where its settings are in the Systems Manager (/turnout/ENVIRONMENT)
#   TURNOUT_CONTAINER_TOOL    docker or podman; whichever is there
# Region and account are those of the AWS profile in use.

# shellcheck disable=SC2034  # whoever sources this uses it
image_repository=${TURNOUT_IMAGE:-ghcr.io/voteamerica/turnout}

# Dies with what to install when a program is missing.
need() {
    local tool advice missing=()
    for tool in "$@"; do
        command -v "$tool" >/dev/null && continue
        case $tool in
            aws) advice="the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html" ;;
            jq) advice="jq: apt-get install jq, brew install jq" ;;
            psql | pg_dump | pg_restore | createdb | dropdb) advice="$tool: apt-get install postgresql-client, brew install libpq" ;;
            sqlite3) advice="sqlite3: apt-get install sqlite3, brew install sqlite" ;;
            *) advice=$tool ;;
        esac
        missing+=("$advice")
    done
    if ((${#missing[@]} > 0)); then
        printf 'error: this is missing:\n' >&2
        printf '  %s\n' "${missing[@]}" >&2
        exit 1
    fi
}

is_environment() { [[ $1 == dev || $1 == staging || $1 == prod ]]; }

# Exports the settings of an environment, and puts their names into `settings`. Values are never on a command line.
load_environment() {
    local path=${TURNOUT_PARAMETER_PATH:-/turnout/$1} answer line name
    answer=$(aws ssm get-parameters-by-path --path "$path" --recursive --with-decryption --output json) \
        || die "the settings of $1 cannot be read: is this account's profile in use (AWS_PROFILE), and may it read $path?"
    settings=()
    while IFS= read -r line; do
        name=$(base64 --decode <<<"${line%% *}")
        [[ $name =~ ^[A-Z][A-Z0-9_]*$ ]] || die "$path has a parameter that is no setting: $name"
        settings+=("$name")
        export "$name=$(base64 --decode <<<"${line#* }")"
    done < <(jq --raw-output '.Parameters[] | "\(.Name | split("/") | last | @base64) \(.Value | @base64)"' <<<"$answer")
    ((${#settings[@]} > 0)) || die "$path holds no settings"
}

# The parts of a PostgreSQL address: pg_user, pg_password, pg_host, pg_port, pg_name, pg_query.
split_postgres_url() {
    local pattern='^(postgres|postgresql|postgis)://(([^:@/]*)(:([^@/]*))?@)?(\[[0-9a-fA-F:]+\]|[^:/?]*)(:([0-9]+))?/([^?]*)(\?(.*))?$'
    [[ $1 =~ $pattern ]] || return 1
    pg_user=$(percent_decoded "${BASH_REMATCH[3]}") pg_password=$(percent_decoded "${BASH_REMATCH[5]}")
    pg_host=${BASH_REMATCH[6]//[\[\]]/} pg_port=${BASH_REMATCH[8]:-5432}
    pg_name=$(percent_decoded "${BASH_REMATCH[9]}") pg_query=${BASH_REMATCH[11]}
}

percent_decoded() { printf '%b' "${1//%/\\x}"; }

# A part of the query of the address that was split; else what is said.
of_query() {
    local part
    for part in ${pg_query//&/ }; do
        if [[ $part == "$1="* ]]; then percent_decoded "${part#*=}"; return; fi
    done
    printf '%s' "$2"
}

# Makes of DATABASE_URL what psql and its like are told by: the variables PGHOST and so on, exported. With a password it is
# that; else, or with `iam`, a token of fifteen minutes of IAM.
use_postgres() {
    split_postgres_url "$1" || die "DATABASE_URL is no address of a PostgreSQL server"
    local password=$pg_password
    if [[ ${2:-} == iam ]]; then
        pg_user=${DATABASE_IAM_USER:-$pg_user}
        password=$(aws rds generate-db-auth-token --hostname "$pg_host" --port "$pg_port" --username "$pg_user") \
            || die "IAM gives no token for $pg_user at $pg_host: may this account connect as that user (rds-db:connect)?"
    fi
    local mode
    mode=$(of_query sslmode "$([[ ${2:-} == iam ]] && echo require || echo prefer)")
    export PGHOST=$pg_host PGPORT=$pg_port PGUSER=$pg_user PGPASSWORD=$password PGDATABASE=$pg_name PGSSLMODE=$mode
    export PGCONNECT_TIMEOUT=10 PGAPPNAME="turnout by hand"
    local root
    root=$(of_query sslrootcert "")
    if [[ -n $root ]]; then export PGSSLROOTCERT=$root; fi
}

# Where rows are kept without DATABASE_URL: as all-in-one does it, and the other roles with TURNOUT_DATA_DIR=var.
default_database_url() { printf 'sqlite://%s/turnout.db' "${TURNOUT_DATA_DIR:-var}"; }

# The file of a SQLite address.
sqlite_file() {
    local file=${1#sqlite:}
    file=${file#//}
    printf '%s' "${file%%\?*}"
}

# Leaves a program of a deployment running until the terminal ends it; the names of settings go along, not their values.
run_image() {
    local engine=$1 name flags=()
    shift
    for name in "${settings[@]}"; do flags+=(--env "$name"); done
    if [[ -t 0 && -t 1 ]]; then flags+=(--interactive --tty); fi
    "$engine" run --rm "${flags[@]}" --read-only --cap-drop ALL --tmpfs /data:uid=65532,mode=0700 "$@"
}

# How many rows each table of a SQLite file has: name, tab, number.
count_sqlite() {
    local statement
    statement=$(sqlite3 "$1" "SELECT group_concat('SELECT ' || quote(name) || ' || char(9) || count(*) FROM \"' || name || '\"', ' UNION ALL ')
        FROM (SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name)")
    [[ -z $statement ]] || sqlite3 "$1" "SELECT * FROM ($statement) ORDER BY 1"
}

# What makes psql say the same of a PostgreSQL database, in whatever snapshot it reads.
counting_postgres() {
    cat <<'SQL'
SELECT format('SELECT %L, count(*) FROM %I.%I', relname, nspname, relname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY relname COLLATE "C"
\gexec
SQL
}
