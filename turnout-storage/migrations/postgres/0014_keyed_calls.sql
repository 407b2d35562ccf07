-- Calls that carry an `Idempotency-Key`, with their answers: place and fingerprint are HMACs, and an answer holds neither a
-- link nor a token. Kept for a day.

CREATE TABLE keyed_call (
    place bytea NOT NULL PRIMARY KEY,
    fingerprint bytea NOT NULL,
    seed uuid NOT NULL,
    lease_until timestamptz NOT NULL,
    status bigint,
    body jsonb,
    created_at timestamptz NOT NULL
);
CREATE INDEX keyed_call_created_at ON keyed_call (created_at, place);
