//! People who moved.

macro_rules! columns {
    () => {
        "uuid, source_created_at, first_name, last_name, email, move_date, \
         new_address1, new_address2, new_city, new_state, new_zipcode, new_zipcode_plus4, new_housing_tenure, \
         old_address1, old_address2, old_city, old_state, old_zipcode, old_zipcode_plus4, old_housing_tenure, \
         new_region_id, old_region_id, actionnetwork_person_id, blank_register_forms_action_id, \
         blank_register_forms_item_id, located_at, left_alone, created_at, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

macro_rules! select {
    ($where:literal) => {
        concat!("SELECT ", columns!(), " FROM integration_moverlead WHERE ", $where)
    };
}

statements! {
    BY_ID = select!("uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = select!("uuid = $1"), postgres select!("uuid = $1 FOR NO KEY UPDATE");
    IS_KNOWN = "SELECT uuid FROM integration_moverlead WHERE email = $1 AND source_created_at = $2";
    UNLOCATED = "SELECT uuid FROM integration_moverlead WHERE new_region_id IS NULL AND old_region_id IS NULL \
                 AND located_at IS NULL AND uuid > $1 ORDER BY uuid LIMIT $2";
    UNPUSHED = "SELECT uuid FROM integration_moverlead WHERE actionnetwork_person_id IS NULL AND left_alone IS NULL \
                AND COALESCE(source_created_at, created_at) >= $1 AND uuid > $2 ORDER BY uuid LIMIT $3";
    UNMAILED = select!(
        "blank_register_forms_action_id IS NULL AND left_alone IS NULL AND new_housing_tenure = 'rent' \
         AND new_state = $1 AND COALESCE(source_created_at, created_at) >= $2 AND uuid > $3 ORDER BY uuid LIMIT $4"
    );
    INSERT = concat!(
        "INSERT INTO integration_moverlead (", columns!(), ") VALUES (\
         $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         $21, $22, $23, $24, $25, $26, $27, $28, $29) ON CONFLICT (email, source_created_at) DO NOTHING"
    );
    UPDATE = "UPDATE integration_moverlead SET new_region_id = $2, old_region_id = $3, actionnetwork_person_id = $4, \
              blank_register_forms_action_id = $5, blank_register_forms_item_id = $6, located_at = $7, \
              left_alone = $8, modified_at = $9 WHERE uuid = $1";
    PULLED_UNTIL = "SELECT until FROM mover_pull WHERE source = $1";
    SET_PULLED_UNTIL = "INSERT INTO mover_pull (source, until) VALUES ($1, $2) \
                        ON CONFLICT (source) DO UPDATE SET until = excluded.until";
}
