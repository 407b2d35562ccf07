//! Keys of partners' programs.

macro_rules! columns {
    () => {
        "uuid, partner_id, secret_hash, description, created_by_id, deactivated_by_id, deactivated_at, \
         modified_at, created_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM apikey_apikey WHERE uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM apikey_apikey WHERE uuid = $1"),
        postgres concat!("SELECT ", columns!(), " FROM apikey_apikey WHERE uuid = $1 FOR NO KEY UPDATE");
    OF_SUBSCRIBER = concat!(
        "SELECT ", columns!(), " FROM apikey_apikey WHERE partner_id = $1 ORDER BY created_at, uuid"
    );
    FIRST_PAGE = concat!("SELECT ", columns!(), " FROM apikey_apikey ORDER BY uuid LIMIT $1");
    PAGE = concat!("SELECT ", columns!(), " FROM apikey_apikey WHERE uuid > $1 ORDER BY uuid LIMIT $2");
    INSERT = concat!("INSERT INTO apikey_apikey (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    /// Numbered as in `INSERT`, whose last column does not change.
    UPDATE = "UPDATE apikey_apikey SET partner_id = $2, secret_hash = $3, description = $4, created_by_id = $5, \
              deactivated_by_id = $6, deactivated_at = $7, modified_at = $8 WHERE uuid = $1";
}
