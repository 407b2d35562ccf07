-- Blasts that are planned, approved and started here, and whom they are for. A blast without a status was taken over and is
-- history.

ALTER TABLE smsbot_blast ADD COLUMN subscriber_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE smsbot_blast ADD COLUMN audience TEXT;
ALTER TABLE smsbot_blast ADD COLUMN status TEXT;
ALTER TABLE smsbot_blast ADD COLUMN price INTEGER;
ALTER TABLE smsbot_blast ADD COLUMN budget INTEGER;
ALTER TABLE smsbot_blast ADD COLUMN segments INTEGER;
ALTER TABLE smsbot_blast ADD COLUMN sendable INTEGER;
ALTER TABLE smsbot_blast ADD COLUMN planned_by TEXT;
ALTER TABLE smsbot_blast ADD COLUMN planned_at TEXT;
ALTER TABLE smsbot_blast ADD COLUMN seal TEXT;
ALTER TABLE smsbot_blast ADD COLUMN tested_by TEXT;
ALTER TABLE smsbot_blast ADD COLUMN tested_at TEXT;
ALTER TABLE smsbot_blast ADD COLUMN approved_by TEXT;
ALTER TABLE smsbot_blast ADD COLUMN approved_at TEXT;
ALTER TABLE smsbot_blast ADD COLUMN approved_seal TEXT;
ALTER TABLE smsbot_blast ADD COLUMN run INTEGER;
ALTER TABLE smsbot_blast ADD COLUMN enqueued INTEGER;
ALTER TABLE smsbot_blast ADD COLUMN started_by TEXT;
ALTER TABLE smsbot_blast ADD COLUMN started_at TEXT;
ALTER TABLE smsbot_blast ADD COLUMN stopped_by TEXT;
ALTER TABLE smsbot_blast ADD COLUMN stopped_at TEXT;
ALTER TABLE smsbot_blast ADD COLUMN finished_at TEXT;

CREATE TABLE blast_recipient (
    uuid BLOB NOT NULL PRIMARY KEY,
    blast_id BLOB NOT NULL REFERENCES smsbot_blast (uuid) DEFERRABLE INITIALLY DEFERRED,
    phone TEXT NOT NULL,
    zones TEXT NOT NULL,
    states TEXT NOT NULL,
    planned TEXT NOT NULL,
    rule TEXT,
    UNIQUE (blast_id, phone)
) STRICT;
CREATE INDEX blast_recipient_blast ON blast_recipient (blast_id, uuid);
