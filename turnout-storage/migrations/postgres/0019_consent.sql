-- Who agreed to be written to: a ledger to which entries are only added. What was decided about texts and mails: with a text
-- it stands in its row, of mails in a row of its own where one was held or refused.

CREATE TABLE consent_entry (
    uuid uuid NOT NULL PRIMARY KEY,
    channel text NOT NULL,
    address text NOT NULL,
    choice text NOT NULL,
    scope text NOT NULL,
    subscriber_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    purpose text,
    origin text NOT NULL,
    shown text,
    language text,
    context text,
    said_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX consent_entry_address ON consent_entry (address, channel, said_at, recorded_at, uuid);

CREATE TABLE held_mail (
    message_id text NOT NULL PRIMARY KEY,
    purpose text NOT NULL,
    subscriber_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    rule text NOT NULL,
    held_until timestamptz,
    decided_at timestamptz NOT NULL
);

ALTER TABLE smsbot_smsmessage ADD COLUMN purpose text;
ALTER TABLE smsbot_smsmessage ADD COLUMN subscriber_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE smsbot_smsmessage ADD COLUMN zones text;
ALTER TABLE smsbot_smsmessage ADD COLUMN states text;
ALTER TABLE smsbot_smsmessage ADD COLUMN rule text;
ALTER TABLE smsbot_smsmessage ADD COLUMN held_until timestamptz;
ALTER TABLE smsbot_smsmessage ADD COLUMN decided_at timestamptz;
