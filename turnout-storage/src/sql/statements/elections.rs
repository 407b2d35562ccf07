//! States and facts about them.

macro_rules! state_columns {
    () => {
        "code, name, allow_print_and_forward, allow_absentee_print_and_forward, created_at, modified_at"
    };
}
macro_rules! field_type_columns {
    () => {
        "uuid, slug, long_name, help_text, field_format, created_at, modified_at"
    };
}
macro_rules! select_information {
    () => {
        "SELECT i.uuid, i.state_id, i.field_type_id, i.text, i.notes, i.source, i.checked_on, i.created_at, \
         i.modified_at \
         FROM election_stateinformation i \
         JOIN election_stateinformationfieldtype t ON t.uuid = i.field_type_id "
    };
}

pub(crate) const STATE_COLUMNS: &str = state_columns!();
pub(crate) const FIELD_TYPE_COLUMNS: &str = field_type_columns!();
pub(crate) const INFORMATION_COLUMNS: &str =
    "uuid, state_id, field_type_id, text, notes, source, checked_on, created_at, modified_at";

statements! {
    STATES = concat!("SELECT ", state_columns!(), " FROM election_state ORDER BY code");
    STATE = concat!("SELECT ", state_columns!(), " FROM election_state WHERE code = $1");
    FIELD_TYPES =
        concat!("SELECT ", field_type_columns!(), " FROM election_stateinformationfieldtype ORDER BY slug");
    FIELD_TYPE =
        concat!("SELECT ", field_type_columns!(), " FROM election_stateinformationfieldtype WHERE slug = $1");
    INFORMATION = concat!(select_information!(), "ORDER BY i.state_id, t.slug");
    INFORMATION_OF_STATE = concat!(select_information!(), "WHERE i.state_id = $1 ORDER BY t.slug");
    INFORMATION_OF_FIELD = concat!(select_information!(), "WHERE t.slug = $1 ORDER BY i.state_id");
    TEXT = "SELECT i.text FROM election_stateinformation i \
            JOIN election_stateinformationfieldtype t ON t.uuid = i.field_type_id \
            WHERE i.state_id = $1 AND t.slug = $2";
    PUT_STATE = concat!(
        "INSERT INTO election_state (", state_columns!(), ", territory) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, territory = excluded.territory, \
         allow_print_and_forward = excluded.allow_print_and_forward, \
         allow_absentee_print_and_forward = excluded.allow_absentee_print_and_forward, \
         created_at = excluded.created_at, modified_at = excluded.modified_at"
    );
    INSERT_FIELD_TYPE = concat!(
        "INSERT INTO election_stateinformationfieldtype (", field_type_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    UPDATE_FIELD_TYPE = "UPDATE election_stateinformationfieldtype SET long_name = $2, help_text = $3, \
        field_format = $4, modified_at = $5 WHERE uuid = $1";
    INSERT_INFORMATION = "INSERT INTO election_stateinformation \
        (uuid, state_id, field_type_id, text, notes, source, checked_on, created_at, modified_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    UPDATE_INFORMATION = "UPDATE election_stateinformation SET text = $2, notes = $3, source = $4, checked_on = $5, \
        modified_at = $6 WHERE uuid = $1";
}
