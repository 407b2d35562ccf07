-- Calls that carry an `Idempotency-Key`, with their answers: place and fingerprint are HMACs, and an answer holds neither a
-- link nor a token. Kept for a day.

CREATE TABLE keyed_call (
    place BLOB NOT NULL PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    seed BLOB NOT NULL,
    lease_until TEXT NOT NULL,
    status INTEGER,
    body TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX keyed_call_created_at ON keyed_call (created_at, place);
