//! Webhooks that are called when facts about states change.

macro_rules! columns {
    () => {
        "uuid, name, type, trigger_url, last_triggered, active, seen, failed_at, created_at, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    /// A handful.
    ALL_OF_THEM =
        concat!("SELECT ", columns!(), " FROM election_updatenotificationwebhook ORDER BY created_at, uuid");
    INSERT = concat!(
        "INSERT INTO election_updatenotificationwebhook (", columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    READDRESS =
        "UPDATE election_updatenotificationwebhook SET trigger_url = $2, modified_at = $3 WHERE uuid = $1";
    REMOVE = "DELETE FROM election_updatenotificationwebhook WHERE uuid = $1";
    FORGET =
        "UPDATE election_updatenotificationwebhook SET seen = NULL, last_triggered = NULL WHERE uuid = $1";
    CALLED = "UPDATE election_updatenotificationwebhook SET last_triggered = $2, seen = $3, failed_at = NULL \
              WHERE uuid = $1";
    FAILED = "UPDATE election_updatenotificationwebhook SET failed_at = $2 WHERE uuid = $1";
}
