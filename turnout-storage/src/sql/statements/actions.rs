//! Actions and their events.

macro_rules! columns {
    () => {
        "uuid, visible_to_subscriber, last_voter_lookup, created_at, modified_at"
    };
}
macro_rules! event_columns {
    () => {
        "uuid, action_id, event_type, created_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();
pub(crate) const EVENT_COLUMNS: &str = event_columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM action_action WHERE uuid = $1");
    REGISTRATION_OF = "SELECT uuid FROM register_registration WHERE action_id = $1";
    BALLOT_REQUEST_OF = "SELECT uuid FROM absentee_ballotrequest WHERE action_id = $1";
    REMINDER_OF = "SELECT uuid FROM reminder_reminderrequest WHERE action_id = $1";
    LOOKUP_OF = "SELECT uuid FROM verifier_lookup WHERE action_id = $1";
    MOVER_LEAD_OF = "SELECT uuid FROM integration_moverlead WHERE blank_register_forms_action_id = $1";
    EVENTS = concat!(
        "SELECT ", event_columns!(), " FROM event_tracking_event WHERE action_id = $1 ORDER BY created_at, uuid"
    );
    EVENT_TYPES = "SELECT DISTINCT event_type FROM event_tracking_event WHERE action_id = $1";
    INSERT = concat!("INSERT INTO action_action (", columns!(), ") VALUES ($1, $2, $3, $4, $5)");
    /// Events never change: both times are that of the event.
    RECORD = concat!(
        "INSERT INTO event_tracking_event (", event_columns!(), ", modified_at) VALUES ($1, $2, $3, $4, $4)"
    );
}
