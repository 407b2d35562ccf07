-- Who agreed to be written to: a ledger to which entries are only added. What was decided about texts and mails: with a text
-- it stands in its row, of mails in a row of its own where one was held or refused.

CREATE TABLE consent_entry (
    uuid BLOB NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    choice TEXT NOT NULL,
    scope TEXT NOT NULL,
    subscriber_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    purpose TEXT,
    origin TEXT NOT NULL,
    shown TEXT,
    language TEXT,
    context TEXT,
    said_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL
) STRICT;
CREATE INDEX consent_entry_address ON consent_entry (address, channel, said_at, recorded_at, uuid);

CREATE TABLE held_mail (
    message_id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    subscriber_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    rule TEXT NOT NULL,
    held_until TEXT,
    decided_at TEXT NOT NULL
) STRICT;

ALTER TABLE smsbot_smsmessage ADD COLUMN purpose TEXT;
ALTER TABLE smsbot_smsmessage ADD COLUMN subscriber_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE smsbot_smsmessage ADD COLUMN zones TEXT;
ALTER TABLE smsbot_smsmessage ADD COLUMN states TEXT;
ALTER TABLE smsbot_smsmessage ADD COLUMN rule TEXT;
ALTER TABLE smsbot_smsmessage ADD COLUMN held_until TEXT;
ALTER TABLE smsbot_smsmessage ADD COLUMN decided_at TEXT;
