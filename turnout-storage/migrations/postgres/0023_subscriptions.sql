-- What organizations subscribe to: the contact and the notes of a subscription, those who asked for one, and what opens
-- their accounts at the services of others.

-- no longer sold; what was sold points to it
CREATE TABLE subscription_product (
    uuid uuid NOT NULL PRIMARY KEY,
    months bigint,
    cost bigint,
    public boolean,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE subscription_interest (
    uuid uuid NOT NULL PRIMARY KEY,
    organization_name text,
    website text,
    first_name text,
    last_name text,
    email text,
    phone text,
    plan text,
    ein text,
    status text COLLATE "C",
    reject_reason text,
    sms_mode text,
    nonprofit boolean,
    product_id uuid REFERENCES subscription_product (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX subscription_interest_status ON subscription_interest (status, created_at, uuid);
CREATE INDEX subscription_interest_product ON subscription_interest (product_id);

ALTER TABLE subscription_subscription ADD COLUMN expires date;
ALTER TABLE subscription_subscription ADD COLUMN interest_id uuid
    REFERENCES subscription_interest (uuid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE subscription_subscription ADD COLUMN product_id uuid
    REFERENCES subscription_product (uuid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE subscription_subscription ADD COLUMN internal_notes text;
ALTER TABLE subscription_subscription ADD COLUMN primary_contact_first_name text;
ALTER TABLE subscription_subscription ADD COLUMN primary_contact_last_name text;
ALTER TABLE subscription_subscription ADD COLUMN primary_contact_email text;
ALTER TABLE subscription_subscription ADD COLUMN primary_contact_phone text;
ALTER TABLE subscription_subscription ADD COLUMN ein text;
CREATE INDEX subscription_subscription_interest ON subscription_subscription (interest_id);
CREATE INDEX subscription_subscription_product ON subscription_subscription (product_id);

CREATE TABLE multi_tenant_subscriberintegrationproperty (
    uuid uuid NOT NULL PRIMARY KEY,
    subscriber_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    external_tool text,
    name text,
    value text,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX multi_tenant_integration_subscriber
    ON multi_tenant_subscriberintegrationproperty (subscriber_id, created_at, uuid);
