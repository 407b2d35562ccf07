#!/usr/bin/env bash
# `make restore FROM=folder`: what `make backup` kept, into an empty database and an empty data folder, and then whether all
# of it is there. Settings are those of .env and the environment. Nothing that exists is overwritten.
source "$(dirname "$0")/common.sh"
source scripts/environments.sh
folder=${FROM:-}
[[ -n $folder ]] || die "say what: make restore FROM=/mnt/backups/turnout-20261103T040000Z"
[[ -f $folder/SHA256SUMS && -f $folder/counts.tsv ]] || die "$folder is no backup, or one that was not finished"
folder=$(cd "$folder" && pwd)
load_dotenv
url=${DATABASE_URL:-$(default_database_url)}
data=${TURNOUT_DATA_DIR:-var}
(cd "$folder" && sha256sum --check --quiet --strict SHA256SUMS) || die "$folder is damaged: nothing was restored"
for part in files public gis; do
    if [[ -f $folder/files.tar && -n $(ls -A "$data/$part" 2>/dev/null) ]]; then
        die "$data/$part holds files already: move it away, or set TURNOUT_DATA_DIR to another folder"
    fi
done
umask 077

case $url in
    sqlite:*)
        need sqlite3
        [[ -f $folder/rows.db ]] || die "$folder holds the rows of a PostgreSQL server, and DATABASE_URL leads to a file"
        file=$(sqlite_file "$url")
        [[ ! -e $file ]] || die "$file is there already: move it away, or let DATABASE_URL lead to another one"
        mkdir -p "$(dirname "$file")"
        cp "$folder/rows.db" "$file"
        [[ $(sqlite3 "$file" "PRAGMA integrity_check") == ok ]] || die "$file is damaged"
        restored=$(count_sqlite "$file")
        ;;
    *)
        need psql pg_restore
        [[ -f $folder/rows.dump ]] || die "$folder holds the rows of SQLite, and DATABASE_URL leads to a PostgreSQL server"
        use_postgres "$url"
        export PGOPTIONS="-c statement_timeout=0 -c lock_timeout=0"
        tables=$(psql --no-psqlrc --tuples-only --no-align --command "SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'v', 'm', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema')
            AND nspname NOT LIKE 'pg_toast%'") \
            || die "the database does not answer: does DATABASE_URL lead to it?"
        [[ $tables == 0 ]] || die "the database $PGDATABASE holds $tables tables and views already: make an empty one (createdb)"
        pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname "$PGDATABASE" "$folder/rows.dump"
        restored=$(counting_postgres | psql --no-psqlrc --quiet --tuples-only --no-align --field-separator $'\t' --set ON_ERROR_STOP=1)
        psql --no-psqlrc --quiet --command ANALYZE
        ;;
esac
if [[ -f $folder/files.tar ]]; then
    mkdir -p "$data"
    tar --extract --directory "$data" --file "$folder/files.tar" --keep-old-files
fi
difference=$(diff "$folder/counts.tsv" - <<<"$restored") || die "not all rows are here (< kept, > restored):
$difference"
say "$(awk -F '\t' '{ n += $2 } END { print n }' <<<"$restored") rows in $(wc -l <<<"$restored") tables are here, as many as were kept"
say "jobs that waited then wait again, and what was sent since is not known: look at them (turnout-server jobs list) before a worker starts"
