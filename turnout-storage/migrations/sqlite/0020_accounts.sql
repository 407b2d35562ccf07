-- People with accounts, whom they work for, how they are invited, and by what they sign in. Of passwords, codes and tokens
-- only hashes are kept; the secrets of authenticators and telephones have to be known to check a code. What was removed stays
-- as removed, so that it does not come back with the rows of another service. Then the log of who did what: it outlives what
-- it tells of, so nothing in it points anywhere.

CREATE TABLE accounts_user (
    uuid BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    password TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    is_staff INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    is_superuser INTEGER NOT NULL,
    is_election_admin INTEGER,
    is_subscriber_admin INTEGER,
    is_esign_admin INTEGER,
    timezone TEXT,
    active_client_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    last_login TEXT,
    generation INTEGER NOT NULL DEFAULT 0,
    reset_expires TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX accounts_user_small ON accounts_user (lower(email));
CREATE INDEX accounts_user_newest ON accounts_user (created_at, uuid);
CREATE INDEX accounts_user_client ON accounts_user (active_client_id);

CREATE TABLE multi_tenant_association (
    uuid BLOB NOT NULL PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    user_id BLOB NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX multi_tenant_association_client ON multi_tenant_association (client_id, user_id);
CREATE INDEX multi_tenant_association_user ON multi_tenant_association (user_id, client_id);

CREATE TABLE accounts_invite (
    uuid BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    imported_token_hash BLOB UNIQUE,
    generation INTEGER NOT NULL DEFAULT 0,
    expires TEXT NOT NULL,
    consumed_at TEXT,
    user_id BLOB REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    primary_client_id BLOB NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX accounts_invite_small ON accounts_invite (lower(email));
CREATE INDEX accounts_invite_newest ON accounts_invite (created_at, uuid);
CREATE INDEX accounts_invite_user ON accounts_invite (user_id);
CREATE INDEX accounts_invite_client ON accounts_invite (primary_client_id);

CREATE TABLE multi_tenant_inviteassociation (
    uuid BLOB NOT NULL PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    user_id BLOB NOT NULL REFERENCES accounts_invite (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX multi_tenant_inviteassociation_client ON multi_tenant_inviteassociation (client_id, user_id);
CREATE INDEX multi_tenant_inviteassociation_user ON multi_tenant_inviteassociation (user_id, client_id);

CREATE TABLE account_authenticator (
    uuid BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    secret BLOB NOT NULL,
    confirmed_at TEXT,
    last_step INTEGER NOT NULL,
    removed_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX account_authenticator_user ON account_authenticator (user_id);

CREATE TABLE account_phone (
    uuid BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    number TEXT NOT NULL,
    secret BLOB NOT NULL,
    is_backup INTEGER NOT NULL,
    confirmed_at TEXT,
    last_step INTEGER NOT NULL,
    removed_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX account_phone_user ON account_phone (user_id);

CREATE TABLE account_recovery_set (
    uuid BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    replaced_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX account_recovery_set_user ON account_recovery_set (user_id);

CREATE TABLE account_recovery_code (
    uuid BLOB NOT NULL PRIMARY KEY,
    set_id BLOB NOT NULL REFERENCES account_recovery_set (uuid) DEFERRABLE INITIALLY DEFERRED,
    code_hash BLOB NOT NULL,
    used_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX account_recovery_code_set ON account_recovery_code (set_id);

CREATE TABLE account_session (
    uuid BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    token_hash BLOB NOT NULL UNIQUE,
    stage TEXT NOT NULL,
    agent TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX account_session_user ON account_session (user_id);
CREATE INDEX account_session_ended ON account_session (expires);

CREATE TABLE change_entry (
    uuid BLOB NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    by_id BLOB,
    subscriber_id BLOB,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    act TEXT NOT NULL,
    comment TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX change_entry_newest ON change_entry (at, uuid);
CREATE INDEX change_entry_subject ON change_entry (kind, subject, at, uuid);
CREATE INDEX change_entry_kind ON change_entry (kind, at, uuid);
CREATE INDEX change_entry_by ON change_entry (by_id, at, uuid);
CREATE INDEX change_entry_subscriber ON change_entry (subscriber_id, at, uuid);

CREATE INDEX multi_tenant_client_name ON multi_tenant_client (lower(name), uuid);
