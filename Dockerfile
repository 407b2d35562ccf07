# syntax=docker/dockerfile:1
# One image for every role: `serve`, `worker`, `scheduler`, `migrate`. No shell but busybox's, no root, and a root file
# system that may be read-only: only /data is written.

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist -p turnout-server --features voteamerica \
    && install -D target/dist/turnout-server /out/turnout-server \
    && strip /out/turnout-server \
    && mkdir /out/data

# `debug` adds busybox, so that `make shellprod` has a shell to open
FROM gcr.io/distroless/cc-debian12:debug-nonroot
COPY --from=build /out/turnout-server /usr/local/bin/turnout-server
# 65532 is that image's `nonroot`; orchestrators need the number to see that it is not root
COPY --from=build --chown=65532:65532 /out/data /data
COPY LICENSE NOTICE /usr/share/doc/turnout/
ARG TAG=""
ARG BUILD="0"
ENV TAG=$TAG BUILD=$BUILD HOST=0.0.0.0 PORT=8000 TURNOUT_DATA_DIR=/data TMPDIR=/data
LABEL org.opencontainers.image.title="Turnout" \
      org.opencontainers.image.source="https://github.com/voteamerica/turnout" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$TAG"
USER 65532:65532
# a volume made of it belongs to that user
VOLUME /data
# not /data: settings are read from .env of the working folder, and nobody may leave one there
WORKDIR /
EXPOSE 8000
STOPSIGNAL SIGTERM
# No HEALTHCHECK: only `serve` listens. Who runs that one checks with `turnout-server health`.
ENTRYPOINT ["/usr/local/bin/turnout-server"]
CMD ["serve"]
