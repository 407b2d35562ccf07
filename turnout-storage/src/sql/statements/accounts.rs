//! People with accounts, whom they work for, how they are invited, and by what they sign in.

use super::subscribers::select as subscribers;

macro_rules! users {
    () => {
        "uuid, email, password, first_name, last_name, is_staff, is_active, is_superuser, is_election_admin, \
         is_subscriber_admin, is_esign_admin, timezone, active_client_id, last_login, generation, reset_expires, \
         modified_at, created_at"
    };
}
macro_rules! invites {
    () => {
        "uuid, email, imported_token_hash, generation, expires, consumed_at, user_id, primary_client_id, \
         modified_at, created_at"
    };
}
macro_rules! authenticators {
    () => {
        "uuid, user_id, secret, confirmed_at, last_step, removed_at, created_at"
    };
}
macro_rules! phones {
    () => {
        "uuid, user_id, number, secret, is_backup, confirmed_at, last_step, removed_at, created_at"
    };
}
macro_rules! codes {
    () => {
        "uuid, set_id, code_hash, used_at, created_at"
    };
}

pub(crate) const USER_COLUMNS: &str = users!();
pub(crate) const INVITE_COLUMNS: &str = invites!();
pub(crate) const AUTHENTICATOR_COLUMNS: &str = authenticators!();
pub(crate) const PHONE_COLUMNS: &str = phones!();
pub(crate) const CODE_COLUMNS: &str = codes!();

macro_rules! user {
    ($rest:literal) => {
        concat!("SELECT ", users!(), " FROM accounts_user ", $rest)
    };
}
macro_rules! invite {
    ($rest:literal) => {
        concat!("SELECT ", invites!(), " FROM accounts_invite ", $rest)
    };
}

