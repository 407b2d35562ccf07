-- People who moved, of whom we hear from another organization. `located_at` is when it was asked which regions the addresses
-- are in, `left_alone` the rule by which they get no letter and go onto no contact list. `mover_pull` is up to when everything
-- that a source has was stored.

CREATE TABLE integration_moverlead (
    uuid BLOB NOT NULL PRIMARY KEY,
    source_created_at TEXT,
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    move_date TEXT,
    new_address1 TEXT,
    new_address2 TEXT,
    new_city TEXT,
    new_state TEXT,
    new_zipcode TEXT,
    new_zipcode_plus4 TEXT,
    new_housing_tenure TEXT,
    old_address1 TEXT,
    old_address2 TEXT,
    old_city TEXT,
    old_state TEXT,
    old_zipcode TEXT,
    old_zipcode_plus4 TEXT,
    old_housing_tenure TEXT,
    new_region_id INTEGER REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    old_region_id INTEGER REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED,
    actionnetwork_person_id TEXT,
    blank_register_forms_action_id BLOB REFERENCES action_action (uuid) DEFERRABLE INITIALLY DEFERRED,
    blank_register_forms_item_id BLOB REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED,
    located_at TEXT,
    left_alone TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
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
    source TEXT NOT NULL PRIMARY KEY,
    until TEXT NOT NULL
) STRICT;
