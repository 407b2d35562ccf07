-- Text messages: the numbers they go to, with what those allow; every text that came or went; those sent to many at once.

CREATE TABLE smsbot_number (
    phone text NOT NULL PRIMARY KEY,
    uuid uuid NOT NULL,
    welcome_time timestamptz,
    opt_out_time timestamptz,
    opt_in_time timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE smsbot_blast (
    uuid uuid NOT NULL PRIMARY KEY,
    description text,
    content text,
    sql text,
    campaign text,
    blast_type text,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE smsbot_smsmessage (
    uuid uuid NOT NULL PRIMARY KEY,
    phone_id text REFERENCES smsbot_number (phone) DEFERRABLE INITIALLY DEFERRED,
    direction text NOT NULL,
    message text,
    status text,
    status_time timestamptz,
    twilio_sid text,
    kwargs jsonb,
    blast_id uuid REFERENCES smsbot_blast (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX smsbot_smsmessage_phone ON smsbot_smsmessage (phone_id, created_at, uuid);
CREATE INDEX smsbot_smsmessage_twilio_sid ON smsbot_smsmessage (twilio_sid);
CREATE INDEX smsbot_smsmessage_blast ON smsbot_smsmessage (blast_id);
