//! Blasts, whom they are for, and what became of each.

macro_rules! columns {
    () => {
        "uuid, description, campaign, content, subscriber_id, audience, status, price, budget, segments, sendable, \
         planned_by, planned_by_id, planned_at, seal, tested_by, tested_by_id, tested_at, approved_by, approved_by_id, \
         approved_at, approved_seal, run, enqueued, started_by, started_by_id, started_at, stopped_by, stopped_by_id, \
         stopped_at, finished_at, modified_at, map, created_at"
    };
}

macro_rules! recipient_columns {
    () => {
        "uuid, phone, zones, states, planned, rule, address"
    };
}

/// How far somebody is: of `r`, whom a blast is for, and the text `m` to him, if there is one. Now is `$2`.
macro_rules! reached_columns {
    () => {
        "r.planned, r.rule AS planned_rule, m.status, m.rule AS text_rule, m.held_until IS NOT NULL AS was_held, \
         coalesce(m.held_until > $2, false) AS is_held, m.failure, \
         m.twilio_sid IS NOT NULL AS has_carrier_id"
    };
}

pub(crate) const COLUMNS: &str = columns!();
pub(crate) const RECIPIENT_COLUMNS: &str = recipient_columns!();
pub(crate) const REACHED_COLUMNS: &str = reached_columns!();
pub(crate) const REACHABLE_COLUMNS: &str = "uuid, phone, address1, address2, city, state_id, zipcode";

/// The values of a filter's key in SQLite, as a table `asked` with a column `value`. The filter is `$1`, a document.
macro_rules! asked_in_sqlite {
    ($key:literal) => {
        concat!("json_each($1, '$.", $key, "') AS asked")
    };
}

/// The same in PostgreSQL.
macro_rules! asked_in_postgres {
    ($key:literal, $part:literal) => {
        concat!("jsonb_array_elements_text($1::jsonb -> '", $key, "' -> '", $part, "') AS asked (value)")
    };
}

/// That one of the values meets a condition, if there are any, and none of those that are not to. Where something is not
/// known it meets none.
macro_rules! meets_in_sqlite {
    ($key:literal, $condition:literal) => {
        concat!(
            "(json_array_length($1, '$.",
            $key,
            ".any') = 0 OR EXISTS (SELECT 1 FROM json_each($1, '$.",
            $key,
            ".any') AS asked WHERE ",
            $condition,
            ")) AND NOT EXISTS (SELECT 1 FROM json_each($1, '$.",
            $key,
            ".none') AS asked WHERE ",
            $condition,
            ")"
        )
    };
}

/// The planner makes a join of `NOT EXISTS`, and would read the whole table for it.
macro_rules! meets_in_postgres {
    ($key:literal, $condition:literal) => {
        concat!(
            "(jsonb_array_length($1::jsonb -> '",
            $key,
            "' -> 'any') = 0 OR EXISTS (SELECT 1 FROM ",
            asked_in_postgres!($key, "any"),
            " WHERE ",
            $condition,
            ")) AND EXISTS (SELECT 1 FROM ",
            asked_in_postgres!($key, "none"),
            " WHERE ",
            $condition,
            ") IS NOT TRUE"
        )
    };
}

/// Whom a filter describes of the records `r` of a tool; whether those have a region is told by its condition.
macro_rules! audience_in_sqlite {
    ($table:literal, $region:literal, $county:literal) => {
        concat!(
            "SELECT r.uuid, r.phone, r.address1, r.address2, r.city, r.state_id, r.zipcode FROM ",
            $table,
            " r \
             WHERE r.uuid > $2 AND r.phone IS NOT NULL AND r.phone <> '' AND ",
            meets_in_sqlite!("subscribers", "r.partner_id = unhex(asked.value)"),
            " AND ",
            meets_in_sqlite!("states", "r.state_id = asked.value"),
            " AND ",
            meets_in_sqlite!("zips", "substr(r.zipcode, 1, length(asked.value)) = asked.value"),
            " AND ",
            meets_in_sqlite!("regions", $region),
            " AND ",
            meets_in_sqlite!("counties", $county),
            " AND ($1 ->> '$.opted_in' IS NULL OR ($1 ->> '$.opted_in') = (r.sms_opt_in IS TRUE)) \
             AND ($1 ->> '$.opted_in_to_subscriber' IS NULL \
             OR ($1 ->> '$.opted_in_to_subscriber') = (r.sms_opt_in_partner IS TRUE)) \
             AND ($1 ->> '$.since' IS NULL OR r.created_at >= ($1 ->> '$.since')) \
             AND ($1 ->> '$.before' IS NULL OR r.created_at < ($1 ->> '$.before')) \
             AND ($1 ->> '$.finished' IS NULL OR ($1 ->> '$.finished') = EXISTS (\
             SELECT 1 FROM event_tracking_event e WHERE e.action_id = r.action_id AND e.event_type IN (\
             SELECT asked.value FROM ",
            asked_in_sqlite!("ends"),
            "))) \
             ORDER BY r.uuid LIMIT $3"
        )
    };
}

