-- Addresses at which subscribers want to be called, and what is delivered to them.

CREATE TABLE webhook_endpoint (
    uuid uuid NOT NULL PRIMARY KEY,
    partner_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    address text NOT NULL,
    description text,
    -- separated by commas
    topics text NOT NULL,
    -- which secret signs; the secret itself is derived and nowhere
    generation bigint NOT NULL,
    rotated_at timestamptz,
    paused_at timestamptz,
    off_at timestamptz,
    off_reason text,
    removed_at timestamptz,
    failures bigint NOT NULL,
    failing_since timestamptz,
    rest_until timestamptz,
    created_by_id uuid,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX webhook_endpoint_partner ON webhook_endpoint (partner_id, created_at, uuid);

CREATE TABLE webhook_delivery (
    uuid uuid NOT NULL PRIMARY KEY,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoint (uuid) DEFERRABLE INITIALLY DEFERRED,
    topic text NOT NULL,
    -- what is told goes with the action that it is told of
    action_id uuid REFERENCES action_action (uuid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    tool text,
    record_id uuid,
    state_id text,
    event_id uuid,
    event_type text,
    occurred_at timestamptz NOT NULL,
    -- among the deliveries of the same action to the same endpoint, from 1
    position bigint NOT NULL,
    shard bigint NOT NULL,
    status text NOT NULL,
    queued_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    attempts bigint NOT NULL,
    tried_at timestamptz,
    answer bigint,
    failure text
);
CREATE UNIQUE INDEX webhook_delivery_order ON webhook_delivery (action_id, endpoint_id, position);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, shard, next_at, position, uuid)
    WHERE status = 'waiting';
CREATE INDEX webhook_delivery_newest ON webhook_delivery (endpoint_id, occurred_at, uuid);
CREATE INDEX webhook_delivery_status ON webhook_delivery (endpoint_id, status, occurred_at, uuid);
CREATE INDEX webhook_delivery_old ON webhook_delivery (occurred_at, uuid);
