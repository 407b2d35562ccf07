//! What voters are found by. A list is the subscriber (`$1`) and the tool (`$2`).

pub(crate) const ENTRY_COLUMNS: &str = "created_at, action_id, terms";
pub(crate) const LIST_COLUMNS: &str = "partner_id, tool";
pub(crate) const BLOCK_COLUMNS: &str = "block, since, directory";
pub(crate) const PAGE_COLUMNS: &str = "number, content";
pub(crate) const LOOK_COLUMNS: &str = "partner_id, created_at, uuid, missing";

/// A new entry, unless the list has its place among what is packed.
macro_rules! insert {
    ($uuid:literal, $text:literal, $moment:literal, $conflict:literal) => {
        concat!(
            "INSERT INTO search_fresh (partner_id, tool, created_at, action_id, terms) SELECT $1",
            $uuid, ", $2", $text, ", $3", $moment, ", $4", $uuid, ", $5", $text,
            " WHERE NOT EXISTS (SELECT e.action_id FROM search_entry e WHERE e.partner_id = $1 AND e.tool = $2 \
             AND e.created_at = $3 AND e.action_id = $4)",
            $conflict
        )
    };
}

/// Records of one tool, and whether the list of their subscriber lacks them.
macro_rules! look {
    ($table:literal) => {
        concat!(
            "SELECT r.partner_id, r.created_at, r.uuid, \
             ((SELECT a.visible_to_subscriber FROM action_action a WHERE a.uuid = r.action_id) IS TRUE \
             AND (SELECT e.tool FROM search_entry e WHERE e.partner_id = r.partner_id AND e.tool = $5 \
             AND e.created_at = r.created_at AND e.action_id = r.action_id) IS NULL \
             AND (SELECT f.tool FROM search_fresh f WHERE f.partner_id = r.partner_id AND f.tool = $5 \
             AND f.created_at = r.created_at AND f.action_id = r.action_id) IS NULL) AS missing FROM ",
            $table,
            " r WHERE (r.partner_id, r.created_at) >= ($1, $2) AND (r.partner_id, r.created_at, r.uuid) > ($1, $2, $3) \
             ORDER BY r.partner_id, r.created_at, r.uuid LIMIT $4"
        )
    };
}

