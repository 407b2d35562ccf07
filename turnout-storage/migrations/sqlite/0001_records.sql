-- Subscribers, actions and registrations, elections, offices, files.
-- Moments are UTC text with six digits of fraction, so that they compare as text; ids are 16 bytes.

CREATE TABLE multi_tenant_client (
    uuid BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    email TEXT,
    privacy_policy TEXT,
    terms_of_service TEXT,
    sms_enabled INTEGER,
    sms_checkbox INTEGER,
    sms_checkbox_default INTEGER,
    sms_disclaimer TEXT,
    sync_tmc INTEGER,
    sync_bluelink INTEGER,
    default_slug_id BLOB REFERENCES multi_tenant_partnerslug (uuid) DEFERRABLE INITIALLY DEFERRED,
    status TEXT,
    is_first_party INTEGER NOT NULL,
    has_api_access INTEGER,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX multi_tenant_client_first ON multi_tenant_client (created_at, uuid);
CREATE INDEX multi_tenant_client_default_slug ON multi_tenant_client (default_slug_id);

CREATE TABLE multi_tenant_partnerslug (
    uuid BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    partner_id BLOB NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX multi_tenant_partnerslug_partner ON multi_tenant_partnerslug (partner_id);

CREATE TABLE subscription_subscription (
    uuid BLOB NOT NULL PRIMARY KEY,
    subscriber_id BLOB NOT NULL UNIQUE REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    plan TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE action_action (
    uuid BLOB NOT NULL PRIMARY KEY,
    visible_to_subscriber INTEGER,
    last_voter_lookup TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE event_tracking_event (
    uuid BLOB NOT NULL PRIMARY KEY,
    action_id BLOB NOT NULL REFERENCES action_action (uuid) DEFERRABLE INITIALLY DEFERRED,
    event_type TEXT NOT NULL,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX event_tracking_event_action ON event_tracking_event (action_id, created_at, uuid);

CREATE TABLE election_state (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    territory INTEGER,
    allow_print_and_forward INTEGER,
    allow_absentee_print_and_forward INTEGER,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE election_stateinformationfieldtype (
    uuid BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    long_name TEXT NOT NULL,
    help_text TEXT,
    field_format TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE election_stateinformation (
    uuid BLOB NOT NULL PRIMARY KEY,
    state_id TEXT NOT NULL REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    field_type_id BLOB NOT NULL
        REFERENCES election_stateinformationfieldtype (uuid) DEFERRABLE INITIALLY DEFERRED,
    text TEXT NOT NULL,
    notes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    UNIQUE (state_id, field_type_id)
) STRICT;
CREATE INDEX election_stateinformation_field_type ON election_stateinformation (field_type_id, state_id);

-- The offices' `created_at` and `modified_at` are those of imported rows; nothing here writes them.
CREATE TABLE official_region (
    external_id INTEGER NOT NULL PRIMARY KEY,
    name TEXT,
    county TEXT,
    municipality TEXT,
    municipality_type TEXT,
    state_id TEXT REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    hidden INTEGER,
    external_updated TEXT,
    created_at TEXT,
    modified_at TEXT
) STRICT;
CREATE INDEX official_region_state ON official_region (state_id, name, external_id);

CREATE TABLE official_office (
    external_id INTEGER NOT NULL PRIMARY KEY,
    region_id INTEGER REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    hours TEXT,
    notes TEXT,
    external_updated TEXT,
    created_at TEXT,
    modified_at TEXT
) STRICT;
CREATE INDEX official_office_region ON official_office (region_id, external_id);

CREATE TABLE official_address (
    external_id INTEGER NOT NULL PRIMARY KEY,
    office_id INTEGER REFERENCES official_office (external_id) DEFERRABLE INITIALLY DEFERRED,
    address TEXT,
    address2 TEXT,
    address3 TEXT,
    city TEXT,
    state_id TEXT REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    zipcode TEXT,
    website TEXT,
    email TEXT,
    phone TEXT,
    fax TEXT,
    location_lat REAL,
    location_lng REAL,
    is_physical INTEGER,
    is_regular_mail INTEGER,
    process_domestic_registrations INTEGER,
    process_absentee_requests INTEGER,
    process_absentee_ballots INTEGER,
    process_overseas_requests INTEGER,
    process_overseas_ballots INTEGER,
    external_updated TEXT,
    created_at TEXT,
    modified_at TEXT
) STRICT;
CREATE INDEX official_address_office ON official_address (office_id, external_id);

CREATE TABLE storage_storageitem (
    uuid BLOB NOT NULL PRIMARY KEY,
    app TEXT NOT NULL,
    file TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    partner_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    generation INTEGER NOT NULL,
    imported_token_hash BLOB,
    expires TEXT NOT NULL,
    first_download TEXT,
    purged TEXT,
    claimed INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX storage_storageitem_unpurged ON storage_storageitem (created_at, uuid) WHERE purged IS NULL;
CREATE INDEX storage_storageitem_partner ON storage_storageitem (partner_id);

CREATE TABLE register_registration (
    uuid BLOB NOT NULL PRIMARY KEY,
    modified_at TEXT NOT NULL,
    status TEXT,
    title TEXT,
    first_name TEXT,
    middle_name TEXT,
    last_name TEXT,
    suffix TEXT,
    date_of_birth TEXT,
    email TEXT,
    phone TEXT,
    gender TEXT,
    race_ethnicity TEXT,
    party TEXT,
    us_citizen INTEGER,
    address1 TEXT,
    address2 TEXT,
    city TEXT,
    state_id TEXT REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    zipcode TEXT,
    previous_title TEXT,
    previous_first_name TEXT,
    previous_middle_name TEXT,
    previous_last_name TEXT,
    previous_suffix TEXT,
    previous_address1 TEXT,
    previous_address2 TEXT,
    previous_city TEXT,
    previous_state_id TEXT REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    previous_zipcode TEXT,
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
    state_api_result TEXT,
    custom_ovr_link TEXT,
    matched_region_id INTEGER REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
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
CREATE INDEX register_registration_result_item ON register_registration (result_item_id);
CREATE INDEX register_registration_result_item_mail ON register_registration (result_item_mail_id);
CREATE INDEX register_registration_partner ON register_registration (partner_id, created_at);
CREATE INDEX register_registration_region ON register_registration (region_id);
CREATE INDEX register_registration_matched_region ON register_registration (matched_region_id);
