-- What organizations subscribe to: the contact and the notes of a subscription, those who asked for one, and what opens
-- their accounts at the services of others.

-- no longer sold; what was sold points to it
CREATE TABLE subscription_product (
    uuid BLOB NOT NULL PRIMARY KEY,
    months INTEGER,
    cost INTEGER,
    public INTEGER,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;

CREATE TABLE subscription_interest (
    uuid BLOB NOT NULL PRIMARY KEY,
    organization_name TEXT,
    website TEXT,
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    phone TEXT,
    plan TEXT,
    ein TEXT,
    status TEXT,
    reject_reason TEXT,
    sms_mode TEXT,
    nonprofit INTEGER,
    product_id BLOB REFERENCES subscription_product (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX subscription_interest_status ON subscription_interest (status, created_at, uuid);
CREATE INDEX subscription_interest_product ON subscription_interest (product_id);

ALTER TABLE subscription_subscription ADD COLUMN expires TEXT;
ALTER TABLE subscription_subscription ADD COLUMN interest_id BLOB
    REFERENCES subscription_interest (uuid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE subscription_subscription ADD COLUMN product_id BLOB
    REFERENCES subscription_product (uuid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE subscription_subscription ADD COLUMN internal_notes TEXT;
ALTER TABLE subscription_subscription ADD COLUMN primary_contact_first_name TEXT;
ALTER TABLE subscription_subscription ADD COLUMN primary_contact_last_name TEXT;
ALTER TABLE subscription_subscription ADD COLUMN primary_contact_email TEXT;
ALTER TABLE subscription_subscription ADD COLUMN primary_contact_phone TEXT;
ALTER TABLE subscription_subscription ADD COLUMN ein TEXT;
CREATE INDEX subscription_subscription_interest ON subscription_subscription (interest_id);
CREATE INDEX subscription_subscription_product ON subscription_subscription (product_id);

CREATE TABLE multi_tenant_subscriberintegrationproperty (
    uuid BLOB NOT NULL PRIMARY KEY,
    subscriber_id BLOB NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    external_tool TEXT,
    name TEXT,
    value TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX multi_tenant_integration_subscriber
    ON multi_tenant_subscriberintegrationproperty (subscriber_id, created_at, uuid);
