//! The views that others read say the same as the exports, and what they say of subscriptions.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, query_scalar, raw_sql};
use turnout_core::{
    absentee::BallotRequest,
    account::{Association, User},
    action::{Action, EventType},
    conformance::rows::{
        action, at, ballot_request, bare_ballot_request, bare_lookup, bare_polling_place, bare_registration,
        event, integration, interest, references, region, registration, slug, subscriber, subscription,
        upload, user, uuid, whole_lookup, whole_polling_place,
    },
    ids::{
        ActionId, AssociationId, BallotRequestId, LookupId, PollingPlaceLookupId, RegionId, RegistrationId,
        SubscriberId,
    },
    official::Region,
    page::PageRequest,
    polling_place::PollingPlaceLookup,
    ports::store::{Store, Unit},
    register::Registration,
    report::{CellKind, ReportType, Sheet},
    subscriber::{Plan, SmsMode, Subscriber},
    verifier::Lookup,
};
use turnout_storage::sql::statements::views;

use crate::postgres_server::{Fresh, fresh};

/// The columns of each view in their order (`tables.md` 13).
const COLUMNS: [(&str, &str); 12] = [
    (
        "absentee_esignsubmitstats",
        "region_id state_id emails_sent_7d faxes_sent_7d emails_sent_1d faxes_sent_1d forms_sent_7d forms_sent_1d",
    ),
    (
        "action_actiondetails",
        "action_id finished self_print finish_external finish_leo finish_lob download_count latest_event",
    ),
    ("reporting_ballotrequestreport", BALLOT_REQUESTS),
    ("reporting_locatorreport", POLLING_PLACES),
    ("reporting_registerreport", REGISTRATIONS),
    ("reporting_subscriber_ballotrequestreport", BALLOT_REQUESTS),
    ("reporting_subscriber_locatorreport", POLLING_PLACES),
    ("reporting_subscriber_registerreport", REGISTRATIONS),
    ("reporting_subscriber_verifyreport", LOOKUPS),
    ("reporting_verifyreport", LOOKUPS),
    (
        "subscription_reportview",
        "subscriber_name subscriber_slug plan primary_contact_first_name primary_contact_last_name \
         primary_contact_email primary_contact_phone ein created_at first_user_created nonprofit url privacy_policy \
         sms_checkbox_setting custom_sms_disclaimer has_action_api_access tmc_sync_enabled bluelink_sync_enabled \
         actionnetwork_sync_enabled internal_notes",
    ),
    (
        "subscription_userreportview",
        "subscriber_name subscriber_slug plan first_name last_name email last_login_utc account_created_at_utc \
         user_local_timezone",
    ),
];
const REGISTRATIONS: &str = "uuid subscriber_name subscriber_id created_at updated_at previous_title previous_first_name \
     previous_middle_name previous_last_name previous_suffix title first_name middle_name last_name suffix \
     date_of_birth gender race_ethnicity us_citizen party email phone address1 address2 city zipcode state_id \
     previous_address1 previous_address2 previous_city previous_state_id previous_zipcode mailing_address1 \
     mailing_address2 mailing_city mailing_state_id mailing_zipcode sms_opt_in sms_opt_in_subscriber source \
     utm_source utm_medium utm_campaign utm_content utm_term embed_url session_id referring_tool finished self_print \
     finished_external_service leo_message_sent total_downloads forms_sent visible_to_subscriber";
const BALLOT_REQUESTS: &str = "uuid subscriber_name subscriber_id created_at updated_at first_name middle_name last_name suffix date_of_birth \
     email phone address1 address2 city zipcode state_id mailing_address1 mailing_address2 mailing_city \
     mailing_state_id mailing_zipcode sms_opt_in sms_opt_in_subscriber source utm_source utm_medium utm_campaign \
     utm_content utm_term embed_url session_id finished self_print finished_external_service leo_message_sent \
     total_downloads referring_tool forms_sent visible_to_subscriber";
const LOOKUPS: &str = "uuid subscriber_name subscriber_id created_at updated_at first_name last_name date_of_birth email phone \
     address1 address2 city zipcode state_id sms_opt_in sms_opt_in_subscriber registered source utm_source \
     utm_medium utm_campaign utm_content utm_term embed_url session_id visible_to_subscriber";
const POLLING_PLACES: &str = "uuid subscriber_name subscriber_id created_at updated_at unstructured_address dnc_status civic_status state_id \
     county city zipcode precinct_code source utm_source utm_medium utm_campaign utm_content utm_term embed_url \
     session_id visible_to_subscriber";

