//! How offices take requests that were signed online, and what went out.

/// What an action is an event of whose request went to an office at once. As in the index.
macro_rules! handed_over {
    ($event:literal) => {
        concat!($event, ".event_type IN ('FinishLEO', 'FinishLEOFaxPending')")
    };
}
/// What an action is an event of whose form went to the voter by letter. As in the index.
macro_rules! mailed {
    ($event:literal) => {
        concat!($event, ".event_type = 'FinishLobConfirm'")
    };
}
#[cfg(feature = "postgres")]
pub(super) use {handed_over, mailed};

/// How many actions have such events, by region.
macro_rules! counted {
    ($such:expr) => {
        concat!(
            "SELECT r.region_id, e.event_type, count(*) AS since, \
             count(CASE WHEN e.last_at >= $2 THEN 1 END) AS lately \
             FROM (SELECT s.action_id, s.event_type, max(s.created_at) AS last_at FROM event_tracking_event s WHERE ",
            $such,
            " AND s.created_at >= $1 GROUP BY s.action_id, s.event_type) e \
             CROSS JOIN absentee_ballotrequest r WHERE r.action_id = e.action_id AND r.region_id IS NOT NULL \
             GROUP BY r.region_id, e.event_type"
        )
    };
}
/// The same of the region `$3`, whose requests are fewer than the events of the country.
macro_rules! counted_of_region {
    ($such:expr) => {
        concat!(
            "SELECT r.region_id, e.event_type, count(DISTINCT e.action_id) AS since, \
             count(DISTINCT CASE WHEN e.created_at >= $2 THEN e.action_id END) AS lately \
             FROM event_tracking_event e CROSS JOIN absentee_ballotrequest r \
             WHERE r.action_id = e.action_id AND ",
            $such,
            " AND e.created_at >= $1 AND r.region_id = $3 GROUP BY r.region_id, e.event_type"
        )
    };
}
/// Whether any address of an office of the region `g`, or what is known better of it, has something there. It is counted,
/// as a planner may make a join of `EXISTS` and read whole tables for it.
macro_rules! known {
    ($column:literal) => {
        concat!(
            "((SELECT count(*) FROM absentee_leocontactoverride o WHERE o.region_id = g.external_id AND trim(o.",
            $column,
            ") <> '') + (SELECT count(*) FROM official_office f JOIN official_address a ON a.office_id = f.external_id \
             WHERE f.region_id = g.external_id AND trim(a.",
            $column,
            ") <> '')) > 0"
        )
    };
}
/// Everything that says how the office of the region `g` is reached.
macro_rules! reach_columns {
    () => {
        concat!(
            "(SELECT o.submission_method FROM absentee_leocontactoverride o WHERE o.region_id = g.external_id) \
             AS only_method, \
             (SELECT o.region_id FROM absentee_leocontactoverride o WHERE o.region_id = g.external_id) IS NOT NULL \
             AS has_override, \
             (SELECT l.region_id FROM absentee_regionovbmlink l WHERE l.region_id = g.external_id) IS NOT NULL \
             AS has_link, ",
            known!("email"),
            " AS email_known, ",
            known!("fax"),
            " AS fax_known"
        )
    };
}
/// A request is where its last event of the kind is; the last is looked for among the events of its action, one by one.
/// SQLite goes through the tables in this order.
macro_rules! applications {
    ($tables:literal, $of_region:literal) => {
        concat!(
            "SELECT r.uuid, e.action_id, e.created_at AS sent_at, e.event_type, r.first_name, r.middle_name, \
             r.last_name, r.suffix, r.email, r.state_id, r.region_id, \
             (SELECT g.name FROM official_region g WHERE g.external_id = r.region_id) AS region_name, \
             (SELECT c.name FROM multi_tenant_client c WHERE c.uuid = r.partner_id) AS subscriber_name \
             FROM ",
            $tables,
            " WHERE r.action_id = e.action_id AND ",
            handed_over!("e"),
            $of_region,
            " AND (e.created_at, e.action_id) < ($1, $2) AND (EXISTS (\
             SELECT 1 FROM event_tracking_event l WHERE l.action_id = e.action_id AND ",
            handed_over!("l"),
            " AND (l.created_at, l.uuid) > (e.created_at, e.uuid))) IS NOT TRUE \
             ORDER BY e.created_at DESC, e.action_id DESC LIMIT $3"
        )
    };
}

