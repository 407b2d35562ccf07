-- Voters whom the rolls know, and the voter of an action. The columns at the end of the table are those of imported rows;
-- nothing here writes them.

CREATE TABLE voter_voter (
    uuid BLOB NOT NULL PRIMARY KEY,
    state_id TEXT REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    state_voter_id TEXT,
    ts_voterbase_id TEXT,
    registered INTEGER,
    registration_date TEXT,
    last_registration_refresh TEXT,
    last_state_refresh TEXT,
    last_ts_refresh TEXT,
    email TEXT,
    phone TEXT,
    first_name TEXT,
    middle_name TEXT,
    last_name TEXT,
    suffix TEXT,
    date_of_birth TEXT,
    address_full TEXT,
    city TEXT,
    zipcode TEXT,
    state_result TEXT,
    ts_result TEXT,
    modified_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    alloy_person_id INTEGER,
    last_alloy_refresh TEXT,
    alloy_result TEXT,
    phone_id BLOB
) STRICT;
CREATE INDEX voter_voter_roll_id ON voter_voter (state_id, ts_voterbase_id, created_at, uuid);
CREATE INDEX voter_voter_state_voter_id ON voter_voter (state_id, state_voter_id, created_at, uuid);

ALTER TABLE action_action ADD COLUMN voter_id BLOB REFERENCES voter_voter (uuid) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX action_action_voter ON action_action (voter_id);
CREATE INDEX action_action_unasked ON action_action (created_at, uuid) WHERE last_voter_lookup IS NULL;
CREATE INDEX action_action_asked ON action_action (last_voter_lookup, uuid);