#[tokio::test]
async fn the_views_have_the_columns_of_the_contract() {
    let store = fresh().await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.relname::text, string_agg(a.attname::text, ' ' ORDER BY a.attnum) \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
         WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' GROUP BY c.relname ORDER BY c.relname::text COLLATE \"C\"",
    )
    .fetch_all(&mut store.database.connect().await)
    .await
    .unwrap();
    let columns: Vec<(&str, &str)> =
        columns.iter().map(|(view, columns)| (view.as_str(), columns.as_str())).collect();
    assert_eq!(columns, COLUMNS);
}

#[tokio::test]
async fn views_that_are_others_are_made_anew_and_keep_who_may_read_them() {
    let store = fresh().await;
    let mut outside = store.database.connect().await;
    let mark = async |outside: &mut PgConnection| -> String {
        query_scalar(views::MARK).fetch_one(outside).await.unwrap()
    };
    assert_eq!(mark(&mut outside).await, views::mark());
    // as an older version left them: one view is not there, one says something else
    let older = "DROP VIEW reporting.reporting_verifyreport; \
                 CREATE OR REPLACE VIEW reporting.action_actiondetails AS \
                 SELECT NULL::uuid AS action_id, true AS finished, true AS self_print, true AS finish_external, \
                 true AS finish_leo, true AS finish_lob; \
                 GRANT SELECT ON reporting.action_actiondetails TO pg_monitor; \
                 COMMENT ON SCHEMA reporting IS 'older'";
    let dropped = "DROP VIEW reporting.action_actiondetails";
    raw_sql(AssertSqlSafe(format!("{dropped}; {older}"))).execute(&mut outside).await.unwrap();
    assert_eq!(store.migrate(|_| {}).await.unwrap(), 0);
    assert_eq!(mark(&mut outside).await, views::mark());
    let found: (bool, bool, i64) = sqlx::query_as(
        "SELECT to_regclass('reporting.reporting_verifyreport') IS NOT NULL, \
         has_table_privilege('pg_monitor', 'reporting.action_actiondetails', 'SELECT'), \
         (SELECT count(*) FROM reporting.action_actiondetails)",
    )
    .fetch_one(&mut outside)
    .await
    .unwrap();
    assert_eq!(found, (true, true, 0));
}

/// Two subscribers, of each kind records with everything and with nothing, seen and not, and one without an action.
async fn fill(store: &Fresh) {
    let mut unit = store.begin().await.unwrap();
    references(unit.as_mut()).await;
    unit.subscribers_mut().insert(&subscriber(2, 0)).await.unwrap();
    unit.subscribers_mut().insert_slug(&slug(2, "other")).await.unwrap();
    unit.uploads_mut().insert(&upload(1, 0)).await.unwrap();
    for (number, of, is_visible, is_whole) in [
        (101, Some(1), true, true),
        (102, Some(1), true, false),
        (103, Some(1), false, true),
        (104, Some(2), true, true),
        (105, None, true, true),
        (106, Some(1), true, true),
    ] {
        put(unit.as_mut(), number, of.map(|it| SubscriberId(uuid(it))), is_visible, is_whole).await;
    }
    for (number, (action, kind)) in (900..).zip([
        (1_101, EventType::FinishPrint),
        (1_101, EventType::Download),
        (1_101, EventType::Download),
        (1_106, EventType::FinishExternal),
        (2_101, EventType::FinishLeoFaxPending),
        (2_106, EventType::FinishLobConfirm),
    ]) {
        let event = turnout_core::action::Event { action: ActionId(uuid(action)), ..event(number, kind, 30) };
        unit.actions_mut().record(&event).await.unwrap();
    }
    let nobodys = Registration { action: None, ..registration() };
    unit.registrations_mut().insert(&nobodys).await.unwrap();
    unit.commit().await.unwrap();
}

