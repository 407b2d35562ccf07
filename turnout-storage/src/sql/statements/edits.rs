//! What is proposed for facts about states.

macro_rules! columns {
    () => {
        "information_id, uuid, text, notes, source, checked_on, proposed_by, proposed_at, base"
    };
}
macro_rules! fact {
    () => {
        "SELECT uuid, state_id, field_type_id, text, notes, source, checked_on, created_at, modified_at \
         FROM election_stateinformation WHERE uuid = $1"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    OF = concat!("SELECT ", columns!(), " FROM election_proposal WHERE information_id = $1");
    BY_ID = concat!("SELECT ", columns!(), " FROM election_proposal WHERE uuid = $1");
    /// At most one for each fact, of which there are a few thousand.
    LIST = concat!("SELECT ", columns!(), " FROM election_proposal ORDER BY proposed_at, uuid");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = fact!(), postgres concat!(fact!(), " FOR NO KEY UPDATE");
    PUT = concat!(
        "INSERT INTO election_proposal (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (information_id) DO UPDATE SET uuid = excluded.uuid, text = excluded.text, notes = excluded.notes, \
         source = excluded.source, checked_on = excluded.checked_on, proposed_by = excluded.proposed_by, \
         proposed_at = excluded.proposed_at, base = excluded.base"
    );
    REMOVE = "DELETE FROM election_proposal WHERE information_id = $1";
}
