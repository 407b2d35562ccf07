#!/usr/bin/env bash
# `make backup TO=folder`: rows, and files where they are in a folder, into a folder of their own in TO, with the number of
# rows of each table and the checksum of each file. It may run beside everything: rows are those of one moment. Settings are
# those of .env and the environment. SECRET_KEY and API_KEY_PEPPER, and files on S3, are not in it.
source "$(dirname "$0")/common.sh"
source scripts/environments.sh
into=${TO:-}
[[ -n $into ]] || die "say where to: make backup TO=/mnt/backups"
load_dotenv
url=${DATABASE_URL:-$(default_database_url)}
data=${TURNOUT_DATA_DIR:-var}
umask 077
mkdir -p "$into"
folder=$(cd "$into" && pwd)/turnout-$(date -u +%Y%m%dT%H%M%SZ)
work=$folder.unfinished
mkdir "$work" || die "$work is there already: is another backup running?"
trap 'rm -rf "$work"' EXIT

backup_sqlite() {
    local file
    need sqlite3
    file=$(sqlite_file "$url")
    [[ -f $file ]] || die "there is no $file: does DATABASE_URL lead to it?"
    # one moment, and without what was deleted; it takes no lock that a writer would wait for
    sqlite3 -bail "$file" ".timeout 30000" "VACUUM INTO '${work//\'/\'\'}/rows.db'"
    [[ $(sqlite3 "$work/rows.db" "PRAGMA integrity_check") == ok ]] || die "the copy is damaged, so the database is: $file"
    count_sqlite "$work/rows.db" > "$work/counts.tsv"
}

backup_postgres() {
    local snapshot
    need psql pg_dump
    use_postgres "$url"
    export PGOPTIONS="-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0"
    # rows and their numbers are those of one snapshot, which this session keeps open
    coproc SESSION { psql --no-psqlrc --quiet --tuples-only --no-align --field-separator $'\t' --set ON_ERROR_STOP=1; }
    printf 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSELECT pg_export_snapshot();\n' >&"${SESSION[1]}"
    read -r snapshot <&"${SESSION[0]}" || die "the database does not answer: does DATABASE_URL lead to it?"
    pg_dump --format custom --no-owner --no-privileges --snapshot "$snapshot" --file "$work/rows.dump"
    printf '%s\n\\echo the end\n' "$(counting_postgres)" >&"${SESSION[1]}"
    while IFS= read -r line <&"${SESSION[0]}" && [[ $line != "the end" ]]; do printf '%s\n' "$line"; done > "$work/counts.tsv"
    printf '\\q\n' >&"${SESSION[1]}"
}

case $url in
    sqlite:*) backup_sqlite ;;
    *) backup_postgres ;;
esac
[[ -s $work/counts.tsv ]] || die "the database holds no tables: has it been migrated?"

# after the rows: a row's file is stored before the row says so
parts=()
for part in files public gis; do
    if [[ -d $data/$part ]]; then parts+=("$part"); fi
done
if [[ ${ATTACHMENT_USE_S3:-false} =~ ^(true|True|1|on|yes)$ ]]; then
    say "files are on S3 and not in this backup: keep versions of the objects there"
elif ((${#parts[@]} > 0)); then
    # what is deleted meanwhile is gone, and no failure
    tar --create --directory "$data" --warning no-file-removed --ignore-failed-read --file "$work/files.tar" "${parts[@]}"
fi
if [[ -z ${SECRET_KEY:-} ]]; then
    say "SECRET_KEY is not set: keep $data/secret.key elsewhere, as it is not in this backup, and links end without it"
fi
(cd "$work" && sha256sum -- * > SHA256SUMS)
mv "$work" "$folder"
say "$(awk -F '\t' '{ n += $2 } END { print n }' "$folder/counts.tsv") rows in $(wc -l <"$folder/counts.tsv") tables: $folder"
