-- Ballot requests, what is known better about the offices that take them, and faxes to those.
-- `way` says how the form that was made last goes to the office.

CREATE TABLE absentee_ballotrequest (
    uuid BLOB NOT NULL PRIMARY KEY,
    modified_at TEXT NOT NULL,
    status TEXT,
    first_name TEXT,
    middle_name TEXT,
    last_name TEXT,
    suffix TEXT,
    date_of_birth TEXT,
    email TEXT,
    phone TEXT,
    us_citizen INTEGER,
    address1 TEXT,
    address2 TEXT,
    city TEXT,
    state_id TEXT REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    zipcode TEXT,
    mailing_address1 TEXT,
    mailing_address2 TEXT,
    mailing_city TEXT,
    mailing_state_id TEXT REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    mailing_zipcode TEXT,
    request_mailing_address1 TEXT,
    request_mailing_address2 TEXT,
    request_mailing_city TEXT,
    request_mailing_state_id TEXT REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    request_mailing_zipcode TEXT,
    request_mailing_deliverable INTEGER,
    sms_opt_in INTEGER,
    sms_opt_in_partner INTEGER,
    referring_tool TEXT,
    state_fields TEXT,
    signature_id BLOB REFERENCES storage_secureuploaditem (uuid) DEFERRABLE INITIALLY DEFERRED,
    submit_date TEXT,
    esign_method TEXT,
    way TEXT,
    region_id INTEGER REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    result_item_id BLOB REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    result_item_mail_id BLOB REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    language TEXT,
    embed_url TEXT,
    utm_campaign TEXT,
    utm_source TEXT,
    utm_medium TEXT,
    utm_term TEXT,
    utm_content TEXT,
    source TEXT,
    email_referrer TEXT,
    mobile_referrer TEXT,
    session_id BLOB,
    action_id BLOB UNIQUE REFERENCES action_action (uuid) DEFERRABLE INITIALLY DEFERRED,
    partner_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    deliverable INTEGER,
    mailing_deliverable INTEGER
) STRICT;
CREATE INDEX absentee_ballotrequest_result_item ON absentee_ballotrequest (result_item_id);
CREATE INDEX absentee_ballotrequest_result_item_mail ON absentee_ballotrequest (result_item_mail_id);
CREATE INDEX absentee_ballotrequest_partner ON absentee_ballotrequest (partner_id, created_at);
CREATE INDEX absentee_ballotrequest_region ON absentee_ballotrequest (region_id);
CREATE INDEX absentee_ballotrequest_signature ON absentee_ballotrequest (signature_id);

CREATE TABLE absentee_leocontactoverride (
    region_id INTEGER NOT NULL PRIMARY KEY
        REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    submission_method TEXT,
    email TEXT,
    phone TEXT,
    fax TEXT,
    notes TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE absentee_regionovbmlink (
    region_id INTEGER NOT NULL PRIMARY KEY
        REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    url TEXT NOT NULL,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE fax_fax (
    uuid BLOB NOT NULL PRIMARY KEY,
    token BLOB NOT NULL,
    storage_item_id BLOB NOT NULL REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    "to" TEXT,
    status TEXT NOT NULL,
    status_message TEXT,
    status_timestamp TEXT,
    on_complete_task TEXT,
    on_complete_task_arg TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX fax_fax_storage_item ON fax_fax (storage_item_id);
