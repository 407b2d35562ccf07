//! What the room of exports and counts promises.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::{commit, is_conflict, unit, view};
use crate::{
    absentee::BallotRequest,
    action::{Action, Event, EventType},
    conformance::rows::{
        action, at, ballot_request, file, references, registration, slug, subscriber, upload, uuid,
        whole_lookup, whole_polling_place, whole_reminder,
    },
    file::FileType,
    ids::{
        ActionId, EventId, FileId, LookupId, PollingPlaceLookupId, RegistrationId, ReminderId, ReportId,
        SubscriberId, UserId,
    },
    listing::Tool,
    page::PageRequest,
    polling_place::PollingPlaceLookup,
    ports::store::{Store, View},
    register::Registration,
    reminder::ReminderRequest,
    report::{
        Report, ReportStatus, ReportType, RowKey, Sheet,
        stats::{DayCount, Used},
    },
    verifier::Lookup,
};

/// A test for every case of the room of exports and counts.
#[macro_export]
macro_rules! reports_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            reports,
            [$($open)+],
            store::reports,
            [
                a_report_comes_back_as_it_was_written,
                what_a_report_is_of_never_changes,
                reports_come_newest_first_and_those_of_others_are_not_seen,
                a_registration_has_every_cell_of_its_export,
                a_ballot_request_and_a_lookup_have_every_cell_of_theirs,
                what_a_locator_answered_is_told_in_columns,
                rows_are_those_that_the_subscriber_sees_oldest_first,
                a_form_that_something_happened_to_is_newer_than_its_record,
                uses_are_counted_by_subscriber_and_day,
                counts_add_up_and_are_each_subscribers_own,
                two_counts_at_once_are_one_after_the_other,
            ]
        );
    };
}

fn own() -> SubscriberId {
    SubscriberId(uuid(1))
}

async fn world(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.subscribers_mut().insert(&subscriber(2, 0)).await.expect("a subscriber");
    unit.subscribers_mut().insert_slug(&slug(2, "other")).await.expect("a slug");
    unit.files_mut().insert(&file(9, FileType::Report, 0)).await.expect("a file");
    unit.uploads_mut().insert(&upload(1, 0)).await.expect("an upload");
    commit(unit).await;
}

fn report(number: u128, second: i64) -> Report {
    Report {
        id: ReportId(uuid(number)),
        kind: ReportType::Locator,
        status: ReportStatus::Pending,
        subscriber: own(),
        author: Some(UserId(uuid(41))),
        file: Some(FileId(uuid(9))),
        written: 7,
        total: Some(5_000_000_000),
        since: Some(at(-50) + TimeDelta::microseconds(5)),
        before: Some(at(50)),
        created_at: at(second) + TimeDelta::microseconds(3),
        modified_at: at(second + 1),
    }
}