statements! {
    INSERT = insert!("", "", "", ""), postgres insert!("::uuid", "::text", "::timestamptz", "");
    INSERT_MISSING = insert!("", "", "", " ON CONFLICT (partner_id, tool, created_at, action_id) DO NOTHING"),
        postgres insert!("::uuid", "::text", "::timestamptz",
            " ON CONFLICT (partner_id, tool, created_at, action_id) DO NOTHING");
    UPDATE = "UPDATE search_fresh SET terms = $5 \
              WHERE partner_id = $1 AND tool = $2 AND created_at = $3 AND action_id = $4";
    PACKED_TERMS = "SELECT terms FROM search_entry \
                    WHERE partner_id = $1 AND tool = $2 AND created_at = $3 AND action_id = $4";
    REMOVE = "DELETE FROM search_fresh WHERE partner_id = $1 AND tool = $2 AND created_at = $3 AND action_id = $4";
    REMOVE_PACKED = "DELETE FROM search_entry \
                     WHERE partner_id = $1 AND tool = $2 AND created_at = $3 AND action_id = $4";
    /// Up to a moment. PostgreSQL is not to know the bounds when it plans: it would take them for all there is, and an index
    /// that a million entries passed through, of which few pages are in use, for dearer than the whole table.
    FRESH = "SELECT created_at, action_id, terms FROM search_fresh \
             WHERE partner_id = $1 AND tool = $2 AND created_at <= $3",
        postgres "SELECT created_at, action_id, terms FROM search_fresh WHERE partner_id = $1 AND tool = $2 \
                  AND created_at >= (SELECT timestamptz '-infinity') AND created_at <= (SELECT $3::timestamptz)";
    /// The newest block first, of those in which there is something before a moment.
    BLOCKS = "SELECT block, since, directory FROM search_block \
              WHERE partner_id = $1 AND tool = $2 AND since <= $3 ORDER BY since DESC";
    /// The numbers are one JSON list.
    PAGES = "SELECT number, content FROM search_page \
             WHERE partner_id = $1 AND tool = $2 AND number IN (SELECT value FROM json_each($3))",
        postgres "SELECT number, content FROM search_page WHERE partner_id = $1 AND tool = $2 \
                  AND number = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements_text($3)))";
    /// The moments are one JSON list.
    PACKED_AT = "SELECT created_at, action_id, terms FROM search_entry WHERE partner_id = $1 AND tool = $2 \
                 AND created_at IN (SELECT value FROM json_each($3))",
        postgres "SELECT created_at, action_id, terms FROM search_entry WHERE partner_id = $1 AND tool = $2 \
                  AND created_at = ANY (ARRAY(SELECT value::timestamptz FROM jsonb_array_elements_text($3)))";
    /// The list of which most is not packed. Reads all that is not packed, which packing keeps short.
    LONG_LIST = "SELECT partner_id, tool FROM search_fresh \
                 GROUP BY partner_id, tool HAVING count(*) >= $1 ORDER BY count(*) DESC LIMIT 1";
    /// Who holds the first block of a list is the only one to pack it. In SQLite the unit holds everything.
    LOCK = "SELECT block FROM search_block WHERE partner_id = $1 AND tool = $2 AND block = 0",
        postgres "SELECT block FROM search_block WHERE partner_id = $1 AND tool = $2 AND block = 0 FOR UPDATE";
    OLDEST_FRESH = "SELECT created_at FROM search_fresh WHERE partner_id = $1 AND tool = $2 ORDER BY created_at LIMIT 1";
    NTH_FRESH = "SELECT created_at FROM search_fresh WHERE partner_id = $1 AND tool = $2 \
                 AND created_at >= $3 AND created_at < $4 ORDER BY created_at LIMIT 1 OFFSET $5";
    TAKE_FRESH = "DELETE FROM search_fresh WHERE partner_id = $1 AND tool = $2 \
                  AND created_at >= $3 AND created_at < $4 RETURNING created_at, action_id, terms";
    /// The entries are one JSON list.
    INSERT_PACKED = "INSERT INTO search_entry (partner_id, tool, created_at, action_id, terms) \
                     SELECT $1, $2, value ->> 'created_at', unhex(value ->> 'action_id'), value ->> 'terms' \
                     FROM json_each($3)",
        postgres "INSERT INTO search_entry (partner_id, tool, created_at, action_id, terms) \
                  SELECT $1::uuid, $2::text, created_at, action_id, terms \
                  FROM jsonb_to_recordset($3) AS taken (created_at timestamptz, action_id uuid, terms text)";
    PACKED = "SELECT created_at, action_id, terms FROM search_entry WHERE partner_id = $1 AND tool = $2 \
              AND created_at >= $3 AND created_at < $4 ORDER BY created_at, action_id";
    INSERT_BLOCK = "INSERT INTO search_block (partner_id, tool, block, since, directory) VALUES ($1, $2, $3, $4, $5)";
    UPDATE_BLOCK = "UPDATE search_block SET since = $4, directory = $5 \
                    WHERE partner_id = $1 AND tool = $2 AND block = $3";
    DELETE_PAGES = "DELETE FROM search_page WHERE partner_id = $1 AND tool = $2 AND number >= $3 AND number < $4";
    INSERT_PAGE = "INSERT INTO search_page (partner_id, tool, number, content) VALUES ($1, $2, $3, $4)";
    /// Registrations from one place on, and whether each is visible to its subscriber and not listed under the tool `$5`.
    LOOK_AT_REGISTRATIONS = look!("register_registration");
    LOOK_AT_BALLOT_REQUESTS = look!("absentee_ballotrequest");
    LOOK_AT_LOOKUPS = look!("verifier_lookup");
    LOOK_AT_REMINDERS = look!("reminder_reminderrequest");
    LOOK_AT_POLLING_PLACES = look!("polling_place_pollingplacelookup");
}