/// One record of each kind.
async fn put(
    unit: &mut dyn Unit,
    number: u128,
    subscriber: Option<SubscriberId>,
    is_visible: bool,
    is_whole: bool,
) {
    let created_at = at(i64::try_from(number).unwrap() / 2);
    for kind in 1..=4 {
        let made = Action { visible_to_subscriber: is_visible, ..action(kind * 1_000 + number) };
        unit.actions_mut().insert(&made).await.unwrap();
        let (id, action) = (uuid(number), Some(made.id));
        match kind {
            1 => {
                let it = if is_whole { registration() } else { bare_registration() };
                let it = Registration { id: RegistrationId(id), action, subscriber, created_at, ..it };
                unit.registrations_mut().insert(&it).await.unwrap();
            }
            2 => {
                let it = if is_whole { ballot_request() } else { bare_ballot_request() };
                let it = BallotRequest { id: BallotRequestId(id), action, subscriber, created_at, ..it };
                unit.ballot_requests_mut().insert(&it).await.unwrap();
            }
            3 => {
                let it = if is_whole { whole_lookup() } else { bare_lookup() };
                let it = Lookup { id: LookupId(id), action, subscriber, created_at, ..it };
                unit.lookups_mut().insert(&it).await.unwrap();
            }
            _ => {
                let it = if is_whole { whole_polling_place() } else { bare_polling_place() };
                let it =
                    PollingPlaceLookup { id: PollingPlaceLookupId(id), action, subscriber, created_at, ..it };
                unit.polling_places_mut().insert(&it).await.unwrap();
            }
        }
    }
}

type Row = BTreeMap<String, Value>;

async fn rows_of(outside: &mut PgConnection, rest: &str) -> Vec<Row> {
    let select = format!("SELECT to_jsonb(v) FROM reporting.{rest}");
    let rows: Vec<Value> = query_scalar(AssertSqlSafe(select)).fetch_all(outside).await.unwrap();
    rows.into_iter().map(|row| serde_json::from_value(row).unwrap()).collect()
}

/// A value of a view as an export writes it.
fn exported(kind: CellKind, value: &Value) -> Option<String> {
    Some(match (kind, value) {
        (_, Value::Null) => return None,
        (CellKind::Flag, Value::Bool(true)) => "True".to_owned(),
        (CellKind::Flag, Value::Bool(false)) => "False".to_owned(),
        (CellKind::Number, Value::Number(number)) => number.to_string(),
        (CellKind::Moment, Value::String(text)) => {
            let moment: DateTime<Utc> = text.parse().unwrap();
            moment.format("%Y-%m-%d %H:%M:%S%.6f+00:00").to_string()
        }
        (_, Value::String(text)) => text.clone(),
        (CellKind::Json, other) => other.to_string(),
        other => panic!("{other:?}"),
    })
}

#[tokio::test]
async fn the_view_of_a_subscriber_says_what_its_export_says_row_by_row() {
    let store = fresh().await;
    fill(&store).await;
    let mut outside = store.database.connect().await;
    for kind in ReportType::ALL {
        let sheet = Sheet::of(*kind);
        for (number, expected) in [(1, 3), (2, 1)] {
            let page = PageRequest { after: None, limit: 100 };
            let of = SubscriberId(uuid(number));
            let mut view = store.view().await.unwrap();
            let export = view.reports().rows(*kind, of, at(1_000), page).await.unwrap();
            let export: Vec<Vec<Option<String>>> =
                export.iter().map(|row| row.map(|cell| cell.map(str::to_owned)).collect()).collect();
            let rest = format!(
                "reporting_subscriber_{} v WHERE subscriber_id = '{}' ORDER BY created_at, uuid",
                sheet.view,
                uuid(number)
            );
            let seen = rows_of(&mut outside, &rest).await;
            let seen: Vec<Vec<Option<String>>> = seen
                .iter()
                .map(|row| sheet.exported().map(|it| exported(it.kind, &row[it.name])).collect())
                .collect();
            assert_eq!(seen, export, "{kind:?}");
            assert_eq!(seen.len(), expected, "{kind:?}");
            assert!(seen[0].iter().filter(|cell| cell.is_some()).count() > 10, "{seen:?}");
        }
    }
}

