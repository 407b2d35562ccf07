-- Text messages: the numbers they go to, with what those allow; every text that came or went; those sent to many at once.

CREATE TABLE smsbot_number (
    phone TEXT NOT NULL PRIMARY KEY,
    uuid BLOB NOT NULL,
    welcome_time TEXT,
    opt_out_time TEXT,
    opt_in_time TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE smsbot_blast (
    uuid BLOB NOT NULL PRIMARY KEY,
    description TEXT,
    content TEXT,
    sql TEXT,
    campaign TEXT,
    blast_type TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE smsbot_smsmessage (
    uuid BLOB NOT NULL PRIMARY KEY,
    phone_id TEXT REFERENCES smsbot_number (phone) DEFERRABLE INITIALLY DEFERRED,
    direction TEXT NOT NULL,
    message TEXT,
    status TEXT,
    status_time TEXT,
    twilio_sid TEXT,
    kwargs TEXT,
    blast_id BLOB REFERENCES smsbot_blast (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX smsbot_smsmessage_phone ON smsbot_smsmessage (phone_id, created_at, uuid);
CREATE INDEX smsbot_smsmessage_twilio_sid ON smsbot_smsmessage (twilio_sid);
CREATE INDEX smsbot_smsmessage_blast ON smsbot_smsmessage (blast_id);
