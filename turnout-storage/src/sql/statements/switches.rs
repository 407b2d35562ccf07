//! What switches are set to.

macro_rules! columns {
    () => {
        "feature, variable, value, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    ALL_SETTINGS = concat!("SELECT ", columns!(), " FROM switch ORDER BY feature, variable");
    GET = concat!("SELECT ", columns!(), " FROM switch WHERE feature = $1 AND variable = $2");
    PUT = concat!(
        "INSERT INTO switch (", columns!(), ") VALUES ($1, $2, $3, $4) ON CONFLICT (feature, variable) \
         DO UPDATE SET value = excluded.value, modified_at = excluded.modified_at"
    );
    ADD = concat!(
        "INSERT INTO switch (", columns!(), ") VALUES ($1, $2, $3, $4) ON CONFLICT (feature, variable) DO NOTHING"
    );
    REMOVE = "DELETE FROM switch WHERE feature = $1 AND variable = $2";
}
