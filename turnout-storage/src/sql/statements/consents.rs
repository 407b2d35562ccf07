//! The ledger of who agreed to be written to.

macro_rules! columns {
    () => {
        "uuid, channel, address, choice, scope, subscriber_id, purpose, origin, shown, language, context, said_at, \
         recorded_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM consent_entry WHERE uuid = $1");
    OF = concat!(
        "SELECT ", columns!(), " FROM consent_entry WHERE address = $2 AND channel = $1 \
         ORDER BY said_at, recorded_at, uuid"
    );
    /// Of a JSON list of addresses.
    OF_ALL = concat!(
        "SELECT ", columns!(), " FROM consent_entry WHERE address IN (SELECT value FROM json_each($2)) AND channel = $1 \
         ORDER BY said_at, recorded_at, uuid"
    ), postgres concat!(
        "SELECT ", columns!(), " FROM consent_entry WHERE address IN (SELECT value \
         FROM jsonb_array_elements_text($2) AS asked (value)) AND channel = $1 ORDER BY said_at, recorded_at, uuid"
    );
    INSERT = concat!(
        "INSERT INTO consent_entry (", columns!(), ") \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
}
