//! The views that others read, in a schema of their own, `reporting`: what the export's columns say of every record, and
//! what there is to know of regions, subscriptions and their users (`tables.md` 13). They are made after the migrations, as they
//! are made of the core's table of columns.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use turnout_core::report::{ReportType, Sheet};

use super::{
    esign::{handed_over, mailed},
    reports::{details, from_in_postgres, in_postgres},
};

/// The schema in which the views are.
pub const SCHEMA: &str = "reporting";

/// A column of how many actions have an event of a kind in the last days.
macro_rules! sent {
    ($event:literal, $days:literal, $name:literal) => {
        concat!(
            ", count(DISTINCT e.action_id) FILTER (WHERE e.event_type = '",
            $event,
            "' AND e.created_at >= now() - interval '",
            $days,
            " days') AS ",
            $name
        )
    };
}
/// The same columns, 0 where there is none.
macro_rules! counted_as {
    ($($name:literal),*) => {
        concat!($(", coalesce(s.", $name, ", 0) AS ", $name),*)
    };
}

/// One row per subscription whose subscriber has a default slug, and one for each key to ActionNetwork.
const SUBSCRIPTIONS: &str = "\
    SELECT c.name AS subscriber_name, p.slug AS subscriber_slug, s.plan, s.primary_contact_first_name, \
    s.primary_contact_last_name, s.primary_contact_email, s.primary_contact_phone, s.ein, c.created_at, \
    (SELECT min(u.created_at) FROM multi_tenant_association m JOIN accounts_user u ON u.uuid = m.user_id \
    WHERE m.client_id = c.uuid) AS first_user_created, \
    CASE WHEN i.nonprofit IS TRUE OR s.plan = 'nonprofit' THEN 'YES' ELSE 'NO' END AS nonprofit, \
    c.url, c.privacy_policy, \
    CASE WHEN c.sms_enabled IS NOT TRUE THEN 'None' WHEN c.sms_checkbox IS NOT TRUE THEN 'No Checkbox; Auto-opt-in' \
    WHEN c.sms_checkbox_default IS TRUE THEN 'Default Checked' ELSE 'Default Unchecked' END AS sms_checkbox_setting, \
    c.sms_disclaimer AS custom_sms_disclaimer, \
    CASE WHEN c.has_api_access IS TRUE THEN 'YES' ELSE 'NO' END AS has_action_api_access, \
    CASE WHEN c.sync_tmc IS TRUE AND s.plan <> 'free' THEN 'YES' ELSE 'NO' END AS tmc_sync_enabled, \
    CASE WHEN c.sync_bluelink IS TRUE AND s.plan <> 'free' THEN 'YES' ELSE 'NO' END AS bluelink_sync_enabled, \
    CASE WHEN k.value <> '' AND s.plan <> 'free' THEN 'YES' ELSE 'NO' END AS actionnetwork_sync_enabled, \
    s.internal_notes \
    FROM subscription_subscription s JOIN multi_tenant_client c ON c.uuid = s.subscriber_id \
    JOIN multi_tenant_partnerslug p ON p.uuid = c.default_slug_id \
    LEFT JOIN subscription_interest i ON i.uuid = s.interest_id \
    LEFT JOIN multi_tenant_subscriberintegrationproperty k ON k.subscriber_id = c.uuid \
    AND k.external_tool = 'actionnetwork' AND k.name = 'api_key'";

/// One row per user of a subscription.
const USERS: &str = "\
    SELECT c.name AS subscriber_name, p.slug AS subscriber_slug, s.plan, u.first_name, u.last_name, u.email, \
    u.last_login AT TIME ZONE 'UTC' AS last_login_utc, u.created_at AT TIME ZONE 'UTC' AS account_created_at_utc, \
    u.timezone AS user_local_timezone \
    FROM subscription_subscription s JOIN multi_tenant_client c ON c.uuid = s.subscriber_id \
    JOIN (SELECT DISTINCT client_id, user_id FROM multi_tenant_association) m ON m.client_id = c.uuid \
    JOIN accounts_user u ON u.uuid = m.user_id \
    LEFT JOIN multi_tenant_partnerslug p ON p.uuid = c.default_slug_id";

