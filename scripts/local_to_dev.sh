#!/usr/bin/env bash
# `make localtodev`: the image of the working tree; dev's database is migrated by it; then dev's services run it.
#   TURNOUT_DEV_IMAGE     where it is pushed to: a repository of ECR, or another one that you have signed in to
#   TURNOUT_DEV_CLUSTER   the cluster of ECS (turnout-dev)
#   TURNOUT_DEV_SERVICES  its services, in the order in which they are replaced (turnout-web turnout-worker turnout-scheduler)
source "$(dirname "$0")/common.sh"
source scripts/environments.sh
repository=${TURNOUT_DEV_IMAGE:-$image_repository}
cluster=${TURNOUT_DEV_CLUSTER:-turnout-dev}
read -ra services <<<"${TURNOUT_DEV_SERVICES:-turnout-web turnout-worker turnout-scheduler}"
engine=$(container_tool)
need aws jq git
commit=$(git rev-parse --short=12 HEAD)
if [[ -n $(git status --porcelain) ]]; then changed=-changed; else changed=; fi
image=$repository:local-$commit$changed-$(date -u +%Y%m%d%H%M%S)

say "building $image"
"$engine" build --tag "$image" --build-arg "TAG=${image##*:}" .
if [[ $repository =~ ^[0-9]+\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com ]]; then
    aws ecr get-login-password --region "${BASH_REMATCH[1]}" | "$engine" login --username AWS --password-stdin "${BASH_REMATCH[0]}"
fi
"$engine" push "$image"

say "migrating dev's database"
(
    load_environment dev
    run_image "$engine" "$image" migrate
) || die "the migration failed, and nothing was deployed"

for service in "${services[@]}"; do
    say "deploying to $service"
    task=$(aws ecs describe-services --cluster "$cluster" --services "$service" --output json \
        | jq --exit-status --raw-output '.services[0].taskDefinition') || die "$cluster has no service $service"
    # what it has, but for the image, and without what only describes it
    definition=$(aws ecs describe-task-definition --task-definition "$task" --output json | jq --arg image "$image" \
        '.taskDefinition | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt,
         .registeredBy, .deregisteredAt) | .containerDefinitions |= map(if .name == "turnout" then .image = $image else . end)')
    revision=$(aws ecs register-task-definition --cli-input-json "$definition" --output json \
        | jq --exit-status --raw-output '.taskDefinition.taskDefinitionArn')
    aws ecs update-service --cluster "$cluster" --service "$service" --task-definition "$revision" --output json >/dev/null
done
say "waiting until all of them run it"
aws ecs wait services-stable --cluster "$cluster" --services "${services[@]}"
say "dev runs ${image##*:}"
