#!/usr/bin/env bash
# `make release TAG=v1.2.3`: looks whether all is ready, then makes the tag and pushes it; .github/workflows/ make image and
# files of it.
source "$(dirname "$0")/common.sh"
tag=${TAG:-}
remote=${REMOTE:-origin}
[[ $tag =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || die "say which version: make release TAG=v1.2.3"
version=${tag#v}
wrong=()
in_manifest=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
[[ $in_manifest == "$version" ]] || wrong+=("Cargo.toml says version $in_manifest, and TAG $version")
grep -qE "^## $version( |$)" CHANGELOG.md || wrong+=("CHANGELOG.md has no section '## $version': rename Unreleased, and begin a new one")
[[ -z $(git status --porcelain) ]] || wrong+=("something is not committed")
branch=$(git symbolic-ref --quiet --short HEAD || echo "no branch")
[[ $branch == main ]] || wrong+=("this is $branch: releases are made of main")
if git fetch --quiet --tags "$remote" main; then
    [[ $(git rev-parse HEAD) == $(git rev-parse FETCH_HEAD) ]] || wrong+=("main is not what $remote has: pull or push first")
else
    wrong+=("$remote does not answer")
fi
if git rev-parse --quiet --verify "refs/tags/$tag" >/dev/null; then wrong+=("$tag is there already"); fi
if ((${#wrong[@]} > 0)); then
    printf 'error: %s\n' "${wrong[@]}" >&2
    exit 1
fi
git tag --annotate --message "Turnout $tag" "$tag"
git push --quiet "$remote" "refs/tags/$tag"
say "$tag is pushed: the image and the release are made of it by .github/workflows/"
