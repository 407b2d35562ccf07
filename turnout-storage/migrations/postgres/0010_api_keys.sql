-- Keys of partners' programs. Of the secret only its hash is kept. Who made and ended a key may be somebody whose account is not
-- here, so those two point nowhere.

CREATE TABLE apikey_apikey (
    uuid uuid NOT NULL PRIMARY KEY,
    partner_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    secret_hash bytea NOT NULL,
    description text,
    created_by_id uuid,
    deactivated_by_id uuid,
    deactivated_at timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX apikey_apikey_partner ON apikey_apikey (partner_id, created_at, uuid);
