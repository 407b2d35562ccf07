#!/usr/bin/env bash
# `make image`: the image of the working tree, as TURNOUT_IMAGE:TAG (turnout:local).
source "$(dirname "$0")/common.sh"
engine=$(container_tool)
name=${TURNOUT_IMAGE:-turnout}:${TAG:-local}
"$engine" build --tag "$name" --build-arg "TAG=${TAG:-local}" --build-arg "BUILD=${BUILD:-0}" .
say "$name is built"
