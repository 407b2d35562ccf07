-- E-mail addresses that are not mailed, with the reason. `address_key` is made of an address, and none can be read from it.

CREATE TABLE email_suppression (
    address_key uuid NOT NULL,
    reason text NOT NULL,
    source text NOT NULL,
    since timestamptz NOT NULL,
    lifted_at timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    PRIMARY KEY (address_key, reason)
);