/// How many ballot requests of each region went out in the last seven days and the last one: to its office by mail or fax, and
/// as a form to the voter, who sends it on. Each action once; the events are found along their two indexes.
const SENT: &str = concat!(
    "SELECT g.external_id AS region_id, g.state_id",
    counted_as!(
        "emails_sent_7d",
        "faxes_sent_7d",
        "emails_sent_1d",
        "faxes_sent_1d",
        "forms_sent_7d",
        "forms_sent_1d"
    ),
    " FROM official_region g LEFT JOIN (SELECT r.region_id",
    sent!("FinishLEO", "7", "emails_sent_7d"),
    sent!("FinishLEOFaxPending", "7", "faxes_sent_7d"),
    sent!("FinishLEO", "1", "emails_sent_1d"),
    sent!("FinishLEOFaxPending", "1", "faxes_sent_1d"),
    sent!("FinishLobConfirm", "7", "forms_sent_7d"),
    sent!("FinishLobConfirm", "1", "forms_sent_1d"),
    " FROM (SELECT h.action_id, h.event_type, h.created_at FROM event_tracking_event h WHERE ",
    handed_over!("h"),
    " AND h.created_at >= now() - interval '7 days' UNION ALL \
     SELECT m.action_id, m.event_type, m.created_at FROM event_tracking_event m WHERE ",
    mailed!("m"),
    " AND m.created_at >= now() - interval '7 days') e \
     JOIN absentee_ballotrequest r ON r.action_id = e.action_id GROUP BY r.region_id) s \
     ON s.region_id = g.external_id WHERE g.gone_at IS NULL"
);

/// The views by name, each with its query.
#[must_use]
pub fn all() -> Vec<(String, String)> {
    let actions = format!(
        "SELECT a.uuid AS action_id, d.* FROM action_action a LEFT JOIN LATERAL ({} WHERE e.action_id = a.uuid) d ON true",
        details("e")
    );
    let mut views = vec![
        ("absentee_esignsubmitstats".to_owned(), SENT.to_owned()),
        ("action_actiondetails".to_owned(), actions),
        ("subscription_reportview".to_owned(), SUBSCRIPTIONS.to_owned()),
        ("subscription_userreportview".to_owned(), USERS.to_owned()),
    ];
    for kind in ReportType::ALL {
        let sheet = Sheet::of(*kind);
        let columns: Vec<String> =
            sheet.viewed().map(|it| format!("{} AS {}", in_postgres(it), it.name)).collect();
        let select = format!("SELECT {} FROM {}", columns.join(", "), from_in_postgres(sheet));
        for (prefix, condition) in [("", ""), ("subscriber_", " WHERE a.visible_to_subscriber IS TRUE")] {
            views.push((format!("reporting_{prefix}{}", sheet.view), format!("{select}{condition}")));
        }
    }
    views
}

/// What the schema is marked with when its views are these: another text after any change to one of them.
#[must_use]
pub fn mark() -> String {
    let mut hasher = DefaultHasher::new();
    all().hash(&mut hasher);
    format!("views made by turnout: {:016x}", hasher.finish())
}

/// Makes the views of a database, or makes them anew where they are others. A view that is there keeps who may read it: a
/// column that is new comes last, and one that is to go or to be of another type is the matter of a migration, which
/// drops the view.
#[must_use]
pub fn making() -> Vec<String> {
    let mut statements = vec![format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}")];
    let views = all().into_iter();
    statements
        .extend(views.map(|(name, query)| format!("CREATE OR REPLACE VIEW {SCHEMA}.{name} AS {query}")));
    statements.push(format!("COMMENT ON SCHEMA {SCHEMA} IS '{}'", mark()));
    statements
}

/// Reads the mark of the schema, where there is one.
pub const MARK: &str = "SELECT obj_description(to_regnamespace('reporting'), 'pg_namespace')";
