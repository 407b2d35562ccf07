-- Voters whom the rolls know, and the voter of an action. The columns at the end of the table are those of imported rows;
-- nothing here writes them.

CREATE TABLE voter_voter (
    uuid uuid NOT NULL PRIMARY KEY,
    state_id text REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    state_voter_id text,
    ts_voterbase_id text,
    registered boolean,
    registration_date date,
    last_registration_refresh timestamptz,
    last_state_refresh date,
    last_ts_refresh timestamptz,
    email text,
    phone text,
    first_name text,
    middle_name text,
    last_name text,
    suffix text,
    date_of_birth date,
    address_full text,
    city text,
    zipcode text,
    state_result jsonb,
    ts_result jsonb,
    modified_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    alloy_person_id bigint,
    last_alloy_refresh timestamptz,
    alloy_result jsonb,
    phone_id uuid
);
CREATE INDEX voter_voter_roll_id ON voter_voter (state_id, ts_voterbase_id, created_at, uuid);
CREATE INDEX voter_voter_state_voter_id ON voter_voter (state_id, state_voter_id, created_at, uuid);

ALTER TABLE action_action
    ADD COLUMN voter_id uuid REFERENCES voter_voter (uuid) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX action_action_voter ON action_action (voter_id);
CREATE INDEX action_action_unasked ON action_action (created_at, uuid) WHERE last_voter_lookup IS NULL;
CREATE INDEX action_action_asked ON action_action (last_voter_lookup, uuid);
