//! Letters: the links of actions to a mail house.

macro_rules! columns {
    () => {
        "uuid, external_id, action_id, subscriber_id, created_at, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

macro_rules! select {
    ($where:literal) => {
        concat!("SELECT ", columns!(), " FROM integration_link WHERE external_tool = 'lob' AND ", $where)
    };
}

/// The same by a key of its own: the index of letters alone is not for it, though a planner likes one with few rows.
macro_rules! select_one {
    ($where:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM integration_link WHERE COALESCE(external_tool, '') = 'lob' AND ",
            $where
        )
    };
}

statements! {
    BY_ID = select_one!("uuid = $1");
    BY_ACTION = select!("action_id = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = select_one!("uuid = $1"), postgres select_one!("uuid = $1 FOR NO KEY UPDATE");
    LOCK_BY_EXTERNAL_ID = select_one!("external_id = $1"),
        postgres select_one!("external_id = $1 FOR NO KEY UPDATE");
    INSERT = concat!(
        "INSERT INTO integration_link (", columns!(), ", external_tool) VALUES ($1, $2, $3, $4, $5, $6, 'lob')"
    );
    UPDATE = "UPDATE integration_link SET external_id = $2, modified_at = $3 \
              WHERE uuid = $1 AND COALESCE(external_tool, '') = 'lob'";
}
