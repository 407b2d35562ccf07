-- What happens later, and which moment of which schedule ran.

CREATE TABLE job (
    uuid BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL CHECK (priority IN (0, 10)),
    unique_key TEXT,
    subscriber_id BLOB,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    attempts INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    due_at TEXT NOT NULL,
    lease_until TEXT,
    last_error TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT
) STRICT;
CREATE UNIQUE INDEX job_unique_key ON job (unique_key) WHERE unique_key IS NOT NULL AND state <> 'done';
CREATE INDEX job_claim ON job (priority, due_at, uuid) WHERE state = 'waiting';
CREATE INDEX job_due ON job (due_at) WHERE state = 'waiting';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_dead ON job (uuid) WHERE state = 'dead';
CREATE INDEX job_done ON job (finished_at) WHERE state = 'done';
CREATE INDEX job_unfinished ON job (uuid) WHERE state <> 'done';

CREATE TABLE cron_tick (
    name TEXT NOT NULL,
    tick TEXT NOT NULL,
    PRIMARY KEY (name, tick)
) STRICT, WITHOUT ROWID;