macro_rules! audience_in_postgres {
    ($table:literal, $region:literal, $county:literal) => {
        concat!(
            "SELECT r.uuid, r.phone, r.address1, r.address2, r.city, r.state_id, r.zipcode FROM ", $table, " r \
             WHERE r.uuid > $2 AND r.phone IS NOT NULL AND r.phone <> '' AND ",
            meets_in_postgres!("subscribers", "r.partner_id = asked.value::uuid"), " AND ",
            meets_in_postgres!("states", "r.state_id = asked.value"), " AND ",
            meets_in_postgres!("zips", "starts_with(r.zipcode, asked.value)"), " AND ",
            meets_in_postgres!("regions", $region), " AND ",
            meets_in_postgres!("counties", $county),
            " AND ($1::jsonb ->> 'opted_in' IS NULL \
             OR ($1::jsonb ->> 'opted_in')::boolean = (r.sms_opt_in IS TRUE)) \
             AND ($1::jsonb ->> 'opted_in_to_subscriber' IS NULL \
             OR ($1::jsonb ->> 'opted_in_to_subscriber')::boolean = (r.sms_opt_in_partner IS TRUE)) \
             AND ($1::jsonb ->> 'since' IS NULL OR r.created_at >= ($1::jsonb ->> 'since')::timestamptz) \
             AND ($1::jsonb ->> 'before' IS NULL OR r.created_at < ($1::jsonb ->> 'before')::timestamptz) \
             AND ($1::jsonb ->> 'finished' IS NULL OR ($1::jsonb ->> 'finished')::boolean = EXISTS (\
             SELECT 1 FROM event_tracking_event e WHERE e.action_id = r.action_id AND e.event_type = ANY (ARRAY(\
             SELECT value FROM jsonb_array_elements_text($1::jsonb -> 'ends') AS ends (value))))) \
             ORDER BY r.uuid LIMIT $3"
        )
    };
}

