-- Blasts that are planned, approved and started here, and whom they are for. A blast without a status was taken over and is
-- history.

ALTER TABLE smsbot_blast ADD COLUMN subscriber_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE smsbot_blast ADD COLUMN audience text;
ALTER TABLE smsbot_blast ADD COLUMN status text;
ALTER TABLE smsbot_blast ADD COLUMN price bigint;
ALTER TABLE smsbot_blast ADD COLUMN budget bigint;
ALTER TABLE smsbot_blast ADD COLUMN segments bigint;
ALTER TABLE smsbot_blast ADD COLUMN sendable bigint;
ALTER TABLE smsbot_blast ADD COLUMN planned_by text;
ALTER TABLE smsbot_blast ADD COLUMN planned_at timestamptz;
ALTER TABLE smsbot_blast ADD COLUMN seal text;
ALTER TABLE smsbot_blast ADD COLUMN tested_by text;
ALTER TABLE smsbot_blast ADD COLUMN tested_at timestamptz;
ALTER TABLE smsbot_blast ADD COLUMN approved_by text;
ALTER TABLE smsbot_blast ADD COLUMN approved_at timestamptz;
ALTER TABLE smsbot_blast ADD COLUMN approved_seal text;
ALTER TABLE smsbot_blast ADD COLUMN run bigint;
ALTER TABLE smsbot_blast ADD COLUMN enqueued bigint;
ALTER TABLE smsbot_blast ADD COLUMN started_by text;
ALTER TABLE smsbot_blast ADD COLUMN started_at timestamptz;
ALTER TABLE smsbot_blast ADD COLUMN stopped_by text;
ALTER TABLE smsbot_blast ADD COLUMN stopped_at timestamptz;
ALTER TABLE smsbot_blast ADD COLUMN finished_at timestamptz;

CREATE TABLE blast_recipient (
    uuid uuid NOT NULL PRIMARY KEY,
    blast_id uuid NOT NULL REFERENCES smsbot_blast (uuid) DEFERRABLE INITIALLY DEFERRED,
    phone text NOT NULL,
    zones text NOT NULL,
    states text NOT NULL,
    planned text NOT NULL,
    rule text,
    UNIQUE (blast_id, phone)
);
CREATE INDEX blast_recipient_blast ON blast_recipient (blast_id, uuid);
