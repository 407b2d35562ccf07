-- E-mail addresses that are not mailed, with the reason. `address_key` is made of an address, and none can be read from it.

CREATE TABLE email_suppression (
    address_key BLOB NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    since TEXT NOT NULL,
    lifted_at TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    PRIMARY KEY (address_key, reason)
) STRICT;
