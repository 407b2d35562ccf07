-- People who moved, of whom we hear from another organization. `located_at` is when it was asked which regions the addresses
-- are in, `left_alone` the rule by which they get no letter and go onto no contact list. `mover_pull` is up to when everything
-- that a source has was stored.

CREATE TABLE integration_moverlead (
    uuid uuid NOT NULL PRIMARY KEY,
    source_created_at timestamptz,
    first_name text,
    last_name text,
    email text,
    move_date timestamptz,
    new_address1 text,
    new_address2 text,
    new_city text,
    new_state text,
    new_zipcode text,
    new_zipcode_plus4 text,
    new_housing_tenure text,
    old_address1 text,
    old_address2 text,
    old_city text,
    old_state text,
    old_zipcode text,
    old_zipcode_plus4 text,
    old_housing_tenure text,
    new_region_id bigint REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    old_region_id bigint REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    actionnetwork_person_id text,
    blank_register_forms_action_id uuid REFERENCES action_action (uuid) DEFERRABLE INITIALLY DEFERRED,
    blank_register_forms_item_id uuid REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    located_at timestamptz,
    left_alone text,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX integration_moverlead_key ON integration_moverlead (email, source_created_at);
CREATE INDEX integration_moverlead_action ON integration_moverlead (blank_register_forms_action_id);
CREATE INDEX integration_moverlead_item ON integration_moverlead (blank_register_forms_item_id);
CREATE INDEX integration_moverlead_unlocated ON integration_moverlead (uuid)
    WHERE new_region_id IS NULL AND old_region_id IS NULL AND located_at IS NULL;
CREATE INDEX integration_moverlead_unpushed ON integration_moverlead (uuid)
    WHERE actionnetwork_person_id IS NULL AND left_alone IS NULL;
CREATE INDEX integration_moverlead_unmailed ON integration_moverlead (new_state, uuid)
    WHERE blank_register_forms_action_id IS NULL AND left_alone IS NULL AND new_housing_tenure = 'rent';

CREATE TABLE mover_pull (
    source text NOT NULL PRIMARY KEY,
    until timestamptz NOT NULL
);
