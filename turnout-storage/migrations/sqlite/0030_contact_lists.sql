-- Contact lists: what the list said of whom an action was passed on about, how far a run over many is, and by what voters
-- are found whose number asked for no more.

ALTER TABLE integration_link ADD COLUMN email_status TEXT;
ALTER TABLE integration_link ADD COLUMN phone_status TEXT;
ALTER TABLE integration_link ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;

CREATE TABLE integration_run (
    uuid BLOB NOT NULL PRIMARY KEY,
    most_percent INTEGER NOT NULL,
    people INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    stopped_at TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE INDEX action_action_oldest ON action_action (created_at, uuid);
CREATE INDEX register_registration_phone ON register_registration (phone, created_at) WHERE phone IS NOT NULL;
CREATE INDEX absentee_ballotrequest_phone ON absentee_ballotrequest (phone, created_at) WHERE phone IS NOT NULL;
CREATE INDEX verifier_lookup_phone ON verifier_lookup (phone, created_at) WHERE phone IS NOT NULL;
CREATE INDEX reminder_reminderrequest_phone ON reminder_reminderrequest (phone, created_at) WHERE phone IS NOT NULL;
