//! Calls that carry a key.

macro_rules! columns {
    () => {
        "place, fingerprint, seed, lease_until, status, body, created_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_PLACE = concat!("SELECT ", columns!(), " FROM keyed_call WHERE place = $1");
    ADD = concat!(
        "INSERT INTO keyed_call (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (place) DO NOTHING"
    );
    TAKE_OVER = "UPDATE keyed_call SET lease_until = $3 WHERE place = $1 AND status IS NULL AND lease_until <= $2";
    ANSWER = "UPDATE keyed_call SET status = $2, body = $3 WHERE place = $1";
    REMOVE = "DELETE FROM keyed_call WHERE place = $1 AND status IS NULL";
    FORGET = "DELETE FROM keyed_call WHERE place = $1 AND created_at <= $2";
    PURGE = "DELETE FROM keyed_call WHERE place IN (SELECT place FROM keyed_call WHERE created_at <= $1 \
             ORDER BY created_at, place LIMIT $2)";
}