/// With everything, and with what may be missing missing.
pub async fn a_report_comes_back_as_it_was_written(store: &dyn Store) {
    world(store).await;
    let whole = report(1, 1);
    let bare = Report { author: None, file: None, total: None, since: None, before: None, ..report(2, 2) };
    let mut unit = unit(store).await;
    for it in [&whole, &bare] {
        unit.reports_mut().insert(it).await.expect("a report");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for it in [whole, bare] {
        assert_eq!(view.reports().by_id(it.id).await.expect("a read"), Some(it));
    }
    assert_eq!(view.reports().by_id(ReportId(uuid(3))).await.expect("a read"), None);
    drop(view);
    let mut unit = super::unit(store).await;
    let again = unit.reports_mut().insert(&report(1, 5)).await;
    assert!(is_conflict(&again), "{again:?}");
}

/// Nor when it was asked for.
pub async fn what_a_report_is_of_never_changes(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    unit.reports_mut().insert(&report(1, 1)).await.expect("a report");
    let held = unit.reports_mut().lock(ReportId(uuid(1))).await.expect("a read");
    assert_eq!(held, Some(report(1, 1)));
    let changed = Report {
        kind: ReportType::Verify,
        status: ReportStatus::Complete,
        subscriber: SubscriberId(uuid(2)),
        written: 9,
        total: None,
        since: None,
        before: Some(at(97)),
        created_at: at(99),
        modified_at: at(98),
        ..report(1, 1)
    };
    unit.reports_mut().update(&changed).await.expect("an update");
    assert!(unit.reports_mut().update(&report(3, 1)).await.is_err());
    commit(unit).await;
    let kept = view(store).await.reports().by_id(ReportId(uuid(1))).await.expect("a read");
    let was = report(1, 1);
    let expected = Report {
        kind: was.kind,
        subscriber: was.subscriber,
        since: was.since,
        before: was.before,
        created_at: was.created_at,
        ..changed
    };
    assert_eq!(kept, Some(expected));
}

/// Page by page.
pub async fn reports_come_newest_first_and_those_of_others_are_not_seen(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    for (number, second) in [(1, 1), (2, 5), (3, 5), (4, 3)] {
        unit.reports_mut().insert(&report(number, second)).await.expect("a report");
    }
    let other = Report { subscriber: SubscriberId(uuid(2)), ..report(5, 4) };
    unit.reports_mut().insert(&other).await.expect("a report");
    commit(unit).await;
    let mut view = view(store).await;
    for (subscriber, numbers) in
        [(Some(own()), &[3, 2, 4, 1][..]), (Some(other.subscriber), &[5]), (None, &[3, 2, 5, 4, 1])]
    {
        for limit in [1, 2, 50] {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = PageRequest { after, limit };
                let page = view.reports().page(subscriber, page).await.expect("a page");
                found.extend(page.rows.iter().map(|it| it.id.0.as_u128()));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found, numbers, "{subscriber:?} {limit}");
        }
    }
}

