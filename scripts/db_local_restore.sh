#!/usr/bin/env bash
# `make dblocalrestore`: the local database, of .env, becomes a copy of an environment's (FROM=dev, staging or prod; dev). It
# holds voters' data then: keep it as such, and wipe it when you are done.
source "$(dirname "$0")/common.sh"
source scripts/environments.sh
from=${FROM:-dev}
is_environment "$from" || die "FROM is dev, staging or prod"
load_dotenv
local_url=${DATABASE_URL:-}
[[ -n $local_url ]] || die "say which local database is to be replaced: DATABASE_URL in .env, such as postgres://turnout:…@localhost:5432/turnout"
split_postgres_url "$local_url" || die "DATABASE_URL is no address of a PostgreSQL server, so it cannot hold a copy of one"
# another host may stand in the query
case "$pg_host" in
    localhost | 127.0.0.1 | ::1) is_local=yes ;;
    *) is_local=no ;;
esac
if [[ $pg_query =~ (^|&)(host|hostaddr|port|dbname|service)= ]]; then is_local=no; fi
[[ $is_local == yes ]] || die "DATABASE_URL does not plainly lead to this machine ($pg_host${pg_query:+, $pg_query}): only a local database is ever wiped"
local_host=$pg_host local_port=$pg_port local_name=$pg_name
[[ $local_name =~ ^[A-Za-z0-9_-]+$ ]] || die "DATABASE_URL names no database"
case $local_name in postgres | template0 | template1) die "$local_name is the server's own: use another one" ;; esac
need aws jq psql pg_dump pg_restore createdb dropdb

ask_source() { (use_source; "$@"); }
use_source() {
    load_environment "$from"
    use_postgres "${DATABASE_URL:?the settings of $from have no DATABASE_URL}" iam
    export PGOPTIONS="-c default_transaction_read_only=on"
}
ask_local() { (use_postgres "$local_url"; "$@"); }
number() { psql --no-psqlrc --tuples-only --no-align --command "$1"; }
size="SELECT pg_size_pretty(pg_database_size(current_database())) || ', about ' || coalesce(sum(greatest(reltuples, 0)), 0)::bigint
    || ' rows in ' || count(*) || ' tables' FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema')"

source_is=$(ask_source number "$size") || die "the database of $from cannot be read"
source_name=$(use_source; printf '%s at %s:%s' "$PGDATABASE" "$PGHOST" "$PGPORT")
if [[ $source_name == "$local_name at $local_host:$local_port" ]]; then die "source and target are the same database"; fi
exists=$(ask_local env PGDATABASE=postgres psql --no-psqlrc --tuples-only --no-align \
    --set name="$local_name" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'") || die "the local server does not answer"
if [[ $exists == 1 ]]; then
    say "to be wiped:  $local_name at $local_host:$local_port: $(ask_local number "$size")"
else
    say "to be made:   $local_name at $local_host:$local_port"
fi
say "copied from:  $source_name ($from): $source_is"
printf 'Type the name of the local database to go on: '
read -r answer || true
[[ $answer == "$local_name" ]] || die "that is not its name: nothing was changed"

dump=$(mktemp "${TMPDIR:-/tmp}/turnout-dump.XXXXXX")
trap 'rm -f "$dump"' EXIT
say "copying; the local database is left alone until all of it is here"
ask_source pg_dump --format custom --no-owner --no-privileges --file "$dump"
ask_local dropdb --if-exists --force --maintenance-db postgres "$local_name"
ask_local createdb --maintenance-db postgres "$local_name"
ask_local pg_restore --exit-on-error --no-owner --no-privileges --dbname "$local_name" "$dump"
ask_local number "ANALYZE" >/dev/null
say "$local_name is a copy now: $(ask_local number "$size")"
say "set EMAIL_REDIRECT_TO and SMS_REDIRECT_TO before a worker runs over it: its jobs are those of $from"
