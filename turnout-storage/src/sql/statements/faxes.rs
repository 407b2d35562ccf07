//! Faxes.

macro_rules! columns {
    () => {
        "uuid, token, storage_item_id, \"to\", status, status_message, status_timestamp, on_complete_task, \
         on_complete_task_arg, created_at, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM fax_fax WHERE uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM fax_fax WHERE uuid = $1"),
        postgres concat!("SELECT ", columns!(), " FROM fax_fax WHERE uuid = $1 FOR NO KEY UPDATE");
    INSERT = concat!(
        "INSERT INTO fax_fax (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    UPDATE = "UPDATE fax_fax SET status = $2, status_message = $3, status_timestamp = $4, modified_at = $5 \
              WHERE uuid = $1";
}