type Line = Vec<(&'static str, Option<String>)>;

/// Every row of an export, each cell beside its title, read in pages of that size.
async fn lines(view: &mut dyn View, kind: ReportType, before: DateTime<Utc>, limit: u32) -> Vec<Line> {
    let titles: Vec<&str> = Sheet::of(kind).exported().filter_map(|it| it.title).collect();
    let (mut lines, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest { after, limit };
        let rows = view.reports().rows(kind, own(), before, page).await.expect("rows");
        assert!(rows.len() <= limit as usize);
        for row in rows.iter() {
            let cells = row.map(|cell| cell.map(str::to_owned));
            lines.push(titles.iter().copied().zip(cells).collect());
        }
        after = rows.next;
        if after.is_none() {
            return lines;
        }
    }
}

fn ids(lines: &[Line]) -> Vec<u128> {
    let id = |line: &Line| {
        let id = line[0].1.as_deref().expect("an id");
        uuid::Uuid::parse_str(id).expect("an id").as_u128()
    };
    lines.iter().map(id).collect()
}

fn check(line: &Line, expected: &[(&str, Option<&str>)]) {
    for (title, cell) in expected {
        let found = line.iter().find(|(it, _)| it == title);
        let (_, found) = found.unwrap_or_else(|| panic!("there is no column {title}"));
        assert_eq!(found.as_deref(), *cell, "{title}");
    }
}

async fn happens(store: &dyn Store, kinds: &[EventType], second: i64) {
    let mut unit = unit(store).await;
    for (number, kind) in (700_u128..).zip(kinds) {
        let created_at = at(second) + TimeDelta::microseconds(5);
        let event = Event { id: EventId(uuid(number)), action: ActionId(uuid(1)), kind: *kind, created_at };
        unit.actions_mut().record(&event).await.expect("an event");
    }
    commit(unit).await;
}

/// Those of the contract (`flows.md` 18.1), as its values are.
pub async fn a_registration_has_every_cell_of_its_export(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    unit.registrations_mut().insert(&registration()).await.expect("a registration");
    let bare = Registration::new(RegistrationId(uuid(501)), ActionId(uuid(2)), Some(own()), at(12));
    unit.actions_mut().insert(&action(2)).await.expect("an action");
    unit.registrations_mut().insert(&bare).await.expect("a registration");
    commit(unit).await;
    happens(store, &[EventType::FinishPrint, EventType::Download, EventType::Download], 20).await;
    let mut view = view(store).await;
    let lines = lines(view.as_mut(), ReportType::Register, at(100), 50).await;
    assert_eq!(ids(&lines), [500, 501]);
    let session = uuid(77).to_string();
    check(
        &lines[0],
        &[
            ("ID", Some("00000000-0000-0000-0000-0000000001f4")),
            ("Subscriber", Some("Subscriber 1")),
            ("Time Started (UTC)", Some("2026-09-21 14:13:30.000000+00:00")),
            ("Previous Title", Some("Ms")),
            ("Previous First Name", Some("previous first")),
            ("Previous Middle Name", Some("previous middle")),
            ("Previous Last Name", Some("previous Nguyễn-Łukasz")),
            ("Previous Suffix", Some("previous suffix")),
            ("Title", Some("Mx")),
            ("First Name", Some("first")),
            ("Middle Name", Some("middle")),
            ("Last Name", Some("Nguyễn-Łukasz")),
            ("Suffix", Some("suffix")),
            ("Date of Birth", Some("1980-02-29")),
            ("Gender", registration().gender.map(|it| it.wire())),
            ("Race-Ethnicity", registration().race_ethnicity.map(|it| it.wire())),
            ("US Citizen", Some("True")),
            ("Party", registration().party.map(|it| it.wire())),
            ("Email", Some("voter@example.org")),
            ("Phone", Some("+16175557890")),
            ("Address 1", Some("address1")),
            ("Address 2", Some("address2")),
            ("City", Some("city")),
            ("Zipcode", Some("zipcode")),
            ("State", Some("MA")),
            ("Previous Address 1", Some("previous address1")),
            ("Previous Address 2", Some("previous address2")),
            ("Previous City", Some("previous city")),
            ("Previous State", Some("NY")),
            ("Previous Zipcode", Some("previous zipcode")),
            ("Mailing Address 1", Some("mailing address1")),
            ("Mailing Address 2", Some("mailing address2")),
            ("Mailing City", Some("mailing city")),
            ("Mailing State", Some("PA")),
            ("Mailing Zipcode", Some("mailing zipcode")),
            ("VoteAmerica SMS Opt In", Some("True")),
            ("Subscriber SMS Opt In", Some("False")),
            ("Completed", Some("True")),
            ("PDF Emailed to Voter", Some("True")),
            ("Redirected To State Website", Some("False")),
            ("PDF Submitted to LEO", Some("False")),
            ("Total Self Print Downloads", Some("2")),
            ("Total Forms Mailed With Return Envelopes", Some("False")),
            ("source", Some("source")),
            ("utm_source", Some("utm source")),
            ("utm_medium", Some("medium")),
            ("utm_campaign", Some("campaign")),
            ("utm_content", Some("content")),
            ("utm_term", Some("term")),
            ("Embed URL", Some("embed")),
            ("Session ID", Some(&session)),
            ("Referring Tool", Some("verify")),
            ("Updated At (UTC)", Some("2026-09-21 14:13:40.000005+00:00")),
        ],
    );
    check(
        &lines[1],
        &[
            ("First Name", None),
            ("Phone", None),
            ("Session ID", None),
            ("Completed", Some("False")),
            ("Total Self Print Downloads", None),
        ],
    );
}

/// Which have fewer.
pub async fn a_ballot_request_and_a_lookup_have_every_cell_of_theirs(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    unit.ballot_requests_mut().insert(&ballot_request()).await.expect("a request");
    unit.actions_mut().insert(&action(3)).await.expect("an action");
    let question = Lookup { action: Some(ActionId(uuid(3))), ..whole_lookup() };
    unit.lookups_mut().insert(&question).await.expect("a question");
    commit(unit).await;
    happens(store, &[EventType::FinishLeoFaxFailed, EventType::FinishLobConfirm], 20).await;
    let mut view = view(store).await;
    let requests = lines(view.as_mut(), ReportType::Absentee, at(100), 50).await;
    assert_eq!(ids(&requests), [600]);
    check(
        &requests[0],
        &[
            ("First Name", Some("first")),
            ("Date of Birth", Some("1980-02-29")),
            ("Mailing State", Some("PA")),
            ("Completed", Some("True")),
            ("PDF Emailed to Voter", Some("False")),
            ("PDF submitted to LEO", Some("True")),
            ("PDF Download Count", None),
            ("Total Forms Mailed With Return Envelopes", Some("True")),
            ("Referring Tool", Some("verify")),
            ("Updated At (UTC)", Some("2026-09-21 14:13:40.000005+00:00")),
        ],
    );
    let questions = lines(view.as_mut(), ReportType::Verify, at(100), 50).await;
    assert_eq!(ids(&questions), [500]);
    check(
        &questions[0],
        &[
            ("Last Name", Some("Nguyễn-Łukasz")),
            ("State", Some("MA")),
            ("VoteAmerica SMS Opt In", Some("True")),
            ("Subscriber SMS Opt In", Some("True")),
            ("Registered", Some("True")),
            ("Updated At (UTC)", Some("2026-09-21 14:13:31.000000+00:00")),
        ],
    );
}

/// The ZIP code under its own name (quirk Q54). What has another shape is nothing.
pub async fn what_a_locator_answered_is_told_in_columns(store: &dyn Store) {
    world(store).await;
    let answers = [
        json!({"data": {"state": "MA", "county": "Suffolk", "precinct_code": "7-2",
                        "home_address": {"city": "Boston", "zip": "02108", "zipcode": "no"}}}),
        json!({"data": {"state": null, "county": 7, "home_address": null}}),
        json!("nothing"),
        json!([1]),
    ];
    let mut unit = unit(store).await;
    for (number, answer) in (10_u128..).zip(&answers) {
        unit.actions_mut().insert(&action(number)).await.expect("an action");
        let lookup = PollingPlaceLookup {
            id: PollingPlaceLookupId(uuid(number)),
            action: Some(ActionId(uuid(number))),
            created_at: at(i64::try_from(number).expect("small")),
            source_result: Some(answer.clone()),
            ..whole_polling_place()
        };
        unit.polling_places_mut().insert(&lookup).await.expect("a question");
    }
    commit(unit).await;
    let mut view = view(store).await;
    let lines = lines(view.as_mut(), ReportType::Locator, at(100), 50).await;
    assert_eq!(ids(&lines), [10, 11, 12, 13]);
    let columns = ["State", "County", "City", "Zipcode", "Precinct code"];
    for (line, cells) in lines.iter().zip([
        [Some("MA"), Some("Suffolk"), Some("Boston"), Some("02108"), Some("7-2")],
        [None, Some("7"), None, None, None],
        [None; 5],
        [None; 5],
    ]) {
        let expected: Vec<_> = columns.into_iter().zip(cells).collect();
        check(line, &expected);
        check(line, &[("Unstructured Address", Some("1 Main St"))]);
    }
}

/// Page by page, of the same moment by id; nothing that was made later than asked for.
pub async fn rows_are_those_that_the_subscriber_sees_oldest_first(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    for (number, second, subscriber, is_visible) in [
        (101, 5, 1, true),
        (104, 7, 1, true),
        (103, 7, 1, true),
        (102, 7, 1, true),
        (105, 2, 1, true),
        (106, 6, 1, false),
        (107, 6, 2, true),
        (108, 30, 1, true),
    ] {
        let action = Action { visible_to_subscriber: is_visible, ..action(number) };
        unit.actions_mut().insert(&action).await.expect("an action");
        let row = Registration {
            id: RegistrationId(uuid(number)),
            action: Some(action.id),
            subscriber: Some(SubscriberId(uuid(subscriber))),
            created_at: at(second),
            ..registration()
        };
        unit.registrations_mut().insert(&row).await.expect("a registration");
    }
    // nobody's action
    let row = Registration { id: RegistrationId(uuid(109)), action: None, ..registration() };
    unit.registrations_mut().insert(&row).await.expect("a registration");
    commit(unit).await;
    let mut view = view(store).await;
    for limit in [1, 2, 3, 50] {
        let found = lines(view.as_mut(), ReportType::Register, at(30), limit).await;
        assert_eq!(ids(&found), [105, 101, 102, 103, 104], "{limit}");
    }
    let page = PageRequest { after: None, limit: 2 };
    let rows = view.reports().rows(ReportType::Register, own(), at(30), page).await.expect("rows");
    assert_eq!(rows.next, Some(RowKey { created_at: at(5), record: uuid(101) }));
}

/// And one that was changed afterwards is as new as its record.
pub async fn a_form_that_something_happened_to_is_newer_than_its_record(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    let request = BallotRequest { modified_at: at(50), ..ballot_request() };
    unit.ballot_requests_mut().insert(&request).await.expect("a request");
    commit(unit).await;
    for (kinds, second, touched) in [
        (&[][..], 0, "2026-09-21 14:14:10.000000+00:00"),
        (&[EventType::Start], 40, "2026-09-21 14:14:10.000000+00:00"),
    ] {
        happens(store, kinds, second).await;
        let mut view = view(store).await;
        let lines = lines(view.as_mut(), ReportType::Absentee, at(100), 50).await;
        check(&lines[0], &[("Updated At (UTC)", Some(touched))]);
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// After one moment and up to another; days are those of UTC. Visible or not; nobody's uses are not counted.
pub async fn uses_are_counted_by_subscriber_and_day(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    for (number, made, subscriber, is_visible) in [
        (101, "2026-10-01T00:00:00Z", Some(1), true),
        (102, "2026-10-01T00:00:00.000001Z", Some(1), true),
        (103, "2026-10-01T23:59:59Z", Some(1), false),
        (104, "2026-10-02T00:00:00Z", Some(1), true),
        (105, "2026-10-02T00:00:00Z", Some(2), true),
        (106, "2026-10-02T00:00:00Z", None, true),
        (107, "2026-10-02T00:00:01Z", Some(1), true),
    ] {
        let action = Action { visible_to_subscriber: is_visible, ..action(number) };
        unit.actions_mut().insert(&action).await.expect("an action");
        let (of, made) = (subscriber.map(|it| SubscriberId(uuid(it))), moment(made));
        let mut row = Registration::new(RegistrationId(uuid(number)), action.id, of, made);
        row.created_at = made;
        unit.registrations_mut().insert(&row).await.expect("a registration");
    }
    // the same for the others, once each
    let made = moment("2026-10-01T12:00:00Z");
    let action_of = |number: u128| Some(ActionId(uuid(number)));
    for number in 201..=204 {
        unit.actions_mut().insert(&action(number)).await.expect("an action");
    }
    let row = BallotRequest { action: action_of(201), created_at: made, ..ballot_request() };
    unit.ballot_requests_mut().insert(&row).await.expect("a request");
    let row = Lookup { id: LookupId(uuid(202)), action: action_of(202), created_at: made, ..whole_lookup() };
    unit.lookups_mut().insert(&row).await.expect("a question");
    let (id, action) = (ReminderId(uuid(203)), action_of(203));
    let row = ReminderRequest { id, action, created_at: made, ..whole_reminder() };
    unit.reminders_mut().insert(&row).await.expect("a request");
    let (id, action) = (PollingPlaceLookupId(uuid(204)), action_of(204));
    let row = PollingPlaceLookup { id, action, created_at: made, ..whole_polling_place() };
    unit.polling_places_mut().insert(&row).await.expect("a question");
    let (after, until) = (moment("2026-10-01T00:00:00Z"), moment("2026-10-02T00:00:00Z"));
    for tool in Tool::ALL {
        let mut used = unit.reports_mut().used(*tool, after, until).await.expect("uses");
        used.sort_unstable_by_key(|it| (it.subscriber, it.of_day.day));
        let found: Vec<(u128, NaiveDate, u64)> = used
            .iter()
            .map(|it| {
                assert_eq!(it.of_day.tool, *tool);
                (it.subscriber.0.as_u128(), it.of_day.day, it.of_day.count)
            })
            .collect();
        let expected = match tool {
            Tool::Register => {
                vec![(1, day("2026-10-01"), 2), (1, day("2026-10-02"), 1), (2, day("2026-10-02"), 1)]
            }
            _ => vec![(1, day("2026-10-01"), 1)],
        };
        assert_eq!(found, expected, "{tool:?}");
    }
}

fn used(number: u128, subscriber: u128, on: &str, tool: Tool, count: u64) -> Used {
    let of_day = DayCount { day: day(on), tool, count };
    Used { id: uuid(number), subscriber: SubscriberId(uuid(subscriber)), of_day }
}

/// Nothing is counted before the first time, and nothing is left when all is forgotten.
pub async fn counts_add_up_and_are_each_subscribers_own(store: &dyn Store) {
    world(store).await;
    let mut unit = unit(store).await;
    assert_eq!(unit.reports().totals(own()).await.expect("totals"), Default::default());
    assert_eq!(unit.reports_mut().lock_counted_to().await.expect("a read"), moment("1900-01-01T00:00:00Z"));
    let first = [
        used(1, 1, "2026-10-01", Tool::Register, 5),
        used(2, 1, "2026-10-02", Tool::Register, 2),
        used(3, 1, "2026-10-02", Tool::Remind, 1),
        used(4, 2, "2026-10-02", Tool::Register, 70),
    ];
    unit.reports_mut().add_used(&first).await.expect("an addition");
    unit.reports_mut().add_used(&[used(5, 1, "2026-10-02", Tool::Register, 3)]).await.expect("an addition");
    unit.reports_mut().put_counted_to(at(7)).await.expect("a note");
    commit(unit).await;
    let mut view = view(store).await;
    let totals = view.reports().totals(own()).await.expect("totals");
    assert_eq!((totals.of(Tool::Register), totals.of(Tool::Remind), totals.of(Tool::Verify)), (10, 1, 0));
    assert_eq!(totals.counted_to, Some(at(7)));
    let other = view.reports().totals(SubscriberId(uuid(2))).await.expect("totals");
    assert_eq!(other.of(Tool::Register), 70);
    let of = |on: &str, tool, count| DayCount { day: day(on), tool, count };
    let days = view.reports().days(own(), day("2026-10-02")).await.expect("days");
    let mut expected = vec![of("2026-10-02", Tool::Register, 5), of("2026-10-02", Tool::Remind, 1)];
    expected.sort_unstable_by_key(|it| it.tool.wire());
    let mut found = days;
    found.sort_unstable_by_key(|it| it.tool.wire());
    assert_eq!(found, expected);
    let days = view.reports().days(own(), day("2026-09-01")).await.expect("days");
    assert_eq!(days.first(), Some(&of("2026-10-01", Tool::Register, 5)));
    drop(view);
    let mut unit = super::unit(store).await;
    assert_eq!(unit.reports_mut().lock_counted_to().await.expect("a read"), at(7));
    unit.reports_mut().forget_counts().await.expect("a deletion");
    commit(unit).await;
    let mut view = super::view(store).await;
    assert_eq!(view.reports().totals(own()).await.expect("totals"), Default::default());
    assert_eq!(view.reports().days(own(), day("2026-01-01")).await.expect("days"), []);
}

/// Whoever comes second sees what the first one counted.
pub async fn two_counts_at_once_are_one_after_the_other(store: &dyn Store) {
    world(store).await;
    let count = |number: u128| async move {
        let mut unit = super::unit(store).await;
        let counted_to = unit.reports_mut().lock_counted_to().await.expect("a read");
        let next = counted_to + TimeDelta::seconds(1);
        let one = used(number, 1, "2026-10-01", Tool::Verify, 1);
        unit.reports_mut().add_used(&[one]).await.expect("an addition");
        unit.reports_mut().put_counted_to(next).await.expect("a note");
        commit(unit).await;
    };
    crate::conformance::together((1..=4).map(|number| Box::pin(count(number)) as _).collect()).await;
    let totals = view(store).await.reports().totals(own()).await.expect("totals");
    assert_eq!(totals.of(Tool::Verify), 4);
    assert_eq!(totals.counted_to, Some(moment("1900-01-01T00:00:04Z")));
}
