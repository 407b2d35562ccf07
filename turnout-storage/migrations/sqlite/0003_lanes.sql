-- Jobs that share a rate, and whose turn it is among them.

CREATE TABLE job_lane (
    name TEXT NOT NULL PRIMARY KEY,
    -- how far the grants reach that were taken
    reach TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE job ADD COLUMN lane TEXT NOT NULL DEFAULT 'default';
-- the place in the line of its lane and priority; none while it waits for its time
ALTER TABLE job ADD COLUMN place INTEGER;

-- an older worker finds its jobs without them too, only slower
DROP INDEX job_claim;
DROP INDEX job_due;
CREATE INDEX job_line ON job (lane, priority, place, due_at, uuid) WHERE state = 'waiting' AND place IS NOT NULL;
CREATE INDEX job_turn ON job (lane, priority, subscriber_id, place) WHERE state = 'waiting' AND place IS NOT NULL;
CREATE INDEX job_delayed ON job (due_at, uuid) WHERE state = 'waiting' AND place IS NULL;
CREATE INDEX job_cancelled ON job (uuid) WHERE state = 'done' AND last_error IS NOT NULL;
