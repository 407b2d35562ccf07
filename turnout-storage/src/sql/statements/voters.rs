//! Voters whom the rolls know, and the actions that wait for one.

macro_rules! columns {
    () => {
        "uuid, state_id, state_voter_id, ts_voterbase_id, registered, registration_date, \
         last_registration_refresh, last_state_refresh, last_ts_refresh, email, phone, first_name, middle_name, \
         last_name, suffix, date_of_birth, address_full, city, zipcode, state_result, ts_result, modified_at, \
         created_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();
pub(crate) const ASKED_COLUMNS: &str = "uuid, last_voter_lookup";

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM voter_voter WHERE uuid = $1");
    BY_ROLL_ID = concat!(
        "SELECT ", columns!(), " FROM voter_voter WHERE state_id = $1 AND ts_voterbase_id = $2 \
         ORDER BY created_at, uuid LIMIT 1"
    );
    BY_STATE_VOTER_ID = concat!(
        "SELECT ", columns!(), " FROM voter_voter WHERE state_id = $1 AND state_voter_id = $2 \
         ORDER BY created_at, uuid LIMIT 1"
    );
    BY_PHONE = concat!(
        "SELECT ", columns!(), " FROM voter_voter WHERE phone = $1 ORDER BY modified_at DESC, uuid DESC LIMIT 1"
    );
    OF_ACTION = "SELECT voter_id FROM action_action WHERE uuid = $1 AND voter_id IS NOT NULL";
    UNASKED = "SELECT uuid FROM action_action WHERE last_voter_lookup IS NULL AND created_at < $1 \
               ORDER BY created_at, uuid LIMIT $2";
    /// A registered voter is looked for action by action, along the order.
    UNMATCHED = "SELECT a.uuid, a.last_voter_lookup FROM action_action a WHERE a.last_voter_lookup < $1 \
                 AND a.created_at > $2 AND (a.last_voter_lookup, a.uuid) > ($3, $4) \
                 AND NOT COALESCE((SELECT v.registered FROM voter_voter v WHERE v.uuid = a.voter_id), FALSE) \
                 ORDER BY a.last_voter_lookup, a.uuid LIMIT $5";
    /// Held until the unit ends. In SQLite the unit holds everything.
    HOLD = "SELECT 1", postgres "SELECT pg_advisory_xact_lock(8679437826)";
    INSERT = concat!(
        "INSERT INTO voter_voter (", columns!(), ") VALUES (\
         $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
    );
    /// Numbered as in `INSERT`, whose last column does not change.
    UPDATE = "UPDATE voter_voter SET state_id = $2, state_voter_id = $3, ts_voterbase_id = $4, registered = $5, \
              registration_date = $6, last_registration_refresh = $7, last_state_refresh = $8, \
              last_ts_refresh = $9, email = $10, phone = $11, first_name = $12, middle_name = $13, \
              last_name = $14, suffix = $15, date_of_birth = $16, address_full = $17, city = $18, zipcode = $19, \
              state_result = $20, ts_result = $21, modified_at = $22 WHERE uuid = $1";
    /// An action keeps the voter that it has where there is none to take its place.
    LINK = "UPDATE action_action SET last_voter_lookup = $2, modified_at = $2, voter_id = COALESCE($3, voter_id) \
            WHERE uuid = $1";
}
