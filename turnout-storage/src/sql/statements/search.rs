//! What voters are found by. A list is the subscriber (`$1`) and the tool (`$2`).

pub(crate) const ENTRY_COLUMNS: &str = "created_at, action_id, terms";
pub(crate) const LIST_COLUMNS: &str = "partner_id, tool";
pub(crate) const BLOCK_COLUMNS: &str = "block, since, directory";
pub(crate) const PAGE_COLUMNS: &str = "number, content";
pub(crate) const LOOK_COLUMNS: &str = "partner_id, created_at, uuid, missing";

statements! {
    INSERT = "INSERT INTO search_entry (partner_id, tool, created_at, action_id, terms, packed) \
              VALUES ($1, $2, $3, $4, $5, FALSE)";
    INSERT_MISSING = "INSERT INTO search_entry (partner_id, tool, created_at, action_id, terms, packed) \
                      VALUES ($1, $2, $3, $4, $5, FALSE) \
                      ON CONFLICT (partner_id, tool, created_at, action_id) DO NOTHING";
    /// An entry whose terms stay the same stays packed.
    UPDATE = "UPDATE search_entry SET packed = packed AND terms = $5, terms = $5 \
              WHERE partner_id = $1 AND tool = $2 AND created_at = $3 AND action_id = $4";
    REMOVE = "DELETE FROM search_entry WHERE partner_id = $1 AND tool = $2 AND created_at = $3 AND action_id = $4";
    /// SQLite would rather read the whole list by its key than who is not packed by the index of those.
    UNPACKED = "SELECT created_at, action_id, terms FROM search_entry INDEXED BY search_entry_unpacked \
                WHERE partner_id = $1 AND tool = $2 AND NOT packed",
        postgres "SELECT created_at, action_id, terms FROM search_entry \
                  WHERE partner_id = $1 AND tool = $2 AND NOT packed";
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
                 AND created_at IN (SELECT value FROM json_each($3)) AND packed",
        postgres "SELECT created_at, action_id, terms FROM search_entry WHERE partner_id = $1 AND tool = $2 \
                  AND created_at = ANY (ARRAY(SELECT value::timestamptz FROM jsonb_array_elements_text($3))) \
                  AND packed";
    /// The list of which most is not packed. Reads the index of all that is not packed, which packing keeps short.
    LONG_LIST = "SELECT partner_id, tool FROM search_entry WHERE NOT packed \
                 GROUP BY partner_id, tool HAVING count(*) >= $1 ORDER BY count(*) DESC LIMIT 1";
    /// Who holds the first block of a list is the only one to pack it. In SQLite the unit holds everything.
    LOCK = "SELECT block FROM search_block WHERE partner_id = $1 AND tool = $2 AND block = 0",
        postgres "SELECT block FROM search_block WHERE partner_id = $1 AND tool = $2 AND block = 0 FOR UPDATE";
    OLDEST_UNPACKED = "SELECT created_at FROM search_entry INDEXED BY search_entry_unpacked \
                       WHERE partner_id = $1 AND tool = $2 AND NOT packed ORDER BY created_at LIMIT 1",
        postgres "SELECT created_at FROM search_entry WHERE partner_id = $1 AND tool = $2 AND NOT packed \
                  ORDER BY created_at LIMIT 1";
    NTH_UNPACKED = "SELECT created_at FROM search_entry INDEXED BY search_entry_unpacked \
                    WHERE partner_id = $1 AND tool = $2 AND NOT packed \
                    AND created_at >= $3 AND created_at < $4 ORDER BY created_at LIMIT 1 OFFSET $5",
        postgres "SELECT created_at FROM search_entry WHERE partner_id = $1 AND tool = $2 AND NOT packed \
                  AND created_at >= $3 AND created_at < $4 ORDER BY created_at LIMIT 1 OFFSET $5";
    PACK = "UPDATE search_entry INDEXED BY search_entry_unpacked SET packed = TRUE \
            WHERE partner_id = $1 AND tool = $2 AND NOT packed AND created_at >= $3 AND created_at < $4",
        postgres "UPDATE search_entry SET packed = TRUE WHERE partner_id = $1 AND tool = $2 AND NOT packed \
                  AND created_at >= $3 AND created_at < $4";
    PACKED = "SELECT created_at, action_id, terms FROM search_entry WHERE partner_id = $1 AND tool = $2 \
              AND created_at >= $3 AND created_at < $4 AND packed ORDER BY created_at, action_id";
    INSERT_BLOCK = "INSERT INTO search_block (partner_id, tool, block, since, directory) VALUES ($1, $2, $3, $4, $5)";
    UPDATE_BLOCK = "UPDATE search_block SET since = $4, directory = $5 \
                    WHERE partner_id = $1 AND tool = $2 AND block = $3";
    DELETE_PAGES = "DELETE FROM search_page WHERE partner_id = $1 AND tool = $2 AND number >= $3 AND number < $4";
    INSERT_PAGE = "INSERT INTO search_page (partner_id, tool, number, content) VALUES ($1, $2, $3, $4)";
    /// Registrations from one place on, and whether each is visible to its subscriber and not listed under the tool `$5`.
    LOOK = "SELECT r.partner_id, r.created_at, r.uuid, \
            ((SELECT a.visible_to_subscriber FROM action_action a WHERE a.uuid = r.action_id) IS TRUE \
            AND (SELECT e.tool FROM search_entry e WHERE e.partner_id = r.partner_id AND e.tool = $5 \
            AND e.created_at = r.created_at AND e.action_id = r.action_id) IS NULL) AS missing \
            FROM register_registration r \
            WHERE (r.partner_id, r.created_at) >= ($1, $2) \
            AND (r.partner_id, r.created_at, r.uuid) > ($1, $2, $3) \
            ORDER BY r.partner_id, r.created_at, r.uuid LIMIT $4";
}
