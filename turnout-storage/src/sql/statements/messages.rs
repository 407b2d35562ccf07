//! Text messages and the numbers they go to.

macro_rules! number_columns {
    () => {
        "phone, uuid, welcome_time, opt_out_time, opt_in_time, language, created_at, modified_at"
    };
}

macro_rules! columns {
    () => {
        "uuid, phone_id, direction, message, status, status_time, twilio_sid, kwargs, blast_id, created_at, modified_at, \
         purpose, subscriber_id, zones, states, rule, held_until, decided_at, failure"
    };
}

pub(crate) const NUMBER_COLUMNS: &str = number_columns!();
pub(crate) const COLUMNS: &str = columns!();

statements! {
    NUMBER = concat!("SELECT ", number_columns!(), " FROM smsbot_number WHERE phone = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK_NUMBER = concat!("SELECT ", number_columns!(), " FROM smsbot_number WHERE phone = $1"),
        postgres concat!("SELECT ", number_columns!(), " FROM smsbot_number WHERE phone = $1 FOR NO KEY UPDATE");
    INSERT_NUMBER = concat!(
        "INSERT INTO smsbot_number (", number_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (phone) DO NOTHING"
    );
    UPDATE_NUMBER = "UPDATE smsbot_number SET welcome_time = $2, opt_out_time = $3, opt_in_time = $4, \
                     modified_at = $5, language = $6 WHERE phone = $1";
    BY_ID = concat!("SELECT ", columns!(), " FROM smsbot_smsmessage WHERE uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM smsbot_smsmessage WHERE uuid = $1"),
        postgres concat!("SELECT ", columns!(), " FROM smsbot_smsmessage WHERE uuid = $1 FOR NO KEY UPDATE");
    KNOWN = "SELECT uuid FROM smsbot_smsmessage WHERE twilio_sid = $2 AND phone_id = $1 LIMIT 1";
    LAST_TO = concat!(
        "SELECT ", columns!(), " FROM smsbot_smsmessage WHERE phone_id = $1 AND direction = 'out' \
         ORDER BY created_at DESC, uuid DESC LIMIT 1"
    );
    INSERT = concat!(
        "INSERT INTO smsbot_smsmessage (", columns!(), ") \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
    );
    UPDATE = "UPDATE smsbot_smsmessage SET status = $2, status_time = $3, twilio_sid = $4, modified_at = $5, \
              rule = $6, held_until = $7, decided_at = $8, failure = $9 WHERE uuid = $1";
    /// Of a JSON list of numbers; held until the unit ends, each after the other. In SQLite the unit holds everything.
    LOCK_NUMBERS = concat!(
        "SELECT ", number_columns!(), " FROM smsbot_number WHERE phone IN (SELECT value FROM json_each($1)) ORDER BY phone"
    ), postgres concat!(
        "SELECT ", number_columns!(), " FROM smsbot_number WHERE phone IN (SELECT value \
         FROM jsonb_array_elements_text($1) AS asked (value)) ORDER BY phone FOR NO KEY UPDATE"
    );
    /// Of a JSON list of ids.
    LOCK_ALL = concat!(
        "SELECT ", columns!(), " FROM smsbot_smsmessage WHERE uuid IN (SELECT unhex(value) FROM json_each($1)) \
         ORDER BY uuid"
    ), postgres concat!(
        "SELECT ", columns!(), " FROM smsbot_smsmessage WHERE uuid IN (SELECT value::uuid \
         FROM jsonb_array_elements_text($1) AS asked (value)) ORDER BY uuid FOR NO KEY UPDATE"
    );
    /// Of a JSON list.
    UPDATE_ALL = "UPDATE smsbot_smsmessage SET status = changed.status, status_time = changed.status_time, \
                  twilio_sid = changed.twilio_sid, modified_at = changed.modified_at, rule = changed.rule, \
                  held_until = changed.held_until, decided_at = changed.decided_at, failure = changed.failure \
                  FROM (SELECT unhex(value ->> 'uuid') AS id, value ->> 'status' AS status, \
                  value ->> 'status_time' AS status_time, value ->> 'twilio_sid' AS twilio_sid, \
                  value ->> 'modified_at' AS modified_at, value ->> 'rule' AS rule, value ->> 'held_until' AS held_until, \
                  value ->> 'decided_at' AS decided_at, value ->> 'failure' AS failure FROM json_each($1)) AS changed \
                  WHERE smsbot_smsmessage.uuid = changed.id",
        postgres "UPDATE smsbot_smsmessage SET status = changed.status, status_time = changed.status_time, \
                  twilio_sid = changed.twilio_sid, modified_at = changed.modified_at, rule = changed.rule, \
                  held_until = changed.held_until, decided_at = changed.decided_at, failure = changed.failure \
                  FROM jsonb_to_recordset($1) AS changed (uuid uuid, status text, status_time timestamptz, \
                  twilio_sid text, modified_at timestamptz, rule text, held_until timestamptz, decided_at timestamptz, \
                  failure text) WHERE smsbot_smsmessage.uuid = changed.uuid";
    /// Of a JSON list of numbers.
    SENT_TO_SINCE = "SELECT phone_id, purpose, decided_at FROM smsbot_smsmessage \
                     WHERE phone_id IN (SELECT value FROM json_each($1)) AND created_at >= $2 \
                     AND direction = 'out' AND purpose IS NOT NULL AND decided_at IS NOT NULL AND status IS NOT NULL \
                     AND status <> 'failed'",
        postgres "SELECT phone_id, purpose, decided_at FROM smsbot_smsmessage \
                  WHERE phone_id IN (SELECT value FROM jsonb_array_elements_text($1) AS asked (value)) \
                  AND created_at >= $2 AND direction = 'out' AND purpose IS NOT NULL AND decided_at IS NOT NULL \
                  AND status IS NOT NULL AND status <> 'failed'";
    SENT_SINCE = "SELECT purpose, decided_at FROM smsbot_smsmessage WHERE phone_id = $1 AND created_at >= $2 \
                  AND direction = 'out' AND purpose IS NOT NULL AND decided_at IS NOT NULL AND status IS NOT NULL \
                  AND status <> 'failed' ORDER BY created_at DESC, uuid DESC LIMIT 100";
}
