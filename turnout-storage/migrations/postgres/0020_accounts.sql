-- People with accounts, whom they work for, how they are invited, and by what they sign in. Of passwords, codes and tokens
-- only hashes are kept; the secrets of authenticators and telephones have to be known to check a code. What was removed stays
-- as removed, so that it does not come back with the rows of another service. Then the log of who did what: it outlives what
-- it tells of, so nothing in it points anywhere.

CREATE TABLE accounts_user (
    uuid uuid NOT NULL PRIMARY KEY,
    email text COLLATE "C" NOT NULL UNIQUE,
    password text,
    first_name text NOT NULL,
    last_name text NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    is_superuser boolean NOT NULL,
    is_election_admin boolean,
    is_subscriber_admin boolean,
    is_esign_admin boolean,
    timezone text,
    active_client_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    last_login timestamptz,
    generation bigint NOT NULL DEFAULT 0,
    reset_expires timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX accounts_user_small ON accounts_user (lower(email COLLATE "C"));
CREATE INDEX accounts_user_newest ON accounts_user (created_at, uuid);
CREATE INDEX accounts_user_client ON accounts_user (active_client_id);

CREATE TABLE multi_tenant_association (
    uuid uuid NOT NULL PRIMARY KEY,
    client_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    user_id uuid NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX multi_tenant_association_client ON multi_tenant_association (client_id, user_id);
CREATE INDEX multi_tenant_association_user ON multi_tenant_association (user_id, client_id);

CREATE TABLE accounts_invite (
    uuid uuid NOT NULL PRIMARY KEY,
    email text COLLATE "C" NOT NULL,
    imported_token_hash bytea UNIQUE,
    generation bigint NOT NULL DEFAULT 0,
    expires timestamptz NOT NULL,
    consumed_at timestamptz,
    user_id uuid REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    primary_client_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX accounts_invite_small ON accounts_invite (lower(email COLLATE "C"));
CREATE INDEX accounts_invite_newest ON accounts_invite (created_at, uuid);
CREATE INDEX accounts_invite_user ON accounts_invite (user_id);
CREATE INDEX accounts_invite_client ON accounts_invite (primary_client_id);

CREATE TABLE multi_tenant_inviteassociation (
    uuid uuid NOT NULL PRIMARY KEY,
    client_id uuid NOT NULL REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    user_id uuid NOT NULL REFERENCES accounts_invite (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX multi_tenant_inviteassociation_client ON multi_tenant_inviteassociation (client_id, user_id);
CREATE INDEX multi_tenant_inviteassociation_user ON multi_tenant_inviteassociation (user_id, client_id);

CREATE TABLE account_authenticator (
    uuid uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    secret bytea NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL,
    removed_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX account_authenticator_user ON account_authenticator (user_id);

CREATE TABLE account_phone (
    uuid uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    number text NOT NULL,
    secret bytea NOT NULL,
    is_backup boolean NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL,
    removed_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX account_phone_user ON account_phone (user_id);

CREATE TABLE account_recovery_set (
    uuid uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    replaced_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX account_recovery_set_user ON account_recovery_set (user_id);

CREATE TABLE account_recovery_code (
    uuid uuid NOT NULL PRIMARY KEY,
    set_id uuid NOT NULL REFERENCES account_recovery_set (uuid) DEFERRABLE INITIALLY DEFERRED,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX account_recovery_code_set ON account_recovery_code (set_id);

CREATE TABLE account_session (
    uuid uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES accounts_user (uuid) DEFERRABLE INITIALLY DEFERRED,
    token_hash bytea NOT NULL UNIQUE,
    stage text NOT NULL,
    agent text NOT NULL,
    seen_at timestamptz NOT NULL,
    expires timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX account_session_user ON account_session (user_id);
CREATE INDEX account_session_ended ON account_session (expires);

CREATE TABLE change_entry (
    uuid uuid NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    by_id uuid,
    subscriber_id uuid,
    kind text NOT NULL,
    subject text NOT NULL,
    act text NOT NULL,
    comment text NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX change_entry_newest ON change_entry (at, uuid);
CREATE INDEX change_entry_subject ON change_entry (kind, subject, at, uuid);
CREATE INDEX change_entry_kind ON change_entry (kind, at, uuid);
CREATE INDEX change_entry_by ON change_entry (by_id, at, uuid);
CREATE INDEX change_entry_subscriber ON change_entry (subscriber_id, at, uuid);

CREATE INDEX multi_tenant_client_name ON multi_tenant_client (lower(name COLLATE "C"), uuid);
