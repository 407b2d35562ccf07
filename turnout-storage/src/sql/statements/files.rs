//! Files made for persons.

macro_rules! columns {
    () => {
        "uuid, app, file, name, email, partner_id, generation, imported_token_hash, expires, first_download, \
         purged, claimed, modified_at, created_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM storage_storageitem WHERE uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM storage_storageitem WHERE uuid = $1"),
        postgres concat!("SELECT ", columns!(), " FROM storage_storageitem WHERE uuid = $1 FOR NO KEY UPDATE");
    /// The types are one JSON list.
    UNPURGED = concat!(
            "SELECT ", columns!(), " FROM storage_storageitem WHERE purged IS NULL AND created_at < $2 \
             AND app IN (SELECT value FROM json_each($1)) ORDER BY created_at, uuid LIMIT $3"
        ),
        postgres concat!(
            "SELECT ", columns!(), " FROM storage_storageitem WHERE purged IS NULL AND created_at < $2 \
             AND app = ANY (ARRAY(SELECT jsonb_array_elements_text($1))) ORDER BY created_at, uuid LIMIT $3"
        );
    UNDELETED = concat!(
        "SELECT ", columns!(), " FROM storage_storageitem WHERE purged IS NOT NULL AND file <> '' \
         ORDER BY purged, uuid LIMIT $1"
    );
    INSERT = concat!(
        "INSERT INTO storage_storageitem (", columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    /// Numbered as in `INSERT`, whose last column does not change.
    UPDATE = "UPDATE storage_storageitem SET app = $2, file = $3, name = $4, email = $5, partner_id = $6, \
              generation = $7, imported_token_hash = $8, expires = $9, first_download = $10, purged = $11, \
              claimed = $12, modified_at = $13 WHERE uuid = $1";
    PREVIEW_OF = concat!(
        "SELECT ", columns!(), " FROM storage_storageitem WHERE preview_of_id = $1 AND claimed AND purged IS NULL \
         ORDER BY modified_at DESC, uuid DESC LIMIT 1"
    );
    SET_PREVIEW = "UPDATE storage_storageitem SET preview_of_id = $2 WHERE uuid = $1";
}