#[tokio::test]
async fn the_view_of_everything_has_what_no_subscriber_sees_too() {
    let store = fresh().await;
    fill(&store).await;
    let mut outside = store.database.connect().await;
    for kind in ReportType::ALL {
        let view = Sheet::of(*kind).view;
        let all = rows_of(&mut outside, &format!("reporting_{view} v ORDER BY created_at, uuid")).await;
        let nobodys = usize::from(*kind == ReportType::Register);
        assert_eq!(all.len(), 6 + nobodys, "{view}");
        let visible: Vec<Row> =
            all.iter().filter(|row| row["visible_to_subscriber"] == true).cloned().collect();
        let ordered = format!("reporting_subscriber_{view} v ORDER BY created_at, uuid");
        assert_eq!(rows_of(&mut outside, &ordered).await, visible, "{view}");
        let without = all.iter().filter(|row| row["visible_to_subscriber"] == Value::Null);
        let unknown: Vec<_> =
            without.flat_map(|row| row.get("finished").into_iter().chain(row.get("forms_sent"))).collect();
        assert_eq!(unknown, vec![&Value::Null; 2 * nobodys], "{view}");
    }
    let details = "action_actiondetails v WHERE action_id = '00000000-0000-0000-0000-00000000044d'";
    let [details] = rows_of(&mut outside, details).await.try_into().unwrap();
    assert_eq!(details["finished"], true);
    assert_eq!((&details["self_print"], &details["finish_leo"]), (&Value::from(true), &Value::from(false)));
    assert_eq!(details["download_count"], 2);
}

/// Ballot requests of region 1: one by mail an hour ago, by mail and fax three days ago, with a letter that was asked for
/// twice; one with a letter of eight days ago; one with a letter that was offered alone. One of region 9, which is hidden, with
/// a letter of three days ago. Nothing of region 5,000,000,000; region 8 is gone.
#[tokio::test]
async fn what_went_out_is_counted_by_region_with_the_forms_that_went_by_letter() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    references(unit.as_mut()).await;
    for (id, hidden) in [(8, false), (9, true)] {
        unit.officials_mut().put_region(&Region { hidden, ..region(id, None) }).await.unwrap();
    }
    unit.office_lists_mut().retire_region(RegionId(8), at(40), None).await.unwrap();
    for (number, of) in [(51, 1), (52, 1), (53, 1), (54, 9), (55, 8)] {
        let made = Action { last_voter_lookup: None, ..action(number) };
        unit.actions_mut().insert(&made).await.unwrap();
        let request = BallotRequest {
            id: BallotRequestId(uuid(number)),
            action: Some(made.id),
            region: Some(RegionId(of)),
            ..bare_ballot_request()
        };
        unit.ballot_requests_mut().insert(&request).await.unwrap();
    }
    let events = [
        (51, EventType::FinishLeo, 1),
        (51, EventType::FinishLeo, 72),
        (51, EventType::FinishLeoFaxPending, 72),
        (51, EventType::FinishLobConfirm, 2),
        (51, EventType::FinishLobConfirm, 3),
        (51, EventType::FinishLobConfirm, 71),
        (52, EventType::FinishLobConfirm, 8 * 24),
        (53, EventType::FinishLob, 1),
        (54, EventType::FinishLobConfirm, 72),
        (55, EventType::FinishLobConfirm, 1),
    ];
    for (number, (action, kind, _)) in (900..).zip(events) {
        let event = turnout_core::action::Event { action: ActionId(uuid(action)), ..event(number, kind, 30) };
        unit.actions_mut().record(&event).await.unwrap();
    }
    unit.commit().await.unwrap();
    let mut outside = store.database.connect().await;
    for (number, (.., hours)) in (900..).zip(events) {
        sqlx::query(
            "UPDATE event_tracking_event SET created_at = now() - $2 * interval '1 hour' WHERE uuid = $1",
        )
        .bind(uuid(number))
        .bind(f64::from(hours))
        .execute(&mut outside)
        .await
        .unwrap();
    }
    let rows = rows_of(&mut outside, "absentee_esignsubmitstats v ORDER BY region_id").await;
    let names = [
        "region_id",
        "emails_sent_7d",
        "faxes_sent_7d",
        "emails_sent_1d",
        "faxes_sent_1d",
        "forms_sent_7d",
        "forms_sent_1d",
    ];
    let found: Vec<Vec<i64>> =
        rows.iter().map(|row| names.iter().map(|it| row[*it].as_i64().unwrap()).collect()).collect();
    assert_eq!(found, [[1, 1, 1, 1, 0, 1, 1], [9, 0, 0, 0, 0, 1, 0], [5_000_000_000, 0, 0, 0, 0, 0, 0]]);
    assert!(rows.iter().all(|row| row["state_id"] == "MA"), "{rows:?}");
}

