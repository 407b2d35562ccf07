-- Subscribers, actions and registrations, elections, offices, files.
-- What is sorted is sorted by its bytes (`COLLATE "C"`), whatever the database's language: as in SQLite.

CREATE TABLE multi_tenant_client (
    uuid uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    url text NOT NULL,
    email text,
    privacy_policy text,
    terms_of_service text,
    sms_enabled boolean,
    sms_checkbox boolean,
    sms_checkbox_default boolean,
    sms_disclaimer text,
    sync_tmc boolean,
    sync_bluelink boolean,
    default_slug_id uuid,
    status text,
    is_first_party boolean NOT NULL,
    has_api_access boolean,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX multi_tenant_client_first ON multi_tenant_client (created_at, uuid);
CREATE INDEX multi_tenant_client_default_slug ON multi_tenant_client (default_slug_id);

CREATE TABLE multi_tenant_partnerslug (
    uuid uuid NOT NULL PRIMARY KEY,
    slug text COLLATE "C" NOT NULL UNIQUE,
    partner_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX multi_tenant_partnerslug_partner ON multi_tenant_partnerslug (partner_id);

-- each of the two points to the other
ALTER TABLE multi_tenant_client ADD FOREIGN KEY (default_slug_id)
    REFERENCES multi_tenant_partnerslug (uuid) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE subscription_subscription (
    uuid uuid NOT NULL PRIMARY KEY,
    subscriber_id uuid NOT NULL UNIQUE REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    plan text,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE action_action (
    uuid uuid NOT NULL PRIMARY KEY,
    visible_to_subscriber boolean,
    last_voter_lookup timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE event_tracking_event (
    uuid uuid NOT NULL PRIMARY KEY,
    action_id uuid NOT NULL REFERENCES action_action (uuid) DEFERRABLE INITIALLY DEFERRED,
    event_type text NOT NULL,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX event_tracking_event_action ON event_tracking_event (action_id, created_at, uuid);

CREATE TABLE election_state (
    code text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL,
    territory boolean,
    allow_print_and_forward boolean,
    allow_absentee_print_and_forward boolean,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE election_stateinformationfieldtype (
    uuid uuid NOT NULL PRIMARY KEY,
    slug text COLLATE "C" NOT NULL UNIQUE,
    long_name text NOT NULL,
    help_text text,
    field_format text,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE election_stateinformation (
    uuid uuid NOT NULL PRIMARY KEY,
    state_id text COLLATE "C" NOT NULL REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    field_type_id uuid NOT NULL
        REFERENCES election_stateinformationfieldtype (uuid) DEFERRABLE INITIALLY DEFERRED,
    text text NOT NULL,
    notes text NOT NULL,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    UNIQUE (state_id, field_type_id)
);
CREATE INDEX election_stateinformation_field_type ON election_stateinformation (field_type_id, state_id);

-- The offices' `created_at` and `modified_at` are those of imported rows; nothing here writes them.
CREATE TABLE official_region (
    external_id bigint NOT NULL PRIMARY KEY,
    name text COLLATE "C",
    county text,
    municipality text,
    municipality_type text,
    state_id text COLLATE "C" REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    hidden boolean,
    external_updated timestamptz,
    created_at timestamptz,
    modified_at timestamptz
);
CREATE INDEX official_region_state ON official_region (state_id, name NULLS FIRST, external_id);

CREATE TABLE official_office (
    external_id bigint NOT NULL PRIMARY KEY,
    region_id bigint REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    hours text,
    notes text,
    external_updated timestamptz,
    created_at timestamptz,
    modified_at timestamptz
);
CREATE INDEX official_office_region ON official_office (region_id, external_id);

CREATE TABLE official_address (
    external_id bigint NOT NULL PRIMARY KEY,
    office_id bigint REFERENCES official_office (external_id) DEFERRABLE INITIALLY DEFERRED,
    address text,
    address2 text,
    address3 text,
    city text,
    state_id text COLLATE "C" REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    zipcode text,
    website text,
    email text,
    phone text,
    fax text,
    location_lat double precision,
    location_lng double precision,
    is_physical boolean,
    is_regular_mail boolean,
    process_domestic_registrations boolean,
    process_absentee_requests boolean,
    process_absentee_ballots boolean,
    process_overseas_requests boolean,
    process_overseas_ballots boolean,
    external_updated timestamptz,
    created_at timestamptz,
    modified_at timestamptz
);
CREATE INDEX official_address_office ON official_address (office_id, external_id);

CREATE TABLE storage_storageitem (
    uuid uuid NOT NULL PRIMARY KEY,
    app text NOT NULL,
    file text NOT NULL,
    name text NOT NULL,
    email text,
    partner_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    generation integer NOT NULL,
    imported_token_hash bytea,
    expires timestamptz NOT NULL,
    first_download timestamptz,
    purged timestamptz,
    claimed boolean NOT NULL,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX storage_storageitem_unpurged ON storage_storageitem (created_at, uuid) WHERE purged IS NULL;
CREATE INDEX storage_storageitem_partner ON storage_storageitem (partner_id);

CREATE TABLE register_registration (
    uuid uuid NOT NULL PRIMARY KEY,
    modified_at timestamptz NOT NULL,
    status text,
    title text,
    first_name text,
    middle_name text,
    last_name text,
    suffix text,
    date_of_birth date,
    email text,
    phone text,
    gender text,
    race_ethnicity text,
    party text,
    us_citizen boolean,
    address1 text,
    address2 text,
    city text,
    state_id text COLLATE "C" REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    zipcode text,
    previous_title text,
    previous_first_name text,
    previous_middle_name text,
    previous_last_name text,
    previous_suffix text,
    previous_address1 text,
    previous_address2 text,
    previous_city text,
    previous_state_id text COLLATE "C" REFERENCES election_state (code) DEFERRABLE INITIALLY DEFERRED,
    previous_zipcode text,
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
    state_api_result jsonb,
    custom_ovr_link text,
    matched_region_id bigint REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
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
CREATE INDEX register_registration_result_item ON register_registration (result_item_id);
CREATE INDEX register_registration_result_item_mail ON register_registration (result_item_mail_id);
CREATE INDEX register_registration_partner ON register_registration (partner_id, created_at);
CREATE INDEX register_registration_region ON register_registration (region_id);
CREATE INDEX register_registration_matched_region ON register_registration (matched_region_id);
