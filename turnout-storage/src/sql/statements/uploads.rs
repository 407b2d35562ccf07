//! Pictures that voters uploaded.

macro_rules! columns {
    () => {
        "uuid, upload_type, file, content_type, purged, modified_at, created_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM storage_secureuploaditem WHERE uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM storage_secureuploaditem WHERE uuid = $1"),
        postgres concat!("SELECT ", columns!(), " FROM storage_secureuploaditem WHERE uuid = $1 FOR NO KEY UPDATE");
    /// The types are one JSON list.
    UNPURGED = concat!(
            "SELECT ", columns!(), " FROM storage_secureuploaditem WHERE purged IS NULL AND created_at < $2 \
             AND upload_type IN (SELECT value FROM json_each($1)) ORDER BY created_at, uuid LIMIT $3"
        ),
        postgres concat!(
            "SELECT ", columns!(), " FROM storage_secureuploaditem WHERE purged IS NULL AND created_at < $2 \
             AND upload_type = ANY (ARRAY(SELECT jsonb_array_elements_text($1))) ORDER BY created_at, uuid LIMIT $3"
        );
    UNDELETED = concat!(
        "SELECT ", columns!(), " FROM storage_secureuploaditem WHERE purged IS NOT NULL AND file <> '' \
         ORDER BY purged, uuid LIMIT $1"
    );
    INSERT = concat!(
        "INSERT INTO storage_secureuploaditem (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    /// Numbered as in `INSERT`, whose last column does not change.
    UPDATE = "UPDATE storage_secureuploaditem SET upload_type = $2, file = $3, content_type = $4, purged = $5, \
              modified_at = $6 WHERE uuid = $1";
}
