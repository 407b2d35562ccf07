//! Regions and offices.

macro_rules! region_columns {
    () => {
        "external_id, name, county, municipality, municipality_type, state_id, hidden, external_updated"
    };
}
/// The region that took the place of the first value's, else the value.
macro_rules! present {
    () => {
        "COALESCE((SELECT replaced_by FROM official_region WHERE external_id = $1), $1)"
    };
}
macro_rules! office_columns {
    () => {
        "external_id, region_id, hours, notes, external_updated"
    };
}
macro_rules! address_columns {
    () => {
        "external_id, office_id, address, address2, address3, city, state_id, zipcode, website, email, \
         phone, fax, location_lat, location_lng, is_physical, is_regular_mail, \
         process_domestic_registrations, process_absentee_requests, process_absentee_ballots, \
         process_overseas_requests, process_overseas_ballots, external_updated"
    };
}

pub(super) use {address_columns, office_columns, region_columns};

pub(crate) const REGION_COLUMNS: &str = region_columns!();
pub(crate) const OFFICE_COLUMNS: &str = office_columns!();
pub(crate) const ADDRESS_COLUMNS: &str = address_columns!();

statements! {
    REGION = concat!("SELECT ", region_columns!(), " FROM official_region WHERE external_id = ", present!());
    REGIONS = concat!(
        "SELECT ", region_columns!(), " FROM official_region WHERE state_id = $1 AND hidden IS NOT TRUE AND gone_at IS NULL \
         AND (CAST($2 AS text) IS NULL OR county = $2) AND (CAST($3 AS text) IS NULL OR municipality = $3) \
         ORDER BY name NULLS FIRST, external_id"
    );
    OFFICES = concat!(
        "SELECT ", office_columns!(), " FROM official_office WHERE region_id = ", present!(), " ORDER BY external_id"
    );
    ADDRESSES = concat!(
        "SELECT ", address_columns!(), " FROM official_address WHERE office_id IN \
         (SELECT external_id FROM official_office WHERE region_id = ", present!(), ") ORDER BY external_id"
    );
    PUT_REGION = concat!(
        "INSERT INTO official_region (", region_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (external_id) DO UPDATE SET name = excluded.name, county = excluded.county, \
         municipality = excluded.municipality, municipality_type = excluded.municipality_type, \
         state_id = excluded.state_id, hidden = excluded.hidden, external_updated = excluded.external_updated, \
         gone_at = NULL, replaced_by = NULL"
    );
    PUT_OFFICE = concat!(
        "INSERT INTO official_office (", office_columns!(), ") VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (external_id) DO UPDATE SET region_id = excluded.region_id, hours = excluded.hours, \
         notes = excluded.notes, external_updated = excluded.external_updated"
    );
    PUT_ADDRESS = concat!(
        "INSERT INTO official_address (", address_columns!(), ") VALUES (\
         $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         $22) ON CONFLICT (external_id) DO UPDATE SET \
         office_id = excluded.office_id, address = excluded.address, address2 = excluded.address2, \
         address3 = excluded.address3, city = excluded.city, state_id = excluded.state_id, \
         zipcode = excluded.zipcode, website = excluded.website, email = excluded.email, \
         phone = excluded.phone, fax = excluded.fax, location_lat = excluded.location_lat, \
         location_lng = excluded.location_lng, is_physical = excluded.is_physical, \
         is_regular_mail = excluded.is_regular_mail, \
         process_domestic_registrations = excluded.process_domestic_registrations, \
         process_absentee_requests = excluded.process_absentee_requests, \
         process_absentee_ballots = excluded.process_absentee_ballots, \
         process_overseas_requests = excluded.process_overseas_requests, \
         process_overseas_ballots = excluded.process_overseas_ballots, \
         external_updated = excluded.external_updated"
    );
}
