#!/usr/bin/env bash
# What a release holds: scripts/release_files.sh v1.2.3 FOLDER makes FOLDER/files (the program, the crates, SHA256SUMS) and
# FOLDER/NOTES.md (what changed, from CHANGELOG.md).
source "$(dirname "$0")/common.sh"
tag=${1:?say which release: scripts/release_files.sh v1.2.3 dist}
folder=${2:?say into which folder: scripts/release_files.sh v1.2.3 dist}
version=${tag#v}
name=turnout-$tag-linux-$(uname -m)
mkdir -p "$folder/files"

awk -v heading="## $version" '$0 == heading || index($0, heading " ") == 1 { on = 1; next } /^## / { on = 0 } on' CHANGELOG.md \
    > "$folder/NOTES.md"
grep -q '[^[:space:]]' "$folder/NOTES.md" || die "CHANGELOG.md has nothing about $version"

cargo build --locked --quiet --profile dist -p turnout-server --features voteamerica
staging=$(mktemp -d "$target/release-files.XXXXXX")
trap 'rm -rf "$staging"' EXIT
mkdir "$staging/$name"
cp LICENSE NOTICE README.md CHANGELOG.md .env.example "$staging/$name/"
cp "$target/dist/turnout-server" "$staging/$name/"
strip "$staging/$name/turnout-server"
tar --create --gzip --file "$folder/files/$name.tar.gz" --directory "$staging" --owner 0 --group 0 "$name"
scripts/check_crates.sh "$folder/files"
(cd "$folder/files" && sha256sum -- *.tar.gz *.crate > SHA256SUMS)
say "$folder/files holds:"
ls -l "$folder/files"
