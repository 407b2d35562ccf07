-- Exports that subscribers asked for, and how often each tool was used. Indexes by which records are counted by time, and
-- found by state.

CREATE TABLE reporting_report (
    uuid uuid NOT NULL PRIMARY KEY,
    status text NOT NULL,
    type text NOT NULL,
    author_id uuid,
    partner_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    result_item_id uuid REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    rows_written bigint NOT NULL,
    rows_total bigint,
    -- only what was made at this moment or later, and before that one
    made_since timestamptz,
    made_before timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX reporting_report_partner ON reporting_report (partner_id, created_at, uuid);
CREATE INDEX reporting_report_made ON reporting_report (created_at, uuid);
CREATE INDEX reporting_report_result_item ON reporting_report (result_item_id);

CREATE TABLE reporting_subscriberstats (
    uuid uuid NOT NULL PRIMARY KEY,
    tool text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    partner_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (partner_id, tool)
);

CREATE TABLE reporting_subscriberday (
    partner_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    day date NOT NULL,
    tool text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (partner_id, day, tool)
);

-- one row, whose key is how far has been counted
CREATE TABLE reporting_statsrefresh (
    last_run timestamptz NOT NULL PRIMARY KEY
);
INSERT INTO reporting_statsrefresh (last_run) VALUES ('1900-01-01T00:00:00Z');

-- the subscriber is no part of the key, so that no list of one subscriber is read along these
CREATE INDEX register_registration_made ON register_registration (created_at) INCLUDE (partner_id);
CREATE INDEX absentee_ballotrequest_made ON absentee_ballotrequest (created_at) INCLUDE (partner_id);
CREATE INDEX verifier_lookup_made ON verifier_lookup (created_at) INCLUDE (partner_id);
CREATE INDEX reminder_reminderrequest_made ON reminder_reminderrequest (created_at) INCLUDE (partner_id);
CREATE INDEX polling_place_pollingplacelookup_made ON polling_place_pollingplacelookup (created_at) INCLUDE (partner_id);

CREATE INDEX register_registration_state ON register_registration (partner_id, state_id, created_at);
CREATE INDEX absentee_ballotrequest_state ON absentee_ballotrequest (partner_id, state_id, created_at);
CREATE INDEX verifier_lookup_state ON verifier_lookup (partner_id, state_id, created_at);
CREATE INDEX reminder_reminderrequest_state ON reminder_reminderrequest (partner_id, state_id, created_at);
CREATE INDEX polling_place_pollingplacelookup_state
    ON polling_place_pollingplacelookup (partner_id, state_id, created_at);
