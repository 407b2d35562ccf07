-- Keys of partners' programs. Of the secret only its hash is kept. Who made and ended a key may be somebody whose account is not
-- here, so those two point nowhere.

CREATE TABLE apikey_apikey (
    uuid BLOB NOT NULL PRIMARY KEY,
    partner_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    secret_hash BLOB NOT NULL,
    description TEXT,
    created_by_id BLOB,
    deactivated_by_id BLOB,
    deactivated_at TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX apikey_apikey_partner ON apikey_apikey (partner_id, created_at, uuid);