pub(crate) const STATE_COLUMNS: &str =
    "state_id, only_method, has_override, has_link, email_known, fax_known, regions";
pub(crate) const REGION_COLUMNS: &str = "only_method, has_override, has_link, email_known, fax_known";
pub(crate) const SENT_COUNT_COLUMNS: &str = "region_id, event_type, since, lately";
pub(crate) const APPLICATION_COLUMNS: &str = "uuid, action_id, sent_at, event_type, first_name, middle_name, last_name, \
     suffix, email, state_id, region_id, region_name, subscriber_name";
pub(crate) const LINK_COLUMNS: &str = "region_id, url, created_at, modified_at, name, state_id";

statements! {
    /// All regions, offices and addresses of the country, each read once.
    STATES = "SELECT state_id, only_method, has_override, has_link, email_known, fax_known, count(*) AS regions FROM (\
         SELECT g.state_id, o.submission_method AS only_method, o.region_id IS NOT NULL AS has_override, \
         l.region_id IS NOT NULL AS has_link, (trim(o.email) <> '' OR k.emails > 0) IS TRUE AS email_known, \
         (trim(o.fax) <> '' OR k.faxes > 0) IS TRUE AS fax_known \
         FROM official_region g LEFT JOIN absentee_leocontactoverride o ON o.region_id = g.external_id \
         LEFT JOIN absentee_regionovbmlink l ON l.region_id = g.external_id \
         LEFT JOIN (SELECT f.region_id, count(CASE WHEN trim(a.email) <> '' THEN 1 END) AS emails, \
         count(CASE WHEN trim(a.fax) <> '' THEN 1 END) AS faxes \
         FROM official_office f JOIN official_address a ON a.office_id = f.external_id GROUP BY f.region_id) k \
         ON k.region_id = g.external_id \
         WHERE g.hidden IS NOT TRUE AND g.gone_at IS NULL AND g.state_id IS NOT NULL) AS reach \
         GROUP BY state_id, only_method, has_override, has_link, email_known, fax_known";
    REGIONS = concat!(
        "SELECT g.external_id, g.name, g.county, g.municipality, g.municipality_type, g.state_id, g.hidden, \
         g.external_updated, ", reach_columns!(),
        " FROM official_region g WHERE g.hidden IS NOT TRUE AND g.gone_at IS NULL AND g.state_id = $1 \
         ORDER BY g.name NULLS FIRST, g.external_id"
    );
    /// Each part goes along an index of its own.
    SENT_COUNTS = concat!(counted!(handed_over!("s")), " UNION ALL ", counted!(mailed!("s")));
    SENT_COUNTS_OF_REGION =
        concat!(counted_of_region!(handed_over!("e")), " UNION ALL ", counted_of_region!(mailed!("e")));
    APPLICATIONS = applications!("event_tracking_event e CROSS JOIN absentee_ballotrequest r", "");
    APPLICATIONS_OF_REGION =
        applications!("absentee_ballotrequest r CROSS JOIN event_tracking_event e", " AND r.region_id = $4");
    /// At most one for each region.
    LINKS = "SELECT l.region_id, l.url, l.created_at, l.modified_at, g.name, g.state_id \
             FROM absentee_regionovbmlink l JOIN official_region g ON g.external_id = l.region_id \
             ORDER BY g.state_id NULLS FIRST, g.name NULLS FIRST, l.region_id";
}
