-- What happens later, and which moment of which schedule ran.

CREATE TABLE job (
    uuid uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    priority bigint NOT NULL CHECK (priority IN (0, 10)),
    unique_key text,
    subscriber_id uuid,
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    attempts bigint NOT NULL,
    fence bigint NOT NULL,
    due_at timestamptz NOT NULL,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE UNIQUE INDEX job_unique_key ON job (unique_key) WHERE unique_key IS NOT NULL AND state <> 'done';
CREATE INDEX job_claim ON job (priority, due_at, uuid) WHERE state = 'waiting';
CREATE INDEX job_due ON job (due_at) WHERE state = 'waiting';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_dead ON job (uuid) WHERE state = 'dead';
CREATE INDEX job_done ON job (finished_at) WHERE state = 'done';
CREATE INDEX job_unfinished ON job (uuid) WHERE state <> 'done';

CREATE TABLE cron_tick (
    name text NOT NULL,
    tick timestamptz NOT NULL,
    PRIMARY KEY (name, tick)
);
