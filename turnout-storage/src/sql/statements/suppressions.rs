//! E-mail addresses that are not mailed.

macro_rules! columns {
    () => {
        "address_key, reason, source, since, lifted_at, created_at, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

macro_rules! select {
    ($where:literal) => {
        concat!("SELECT ", columns!(), " FROM email_suppression WHERE ", $where)
    };
}

statements! {
    OF = select!("address_key = $1 ORDER BY reason");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = select!("address_key = $1 AND reason = $2"),
        postgres select!("address_key = $1 AND reason = $2 FOR NO KEY UPDATE");
    INSERT = concat!(
        "INSERT INTO email_suppression (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (address_key, reason) DO NOTHING"
    );
    UPDATE = "UPDATE email_suppression SET source = $3, since = $4, lifted_at = $5, modified_at = $6 \
              WHERE address_key = $1 AND reason = $2";
}
