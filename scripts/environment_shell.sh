#!/usr/bin/env bash
# `make shellprod`, `shellstaging`, `shelldev TAG=…`: a shell, or CMD, in the image of that release (of that commit for dev),
# with the settings of that environment; its port 8000 is this machine's. DEBUG=false has it log as production does.
source "$(dirname "$0")/common.sh"
source scripts/environments.sh
environment=${1:-}
is_environment "$environment" || die "say which environment: dev, staging or prod"
tag=${TAG:-}
case $environment in
    dev)
        [[ -n $tag ]] || die "say which commit: make shelldev TAG=$(git rev-parse HEAD 2>/dev/null || echo COMMIT)"
        # images are called by whole ids
        tag=$(git rev-parse --quiet --verify "$tag^{commit}" 2>/dev/null || printf '%s' "$tag")
        ;;
    *)
        [[ $tag =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || die "say which release: make shell$environment TAG=v1.2.3"
        ;;
esac
debug=${DEBUG:-true}
engine=$(container_tool)
need aws jq
load_environment "$environment"
export DEBUG=$debug ENV=$environment TAG=$tag
settings+=(DEBUG ENV TAG)
say "$environment, $image_repository:$tag, ${#settings[@]} settings: whatever you do here is done there"
if [[ -n ${CMD:-} ]]; then
    run_image "$engine" --publish 8000:8000 --entrypoint /busybox/sh "$image_repository:$tag" -c "$CMD"
else
    run_image "$engine" --publish 8000:8000 --entrypoint /busybox/sh "$image_repository:$tag"
fi
