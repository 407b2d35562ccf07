-- Jobs that share a rate, and whose turn it is among them.

CREATE TABLE job_lane (
    name text NOT NULL PRIMARY KEY,
    -- how far the grants reach that were taken
    reach timestamptz NOT NULL
);

ALTER TABLE job ADD COLUMN lane text COLLATE "C" NOT NULL DEFAULT 'default';
-- the place in the line of its lane and priority; none while it waits for its time
ALTER TABLE job ADD COLUMN place bigint;

-- an older worker finds its jobs without them too, only slower
DROP INDEX job_claim;
DROP INDEX job_due;
CREATE INDEX job_line ON job (lane, priority, place, due_at, uuid) WHERE state = 'waiting' AND place IS NOT NULL;
CREATE INDEX job_turn ON job (lane, priority, subscriber_id, place) WHERE state = 'waiting' AND place IS NOT NULL;
CREATE INDEX job_delayed ON job (due_at, uuid) WHERE state = 'waiting' AND place IS NULL;
CREATE INDEX job_cancelled ON job (uuid) WHERE state = 'done' AND last_error IS NOT NULL;

-- every job is changed twice at least; what that leaves behind is to be cleared before it slows down the claims
ALTER TABLE job SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
