-- Addresses at which subscribers want to be called, and what is delivered to them.

CREATE TABLE webhook_endpoint (
    uuid BLOB NOT NULL PRIMARY KEY,
    partner_id BLOB NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    address TEXT NOT NULL,
    description TEXT,
    -- separated by commas
    topics TEXT NOT NULL,
    -- which secret signs; the secret itself is derived and nowhere
    generation INTEGER NOT NULL,
    rotated_at TEXT,
    paused_at TEXT,
    off_at TEXT,
    off_reason TEXT,
    removed_at TEXT,
    failures INTEGER NOT NULL,
    failing_since TEXT,
    rest_until TEXT,
    created_by_id BLOB,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX webhook_endpoint_partner ON webhook_endpoint (partner_id, created_at, uuid);

CREATE TABLE webhook_delivery (
    uuid BLOB NOT NULL PRIMARY KEY,
    endpoint_id BLOB NOT NULL REFERENCES webhook_endpoint (uuid) DEFERRABLE INITIALLY DEFERRED,
    topic TEXT NOT NULL,
    -- what is told goes with the action that it is told of
    action_id BLOB REFERENCES action_action (uuid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    tool TEXT,
    record_id BLOB,
    state_id TEXT,
    event_id BLOB,
    event_type TEXT,
    occurred_at TEXT NOT NULL,
    -- among the deliveries of the same action to the same endpoint, from 1
    position INTEGER NOT NULL,
    shard INTEGER NOT NULL,
    status TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    next_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    tried_at TEXT,
    answer INTEGER,
    failure TEXT
) STRICT;
CREATE UNIQUE INDEX webhook_delivery_order ON webhook_delivery (action_id, endpoint_id, position);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, shard, next_at, position, uuid)
    WHERE status = 'waiting';
CREATE INDEX webhook_delivery_newest ON webhook_delivery (endpoint_id, occurred_at, uuid);
CREATE INDEX webhook_delivery_status ON webhook_delivery (endpoint_id, status, occurred_at, uuid);
CREATE INDEX webhook_delivery_old ON webhook_delivery (occurred_at, uuid);
