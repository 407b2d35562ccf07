#!/usr/bin/env bash
# `make dbshell`: a shell of the database that .env leads to; FROM=dev, staging or prod: of that environment, by IAM, read-only
# unless WRITE=yes.
source "$(dirname "$0")/common.sh"
source scripts/environments.sh
if [[ -n ${FROM:-} ]]; then
    is_environment "$FROM" || die "FROM is dev, staging or prod"
    need aws jq psql
    load_environment "$FROM"
    use_postgres "${DATABASE_URL:?the settings of $FROM have no DATABASE_URL}" iam
    if [[ ${WRITE:-} != yes ]]; then export PGOPTIONS="-c default_transaction_read_only=on"; fi
    say "$FROM: $PGDATABASE at $PGHOST as $PGUSER$([[ ${WRITE:-} == yes ]] && echo ", and what you change is changed" || echo ", read-only")"
    exec psql
fi
load_dotenv
url=${DATABASE_URL:-$(default_database_url)}
case $url in
    sqlite:*)
        need sqlite3
        file=$(sqlite_file "$url")
        [[ -f $file ]] || die "there is no $file yet: make up makes it"
        exec sqlite3 -header "$file"
        ;;
    *)
        need psql
        use_postgres "$url"
        exec psql
        ;;
esac
