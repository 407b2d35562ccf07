-- Ballot requests, what is known better about the offices that take them, and faxes to those.
-- `way` says how the form that was made last goes to the office.

CREATE TABLE absentee_ballotrequest (
    uuid uuid NOT NULL PRIMARY KEY,
    modified_at timestamptz NOT NULL,
    status text,
    first_name text,
    middle_name text,
    last_name text,
    suffix text,
    date_of_birth date,
    email text,
    phone text,
    us_citizen boolean,
    address1 text,
    address2 text,
    city text,
    state_id text COLLATE "C" REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    zipcode text,
    mailing_address1 text,
    mailing_address2 text,
    mailing_city text,
    mailing_state_id text COLLATE "C" REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    mailing_zipcode text,
    request_mailing_address1 text,
    request_mailing_address2 text,
    request_mailing_city text,
    request_mailing_state_id text COLLATE "C" REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    request_mailing_zipcode text,
    request_mailing_deliverable boolean,
    sms_opt_in boolean,
    sms_opt_in_partner boolean,
    referring_tool text,
    state_fields jsonb,
    signature_id uuid REFERENCES storage_secureuploaditem (uuid) DEFERRABLE INITIALLY DEFERRED,
    submit_date date,
    esign_method text,
    way text,
    region_id bigint REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    result_item_id uuid REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    result_item_mail_id uuid REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    language text,
    embed_url text,
    utm_campaign text,
    utm_source text,
    utm_medium text,
    utm_term text,
    utm_content text,
    source text,
    email_referrer text,
    mobile_referrer text,
    session_id uuid,
    action_id uuid UNIQUE REFERENCES action_action (uuid) DEFERRABLE INITIALLY DEFERRED,
    partner_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL,
    deliverable boolean,
    mailing_deliverable boolean
);
CREATE INDEX absentee_ballotrequest_result_item ON absentee_ballotrequest (result_item_id);
CREATE INDEX absentee_ballotrequest_result_item_mail ON absentee_ballotrequest (result_item_mail_id);
CREATE INDEX absentee_ballotrequest_partner ON absentee_ballotrequest (partner_id, created_at);
CREATE INDEX absentee_ballotrequest_region ON absentee_ballotrequest (region_id);
CREATE INDEX absentee_ballotrequest_signature ON absentee_ballotrequest (signature_id);

CREATE TABLE absentee_leocontactoverride (
    region_id bigint NOT NULL PRIMARY KEY
        REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    submission_method text,
    email text,
    phone text,
    fax text,
    notes text,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE absentee_regionovbmlink (
    region_id bigint NOT NULL PRIMARY KEY
        REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    url text NOT NULL,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE fax_fax (
    uuid uuid NOT NULL PRIMARY KEY,
    token uuid NOT NULL,
    storage_item_id uuid NOT NULL REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    "to" text,
    status text NOT NULL,
    status_message text,
    status_timestamp timestamptz,
    on_complete_task text,
    on_complete_task_arg text,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX fax_fax_storage_item ON fax_fax (storage_item_id);
