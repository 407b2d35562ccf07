# Sourced by test.sh, with_servers.sh and others: private PostgreSQL and Redis servers on free ports, gone at the end.
# Whatever listens on 5432 or 6379 is never asked, used or stopped.
servers=
redis_pid=
pg_data=
pg_bin=

# PostgreSQL refuses to run as root: then it runs as the user that its package made.
as_postgres() {
    if [[ $(id -u) == 0 ]]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
    else
        "$@"
    fi
}

start_servers() {
    servers=$target/servers/$$
    mkdir -p "$servers" || return 1
    if ! as_postgres test -x "$servers"; then
        servers=$(mktemp -d /tmp/turnout-servers.XXXXXX) && chmod 755 "$servers" || return 1
    fi
    find_peers
    start_postgres && start_redis
}

# Servers that others wrote, for the tests of vendors; those tests say so where there are none.
find_peers() {
    local peers
    if peers=$(scripts/peers.sh); then export TURNOUT_TEST_PEERS=$peers; else say "no peers of others: no network?"; fi
}

start_postgres() {
    local port password settings
    pg_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
    mkdir -p "$servers/postgres" || return 1
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s' "$password" > "$servers/postgres/password"
    if [[ $(id -u) == 0 ]]; then chown -R postgres: "$servers/postgres"; fi
    chmod 700 "$servers/postgres"
    pg_data=$servers/postgres/data
    as_postgres "$pg_bin/initdb" --pgdata "$pg_data" --username turnout --pwfile "$servers/postgres/password" \
        --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 > "$servers/initdb.log" 2>&1 \
        || { cat "$servers/initdb.log" >&2; return 1; }
    make_certificate || return 1
    # what is confirmed is on the disk, as in production
    settings="-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c ssl=on"
    settings+=" -c fsync=on -c synchronous_commit=on -c max_wal_size=4GB -c checkpoint_timeout=1h"
    for _ in 1 2 3; do   # somebody may take the port between the look and the start
        port=$(free_port)
        if as_postgres "$pg_bin/pg_ctl" --pgdata "$pg_data" --wait --silent --log "$servers/postgres/log" \
            --options "-p $port $settings" start; then
            export TURNOUT_TEST_POSTGRES_URL="postgres://turnout:$password@127.0.0.1:$port/postgres?sslmode=disable"
            [[ $(PGCONNECT_TIMEOUT=10 "$pg_bin/psql" "$TURNOUT_TEST_POSTGRES_URL" -XAtc 'select 1') == 1 ]] || return 1
            say "PostgreSQL $("$pg_bin/psql" "$TURNOUT_TEST_POSTGRES_URL" -XAtc 'show server_version') answers on port $port"
            return 0
        fi
    done
    cat "$servers/postgres/log" >&2
    return 1
}

# An authority of our own and the server's certificate, for the tests of TLS.
make_certificate() {
    local folder=$servers/certificate
    mkdir -p "$folder" || return 1
    (
        cd "$folder"
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=turnout tests' \
            -keyout authority.key -out authority.crt
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=localhost' \
            -keyout server.key -out server.csr
        openssl x509 -req -in server.csr -CA authority.crt -CAkey authority.key -CAcreateserial -days 2 \
            -extfile <(printf 'subjectAltName=IP:127.0.0.1,DNS:localhost') -out server.crt
    ) > "$servers/certificate.log" 2>&1 || { cat "$servers/certificate.log" >&2; return 1; }
    cp "$folder/server.crt" "$folder/server.key" "$pg_data/"
    chmod 600 "$pg_data/server.key"
    if [[ $(id -u) == 0 ]]; then chown postgres: "$pg_data/server.crt" "$pg_data/server.key"; fi
    export TURNOUT_TEST_POSTGRES_CA=$folder/authority.crt
}

start_redis() {
    local port
    mkdir -p "$servers/redis"
    for _ in 1 2 3; do
        port=$(free_port)
        redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$servers/redis" \
            > "$servers/redis.log" 2>&1 &
        redis_pid=$!
        for _ in {1..100}; do
            if [[ $(redis-cli -h 127.0.0.1 -p "$port" ping 2>/dev/null) == PONG ]]; then
                export TURNOUT_TEST_REDIS_URL="redis://127.0.0.1:$port/"
                say "Redis answers on port $port"
                return 0
            fi
            kill -0 "$redis_pid" 2>/dev/null || break
            sleep 0.1
        done
    done
    cat "$servers/redis.log" >&2
    return 1
}

stop_servers() {
    [[ -n $servers ]] || return 0
    if [[ -n $redis_pid ]]; then kill "$redis_pid" 2>/dev/null; wait "$redis_pid" 2>/dev/null; fi
    if [[ -n $pg_data && -f $pg_data/postmaster.pid ]]; then
        as_postgres "$pg_bin/pg_ctl" --pgdata "$pg_data" --mode fast --wait --silent stop
    fi
    rm -rf "$servers"
    servers=
}
