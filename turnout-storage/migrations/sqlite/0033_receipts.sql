-- What was done for whom, without anything about them; and what retention finds its rows by.

CREATE TABLE data_receipt (
    uuid BLOB NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    -- as it was signed
    content TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT;
CREATE INDEX data_receipt_newest ON data_receipt (at, uuid);

CREATE INDEX search_entry_action ON search_entry (action_id);
CREATE INDEX held_mail_decided ON held_mail (decided_at, message_id);
