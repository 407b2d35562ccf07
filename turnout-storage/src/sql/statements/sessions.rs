//! Who is signed in.

macro_rules! columns {
    () => {
        "uuid, user_id, token_hash, stage, agent, seen_at, expires, created_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_TOKEN = concat!("SELECT ", columns!(), " FROM account_session WHERE token_hash = $1");
    OF_USER = concat!("SELECT ", columns!(), " FROM account_session WHERE user_id = $1 ORDER BY seen_at DESC, uuid");
    INSERT = concat!("INSERT INTO account_session (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    UPDATE = "UPDATE account_session SET token_hash = $2, stage = $3, agent = $4, seen_at = $5, expires = $6 \
              WHERE uuid = $1";
    REMOVE = "DELETE FROM account_session WHERE uuid = $1 AND user_id = $2";
    REMOVE_ALL = "DELETE FROM account_session WHERE user_id = $1";
    REMOVE_OTHERS = "DELETE FROM account_session WHERE user_id = $1 AND uuid <> $2";
    FORGET = "DELETE FROM account_session WHERE uuid IN (SELECT uuid FROM account_session WHERE expires < $1 \
              ORDER BY expires LIMIT $2)";
}