/// Records of a tool that have a region.
macro_rules! audience_with_region {
    (sqlite $table:literal) => {
        audience_in_sqlite!(
            $table,
            "r.region_id = asked.value",
            "(SELECT lower(g.county) FROM official_region g WHERE g.external_id = r.region_id) = asked.value"
        )
    };
    (postgres $table:literal) => {
        audience_in_postgres!(
            $table,
            "r.region_id = asked.value::bigint",
            "(SELECT lower(g.county COLLATE \"C\") FROM official_region g WHERE g.external_id = r.region_id) = asked.value"
        )
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM smsbot_blast WHERE uuid = $1 AND status IS NOT NULL");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM smsbot_blast WHERE uuid = $1 AND status IS NOT NULL"),
        postgres concat!(
            "SELECT ", columns!(), " FROM smsbot_blast WHERE uuid = $1 AND status IS NOT NULL FOR NO KEY UPDATE"
        );
    LIST = concat!(
        "SELECT ", columns!(), " FROM smsbot_blast WHERE uuid > $1 AND status IS NOT NULL ORDER BY uuid LIMIT $2"
    );
    RUNNING = "SELECT uuid FROM smsbot_blast WHERE uuid = $1 AND status = 'running'";
    INSERT = concat!(
        "INSERT INTO smsbot_blast (", columns!(), ", blast_type) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
         $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, \
         CASE WHEN CAST($33 AS text) IS NULL THEN 'sms' ELSE 'mms_map' END)"
    );
    /// Numbered as in `INSERT`, whose last value does not change.
    UPDATE = "UPDATE smsbot_blast SET description = $2, campaign = $3, content = $4, subscriber_id = $5, \
              audience = $6, status = $7, price = $8, budget = $9, segments = $10, sendable = $11, \
              planned_by = $12, planned_by_id = $13, planned_at = $14, seal = $15, tested_by = $16, \
              tested_by_id = $17, tested_at = $18, approved_by = $19, approved_by_id = $20, approved_at = $21, \
              approved_seal = $22, run = $23, enqueued = $24, started_by = $25, started_by_id = $26, \
              started_at = $27, stopped_by = $28, stopped_by_id = $29, stopped_at = $30, finished_at = $31, \
              modified_at = $32, map = $33, \
              blast_type = CASE WHEN CAST($33 AS text) IS NULL THEN 'sms' ELSE 'mms_map' END WHERE uuid = $1 AND status IS NOT NULL";
    REGISTERED = audience_with_region!(sqlite "register_registration"),
        postgres audience_with_region!(postgres "register_registration");
    REQUESTED_BALLOTS = audience_with_region!(sqlite "absentee_ballotrequest"),
        postgres audience_with_region!(postgres "absentee_ballotrequest");
    /// There is no region.
    VERIFIED = audience_in_sqlite!("verifier_lookup", "asked.value IS NULL", "asked.value IS NULL"),
        postgres audience_in_postgres!("verifier_lookup", "asked.value IS NULL", "asked.value IS NULL");
    /// Nor here.
    REMINDED = audience_in_sqlite!("reminder_reminderrequest", "asked.value IS NULL", "asked.value IS NULL"),
        postgres audience_in_postgres!("reminder_reminderrequest", "asked.value IS NULL", "asked.value IS NULL");
    RECIPIENTS = concat!(
        "SELECT ", recipient_columns!(), " FROM blast_recipient WHERE blast_id = $1 AND uuid > $2 ORDER BY uuid LIMIT $3"
    );
    RECIPIENT = concat!("SELECT ", recipient_columns!(), ", blast_id FROM blast_recipient WHERE uuid = $1");
    FORGET_ADDRESSES = "UPDATE blast_recipient SET address = NULL WHERE blast_id = $1 AND address IS NOT NULL";
    REACHED = concat!(
        "SELECT r.uuid, r.phone, r.zones, r.states, r.planned, r.rule, r.address, ", reached_columns!(),
        " FROM blast_recipient r LEFT JOIN smsbot_smsmessage m ON m.uuid = r.uuid \
         WHERE r.blast_id = $1 AND r.uuid > $3 ORDER BY r.uuid LIMIT $4"
    );
    RECKON = concat!(
        "SELECT ", reached_columns!(), ", count(*) AS total \
         FROM blast_recipient r LEFT JOIN smsbot_smsmessage m ON m.uuid = r.uuid WHERE r.blast_id = $1 \
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
    );
    /// Of a JSON list.
    ADD = "INSERT INTO blast_recipient (uuid, blast_id, phone, zones, states, planned, rule, address) \
           SELECT unhex(value ->> 'uuid'), $1, value ->> 'phone', value ->> 'zones', value ->> 'states', \
           value ->> 'planned', value ->> 'rule', value ->> 'address' FROM json_each($2) WHERE true ON CONFLICT (blast_id, phone) DO NOTHING",
        postgres "INSERT INTO blast_recipient (uuid, blast_id, phone, zones, states, planned, rule, address) \
                  SELECT uuid, $1::uuid, phone, zones, states, planned, rule, address FROM jsonb_to_recordset($2) AS given \
                  (uuid uuid, phone text, zones text, states text, planned text, rule text, address text) \
                  ON CONFLICT (blast_id, phone) DO NOTHING";
    CLEAR = "DELETE FROM blast_recipient WHERE uuid IN (\
             SELECT uuid FROM blast_recipient WHERE blast_id = $1 ORDER BY uuid LIMIT $2)";
    /// The ids of a page.
    PAGE = "SELECT uuid FROM blast_recipient WHERE blast_id = $1 AND uuid > $2 ORDER BY uuid LIMIT $3";
    /// The numbers of a page that are not known yet.
    NUMBERS = "INSERT INTO smsbot_number (phone, uuid, created_at, modified_at) \
               SELECT r.phone, r.uuid, $4, $4 FROM blast_recipient r WHERE r.blast_id = $1 AND r.uuid > $2 \
               AND r.uuid <= $3 AND r.planned <> 'refuse' ON CONFLICT (phone) DO NOTHING",
        postgres "INSERT INTO smsbot_number (phone, uuid, created_at, modified_at) \
                  SELECT r.phone, r.uuid, $4::timestamptz, $4::timestamptz FROM blast_recipient r \
                  WHERE r.blast_id = $1 AND r.uuid > $2 AND r.uuid <= $3 AND r.planned <> 'refuse' \
                  ORDER BY r.phone ON CONFLICT (phone) DO NOTHING";
    /// The texts of a page that are not written yet. The purpose is `$5`.
    TEXTS = "INSERT INTO smsbot_smsmessage (uuid, phone_id, direction, message, kwargs, blast_id, purpose, subscriber_id, \
             zones, states, created_at, modified_at) \
             SELECT r.uuid, r.phone, 'out', b.content, CASE WHEN b.map IS NOT NULL THEN json_object('blast_map', b.map) END, \
             b.uuid, $5, b.subscriber_id, r.zones, r.states, $4, $4 \
             FROM blast_recipient r JOIN smsbot_blast b ON b.uuid = r.blast_id WHERE r.blast_id = $1 AND r.uuid > $2 \
             AND r.uuid <= $3 AND r.planned <> 'refuse' ON CONFLICT (uuid) DO NOTHING",
        postgres "INSERT INTO smsbot_smsmessage (uuid, phone_id, direction, message, kwargs, blast_id, purpose, \
                  subscriber_id, zones, states, created_at, modified_at) \
                  SELECT r.uuid, r.phone, 'out', b.content, \
                  CASE WHEN b.map IS NOT NULL THEN jsonb_build_object('blast_map', b.map) END, b.uuid, $5::text, b.subscriber_id, r.zones, r.states, \
                  $4::timestamptz, $4::timestamptz \
                  FROM blast_recipient r JOIN smsbot_blast b ON b.uuid = r.blast_id WHERE r.blast_id = $1 \
                  AND r.uuid > $2 AND r.uuid <= $3 AND r.planned <> 'refuse' ON CONFLICT (uuid) DO NOTHING";
    /// Those of a page that wait to be handed over.
    WAITING = "SELECT r.uuid FROM blast_recipient r JOIN smsbot_smsmessage m ON m.uuid = r.uuid \
               WHERE r.blast_id = $1 AND r.uuid > $2 AND r.uuid <= $3 AND m.status IS NULL ORDER BY r.uuid";
}