statements! {
    BY_ID = user!("WHERE uuid = $1");
    /// The address, and the same in small letters.
    BY_EMAIL = user!("WHERE lower(email) = $2 ORDER BY email <> $1, created_at, uuid LIMIT 1"),
        postgres user!("WHERE lower(email COLLATE \"C\") = $2 ORDER BY email <> $1, created_at, uuid LIMIT 1");
    LIST = user!("WHERE (created_at, uuid) < ($1, $2) ORDER BY created_at DESC, uuid DESC LIMIT $3");
    MEMBERS = user!(
        "WHERE uuid IN (SELECT user_id FROM multi_tenant_association WHERE client_id = $1) ORDER BY created_at, uuid"
    );
    IS_MEMBER = "SELECT uuid FROM multi_tenant_association WHERE user_id = $1 AND client_id = $2 LIMIT 1";
    HAS_SUBSCRIPTION = "SELECT uuid FROM subscription_subscription WHERE subscriber_id = $1";
    ALL_SUBSCRIBERS = concat!(
            subscribers!(), "WHERE (lower(c.name), c.uuid) > ($1, $2) ORDER BY lower(c.name), c.uuid LIMIT $3"
        ),
        postgres concat!(
            subscribers!(), "WHERE (lower(c.name COLLATE \"C\"), c.uuid) > ($1, $2) \
            ORDER BY lower(c.name COLLATE \"C\"), c.uuid LIMIT $3"
        );
    /// Somebody belongs to few of them.
    OWN_SUBSCRIBERS = concat!(
            subscribers!(), "WHERE c.uuid IN (SELECT client_id FROM multi_tenant_association WHERE user_id = $4) \
            AND (c.status IS NULL OR c.status IN ('', 'active')) \
            AND (lower(c.name), c.uuid) > ($1, $2) ORDER BY lower(c.name), c.uuid LIMIT $3"
        ),
        postgres concat!(
            subscribers!(), "WHERE c.uuid IN (SELECT client_id FROM multi_tenant_association WHERE user_id = $4) \
            AND (c.status IS NULL OR c.status IN ('', 'active')) AND (lower(c.name COLLATE \"C\"), c.uuid) > ($1, $2) \
            ORDER BY lower(c.name COLLATE \"C\"), c.uuid LIMIT $3"
        );
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = user!("WHERE uuid = $1"), postgres user!("WHERE uuid = $1 FOR NO KEY UPDATE");
    INSERT = concat!(
        "INSERT INTO accounts_user (", users!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    );
    /// Numbered as in `INSERT`, whose last column does not change.
    UPDATE = "UPDATE accounts_user SET email = $2, password = $3, first_name = $4, last_name = $5, is_staff = $6, \
              is_active = $7, is_superuser = $8, is_election_admin = $9, is_subscriber_admin = $10, \
              is_esign_admin = $11, timezone = $12, active_client_id = $13, last_login = $14, generation = $15, \
              reset_expires = $16, modified_at = $17 WHERE uuid = $1";
    ASSOCIATE = "INSERT INTO multi_tenant_association (uuid, client_id, user_id, created_at, modified_at) \
                 VALUES ($1, $2, $3, $4, $4)";
    DISSOCIATE = "DELETE FROM multi_tenant_association WHERE user_id = $1 AND client_id = $2";

    INVITE = invite!("WHERE uuid = $1");
    INVITE_BY_TOKEN = invite!("WHERE imported_token_hash = $1");
    INVITES = invite!("WHERE (created_at, uuid) < ($1, $2) ORDER BY created_at DESC, uuid DESC LIMIT $3");
    INVITES_TO = invite!("WHERE lower(email) = $1 ORDER BY created_at, uuid"),
        postgres invite!("WHERE lower(email COLLATE \"C\") = $1 ORDER BY created_at, uuid");
    OPEN_INVITES = invite!(
        "WHERE uuid IN (SELECT user_id FROM multi_tenant_inviteassociation WHERE client_id = $1) AND expires > $2 \
         AND consumed_at IS NULL AND user_id IS NULL ORDER BY created_at, uuid"
    );
    SUBSCRIBERS_OF = "SELECT client_id FROM multi_tenant_inviteassociation WHERE user_id = $1 ORDER BY created_at, uuid";
    LOCK_INVITE = invite!("WHERE uuid = $1"), postgres invite!("WHERE uuid = $1 FOR NO KEY UPDATE");
    INSERT_INVITE = concat!(
        "INSERT INTO accounts_invite (", invites!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    /// Numbered as in `INSERT_INVITE`, whose last column does not change.
    UPDATE_INVITE = "UPDATE accounts_invite SET email = $2, imported_token_hash = $3, generation = $4, expires = $5, \
                     consumed_at = $6, user_id = $7, primary_client_id = $8, modified_at = $9 WHERE uuid = $1";
    ADD_TO_INVITE = "INSERT INTO multi_tenant_inviteassociation (uuid, client_id, user_id, created_at, modified_at) \
                     VALUES ($1, $2, $3, $4, $4)";
    TAKE_FROM_INVITE = "DELETE FROM multi_tenant_inviteassociation WHERE user_id = $1 AND client_id = $2";

    AUTHENTICATORS = concat!(
        "SELECT ", authenticators!(),
        " FROM account_authenticator WHERE user_id = $1 AND removed_at IS NULL ORDER BY created_at, uuid"
    );
    INSERT_AUTHENTICATOR = concat!(
        "INSERT INTO account_authenticator (", authenticators!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    UPDATE_AUTHENTICATOR = "UPDATE account_authenticator SET confirmed_at = $2, last_step = $3, removed_at = $4 \
                            WHERE uuid = $1";
    PHONES = concat!(
        "SELECT ", phones!(), " FROM account_phone WHERE user_id = $1 AND removed_at IS NULL ORDER BY created_at, uuid"
    );
    INSERT_PHONE = concat!(
        "INSERT INTO account_phone (", phones!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    UPDATE_PHONE = "UPDATE account_phone SET confirmed_at = $2, last_step = $3, removed_at = $4, is_backup = $5 \
                    WHERE uuid = $1";
    CODES = concat!(
        "SELECT ", codes!(), " FROM account_recovery_code WHERE set_id IN \
         (SELECT uuid FROM account_recovery_set WHERE user_id = $1 AND replaced_at IS NULL) ORDER BY uuid"
    );
    VOID_CODES = "UPDATE account_recovery_set SET replaced_at = $2 WHERE user_id = $1 AND replaced_at IS NULL";
    INSERT_SET = "INSERT INTO account_recovery_set (uuid, user_id, created_at) VALUES ($1, $2, $3)";
    INSERT_CODE = concat!("INSERT INTO account_recovery_code (", codes!(), ") VALUES ($1, $2, $3, $4, $5)");
    USE_CODE = "UPDATE account_recovery_code SET used_at = $2 WHERE uuid = $1 AND used_at IS NULL";
}
