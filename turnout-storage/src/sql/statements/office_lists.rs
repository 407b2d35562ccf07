//! Taking over a supplier's whole list of regions and offices.

use super::officials::{address_columns, office_columns, region_columns};

macro_rules! known_region_columns {
    () => {
        concat!(region_columns!(), ", gone_at, replaced_by")
    };
}
/// A page in the order of the numbers.
macro_rules! page {
    ($columns:expr, $table:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM ",
            $table,
            " WHERE external_id > $1 ORDER BY external_id LIMIT $2"
        )
    };
}

pub(crate) const KNOWN_REGION_COLUMNS: &str = known_region_columns!();

statements! {
    REGIONS = page!(known_region_columns!(), "official_region");
    OFFICES = page!(office_columns!(), "official_office");
    ADDRESSES = page!(address_columns!(), "official_address");
    RETIRE_REGION = "UPDATE official_region SET gone_at = $2, replaced_by = $3 WHERE external_id = $1";
    DELETE_OFFICE = "DELETE FROM official_office WHERE external_id = $1";
    DELETE_ADDRESS = "DELETE FROM official_address WHERE external_id = $1";
}