#[tokio::test]
async fn subscriptions_and_their_users_are_told_of() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    for (number, mode, plan) in [
        (1, SmsMode::BoxUnchecked, Plan::Premium),
        (2, SmsMode::AutoOptIn, Plan::Free),
        (3, SmsMode::None, Plan::Free),
    ] {
        let mut it = Subscriber { plan, has_api_access: number != 2, ..subscriber(number, 7) };
        it.set_sms_mode(mode);
        // the third has none that goes first
        it.default_slug = it.default_slug.filter(|_| number != 3);
        unit.subscribers_mut().insert(&it).await.unwrap();
        unit.subscribers_mut().insert_slug(&slug(number, &format!("slug{number}"))).await.unwrap();
        let key = integration(number + 60, number, "a key", 0);
        unit.subscriptions_mut().put_integration(&key).await.unwrap();
    }
    unit.subscriptions_mut().insert_interest(&interest(1, 0)).await.unwrap();
    unit.subscriptions_mut().insert(&subscription(1)).await.unwrap();
    for (number, created, of) in [(41, 9, 1), (42, 5, 1), (43, 4, 3)] {
        let made = User { last_login: Some(at(81)).filter(|_| number != 42), ..user(number, created) };
        unit.accounts_mut().insert(&made).await.unwrap();
        // taken over from a service that knew some twice
        for twice in 0..2 {
            let association = Association {
                id: AssociationId(uuid(number * 10 + twice)),
                subscriber: SubscriberId(uuid(of)),
                user: made.id,
                created_at: at(0),
            };
            unit.accounts_mut().associate(&association).await.unwrap();
        }
    }
    unit.commit().await.unwrap();
    let mut outside = store.database.connect().await;
    raw_sql("SET TIME ZONE 'America/New_York'").execute(&mut outside).await.unwrap();

    let subscriptions = rows_of(&mut outside, "subscription_reportview v ORDER BY subscriber_name").await;
    let told =
        |row: &Row, names: &[&str]| -> Vec<Value> { names.iter().map(|it| row[*it].clone()).collect() };
    let names = [
        "subscriber_slug",
        "plan",
        "nonprofit",
        "sms_checkbox_setting",
        "has_action_api_access",
        "tmc_sync_enabled",
        "bluelink_sync_enabled",
        "actionnetwork_sync_enabled",
    ];
    let found: Vec<Vec<Value>> = subscriptions.iter().map(|row| told(row, &names)).collect();
    assert_eq!(
        found,
        [
            ["slug1", "nonprofit", "YES", "Default Unchecked", "YES", "YES", "YES", "YES"],
            ["slug2", "free", "NO", "No Checkbox; Auto-opt-in", "NO", "NO", "NO", "NO"],
        ]
    );
    let moment = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!(moment(&subscriptions[0]["created_at"]), at(7));
    assert_eq!(moment(&subscriptions[0]["first_user_created"]), at(5));
    assert_eq!(subscriptions[1]["first_user_created"], Value::Null);
    assert_eq!(subscriptions[0]["primary_contact_last_name"], "Núñez");
    assert_eq!(subscriptions[0]["internal_notes"], "pays by check");
    assert_eq!(subscriptions[0]["custom_sms_disclaimer"], "disclaimer");

    let users = rows_of(&mut outside, "subscription_userreportview v ORDER BY email").await;
    let names =
        ["subscriber_slug", "plan", "first_name", "email", "last_login_utc", "account_created_at_utc"];
    let found: Vec<Vec<Value>> = users.iter().map(|row| told(row, &names)).collect();
    let utc = |second: i64| Value::from(at(second).format("%Y-%m-%dT%H:%M:%S").to_string());
    let text = |text: &str| Value::from(text);
    let expected = [
        ["slug1", "nonprofit", "First 41", "User41@Example.org"].map(text).to_vec(),
        ["slug1", "nonprofit", "First 42", "User42@Example.org"].map(text).to_vec(),
    ];
    for ((found, expected), times) in
        found.iter().zip(expected).zip([[utc(81), utc(9)], [Value::Null, utc(5)]])
    {
        assert_eq!(found[..], [&expected[..], &times[..]].concat());
    }
    // the plan of the third is free, and it has no slug
    assert_eq!(told(&users[2], &["subscriber_slug", "plan"]), [Value::Null, text("free")]);
    assert_eq!(users.len(), 3);

    raw_sql(
        "INSERT INTO multi_tenant_subscriberintegrationproperty \
         SELECT gen_random_uuid(), subscriber_id, external_tool, name, 'another', now(), now() \
         FROM multi_tenant_subscriberintegrationproperty WHERE subscriber_id = '00000000-0000-0000-0000-000000000001'",
    )
    .execute(&mut outside)
    .await
    .unwrap();
    assert_eq!(rows_of(&mut outside, "subscription_reportview v").await.len(), 3);
}
