//! What each room promises, until the conformance suites of the core say it for every store.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use turnout_core::{
    action::{Action, Event, EventType, Source},
    address::{Address, State},
    election::{FieldFormat, FieldType, StateInformation, StateProfile},
    file::{FileType, StoredFile},
    ids::{
        ActionId, EventId, FieldTypeId, FileId, InformationId, JobId, OfficeAddressId, OfficeId, RegionId,
        RegistrationId, SlugId, SubscriberId,
    },
    jobs::{JobCounts, JobState, NewJob, Priority},
    language::Language,
    official::{Location, Office, OfficeAddress, Region},
    page::PageRequest,
    person::{Gender, Party, PersonName, Phone, RaceEthnicity, Title},
    ports::store::{RegionFilter, Store, StoreError, Unit},
    register::{Registration, Status, ToolName},
    subscriber::{Plan, Slug, Subscriber, SubscriberStatus},
    tracking::Tracking,
};

use crate::world::{at, fresh, uuid};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn subscriber(number: u128, created: i64) -> Subscriber {
    Subscriber {
        id: SubscriberId(uuid(number)),
        name: format!("Subscriber {number}"),
        url: "https://example.org".into(),
        email: some("a@example.org"),
        privacy_policy: some("privacy"),
        terms_of_service: some("terms"),
        sms_enabled: Some(true),
        sms_checkbox: Some(false),
        sms_checkbox_default: None,
        sms_disclaimer: some("disclaimer"),
        default_slug: Some(SlugId(uuid(number + 1_000))),
        status: SubscriberStatus::Disabled,
        is_first_party: true,
        has_api_access: true,
        plan: Plan::Premium,
        created_at: at(created),
        modified_at: at(created + 1),
    }
}

fn slug(number: u128, text: &str) -> Slug {
    Slug {
        id: SlugId(uuid(number + 1_000)),
        subscriber: SubscriberId(uuid(number)),
        slug: text.into(),
        created_at: at(5),
    }
}

fn action(number: u128) -> Action {
    Action {
        id: ActionId(uuid(number)),
        visible_to_subscriber: true,
        last_voter_lookup: Some(at(3)),
        created_at: at(1),
        modified_at: at(2) + TimeDelta::microseconds(7),
    }
}

fn file(number: u128, kind: FileType, created: i64) -> StoredFile {
    StoredFile {
        id: FileId(uuid(number)),
        kind,
        key: format!("261125.{number}.form.pdf"),
        name: "form.pdf".into(),
        email: some("a@example.org"),
        subscriber: None,
        generation: 3,
        imported_token_hash: Some(vec![1, 2, 255]),
        expires: at(100),
        first_download: Some(at(50)),
        purged: None,
        claimed: true,
        created_at: at(created),
        modified_at: at(created),
    }
}

fn region(id: i64, name: Option<&str>) -> Region {
    Region {
        id: RegionId(id),
        name: name.map(Into::into),
        county: some("Kent"),
        municipality: some("Dover"),
        municipality_type: some("city"),
        state: Some(State::Ma),
        hidden: false,
        external_updated: Some(at(9)),
    }
}

fn state(state: State) -> StateProfile {
    StateProfile {
        code: state,
        name: state.name().into(),
        allow_print_and_forward: Some(true),
        allow_absentee_print_and_forward: None,
        created_at: at(0),
        modified_at: at(1),
    }
}

/// Every field has a value of its own, so that none can be mistaken for another.
fn registration() -> Registration {
    let name = |p: &str, title| PersonName {
        title: Some(title),
        first: Some(format!("{p}first")),
        middle: Some(format!("{p}middle")),
        last: Some(format!("{p}last")),
        suffix: Some(format!("{p}suffix")),
    };
    let address = |p: &str, state| Address {
        address1: Some(format!("{p}address1")),
        address2: Some(format!("{p}address2")),
        city: Some(format!("{p}city")),
        state: Some(state),
        zipcode: Some(format!("{p}zipcode")),
    };
    Registration {
        id: RegistrationId(uuid(500)),
        action: Some(ActionId(uuid(1))),
        subscriber: Some(SubscriberId(uuid(1))),
        created_at: at(10),
        modified_at: at(11),
        status: Status::Pending,
        name: name("", Title::Mx),
        date_of_birth: NaiveDate::from_ymd_opt(1980, 2, 29),
        email: some("voter@example.org"),
        phone: Some(Phone::from_stored("+16175557890".into())),
        gender: Some(Gender::NonBinary),
        race_ethnicity: Some(RaceEthnicity::Multi),
        party: Some(Party::Green),
        us_citizen: Some(true),
        address: address("", State::Ma),
        previous_name: name("previous ", Title::Ms),
        previous_address: address("previous ", State::Ny),
        mailing_address: address("mailing ", State::Pa),
        request_mailing_address: address("request ", State::Dc),
        request_mailing_deliverable: Some(false),
        sms_opt_in: Some(true),
        sms_opt_in_subscriber: Some(false),
        referring_tool: Some(ToolName::Verify),
        state_fields: Some(json!({"a": [1, null]})),
        state_api_result: Some(json!("text")),
        custom_ovr_link: some("https://ovr.example.org"),
        matched_region: Some(RegionId(1)),
        region: Some(RegionId(5_000_000_000)),
        result_item: Some(FileId(uuid(1))),
        result_item_mail: Some(FileId(uuid(2))),
        language: Language::parse("es-MX"),
        tracking: Tracking {
            embed_url: some("embed"),
            utm_campaign: some("campaign"),
            utm_source: some("utm source"),
            utm_medium: some("medium"),
            utm_term: some("term"),
            utm_content: some("content"),
            source: some("source"),
            email_referrer: some("email referrer"),
            mobile_referrer: some("mobile referrer"),
            session_id: Some(uuid(77)),
        },
    }
}

fn bare_registration() -> Registration {
    Registration {
        id: RegistrationId(uuid(501)),
        action: None,
        subscriber: None,
        status: Status::Incomplete,
        name: PersonName::default(),
        date_of_birth: None,
        email: None,
        phone: None,
        gender: None,
        race_ethnicity: None,
        party: None,
        us_citizen: None,
        address: Address::default(),
        previous_name: PersonName::default(),
        previous_address: Address::default(),
        mailing_address: Address::default(),
        request_mailing_address: Address::default(),
        request_mailing_deliverable: None,
        sms_opt_in: None,
        sms_opt_in_subscriber: None,
        referring_tool: None,
        state_fields: None,
        state_api_result: None,
        custom_ovr_link: None,
        matched_region: None,
        region: None,
        result_item: None,
        result_item_mail: None,
        language: None,
        tracking: Tracking::default(),
        ..registration()
    }
}

/// What [`registration`] points to.
async fn with_references(unit: &mut dyn Unit) {
    for code in [State::Ma, State::Ny, State::Pa, State::Dc] {
        unit.elections_mut().put_state(&state(code)).await.unwrap();
    }
    unit.subscribers_mut().insert(&subscriber(1, 0)).await.unwrap();
    unit.subscribers_mut().insert_slug(&slug(1, "one")).await.unwrap();
    unit.actions_mut().insert(&action(1)).await.unwrap();
    unit.officials_mut().put_region(&region(1, None)).await.unwrap();
    unit.officials_mut().put_region(&region(5_000_000_000, None)).await.unwrap();
    for number in [1, 2] {
        unit.files_mut().insert(&file(number, FileType::RegForm, 0)).await.unwrap();
    }
}

fn is_conflict<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict { .. }))
}

#[tokio::test]
async fn actions_and_events_come_back_as_they_were_put() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    unit.actions_mut().insert(&action(1)).await.unwrap();
    assert!(is_conflict(unit.actions_mut().insert(&action(1)).await));
    let event = |number, kind, second| Event {
        id: EventId(uuid(number)),
        action: ActionId(uuid(1)),
        kind,
        created_at: at(second),
    };
    let events =
        [event(3, EventType::Finish, 5), event(9, EventType::Start, 1), event(2, EventType::Download, 5)];
    for event in &events {
        unit.actions_mut().record(event).await.unwrap();
    }
    unit.commit().await.unwrap();
    let mut view = store.view().await.unwrap();
    let id = ActionId(uuid(1));
    assert_eq!(view.actions().by_id(id).await.unwrap(), Some(action(1)));
    assert_eq!(view.actions().by_id(ActionId(uuid(2))).await.unwrap(), None);
    let [finish, start, download] = events;
    assert_eq!(view.actions().events(id).await.unwrap(), [start, download, finish]);
    let kinds = [EventType::LobMailed, EventType::Finish];
    assert!(view.actions().has_event(id, &kinds).await.unwrap());
    assert!(!view.actions().has_event(id, &kinds[..1]).await.unwrap());
    assert!(!view.actions().has_event(id, &[]).await.unwrap());
    assert_eq!(view.actions().source(id).await.unwrap(), None);
}

#[tokio::test]
async fn every_field_of_a_registration_comes_back() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    with_references(&mut *unit).await;
    for registration in [registration(), bare_registration()] {
        unit.registrations_mut().insert(&registration).await.unwrap();
    }
    unit.commit().await.unwrap();
    let mut view = store.view().await.unwrap();
    for put in [registration(), bare_registration()] {
        assert_eq!(view.registrations().by_id(put.id).await.unwrap().as_ref(), Some(&put));
    }
    let put = registration();
    assert_eq!(view.registrations().by_action(ActionId(uuid(1))).await.unwrap().as_ref(), Some(&put));
    for number in [1, 2] {
        let found = view.registrations().by_file(FileId(uuid(number))).await.unwrap();
        assert_eq!(found.as_ref(), Some(&put));
    }
    assert_eq!(view.registrations().by_file(FileId(uuid(3))).await.unwrap(), None);
    let source = view.actions().source(ActionId(uuid(1))).await.unwrap();
    assert_eq!(source, Some(Source::Registration(put.id)));
}

#[tokio::test]
async fn an_update_changes_all_of_a_registration_but_what_never_changes() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    with_references(&mut *unit).await;
    unit.registrations_mut().insert(&registration()).await.unwrap();
    let twin = Registration { id: RegistrationId(uuid(600)), ..registration() };
    assert!(is_conflict(unit.registrations_mut().insert(&twin).await), "the action is taken");
    let id = registration().id;
    assert_eq!(unit.registrations_mut().lock(id).await.unwrap(), Some(registration()));
    let changed = Registration { id, created_at: at(99), modified_at: at(98), ..bare_registration() };
    unit.registrations_mut().update(&changed).await.unwrap();
    let kept = Registration {
        action: registration().action,
        subscriber: registration().subscriber,
        created_at: registration().created_at,
        ..changed
    };
    assert_eq!(unit.registrations().by_id(id).await.unwrap(), Some(kept));
    let absent = Registration { id: RegistrationId(uuid(601)), ..registration() };
    assert!(matches!(unit.registrations_mut().update(&absent).await, Err(StoreError::Other(_))));
}

#[tokio::test]
async fn a_registration_of_an_unknown_subscriber_does_not_last() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    let orphan = Registration { subscriber: Some(SubscriberId(uuid(1))), ..bare_registration() };
    unit.registrations_mut().insert(&orphan).await.unwrap();
    assert!(unit.commit().await.is_err());
    assert_eq!(store.view().await.unwrap().registrations().by_id(orphan.id).await.unwrap(), None);
    // and the writer is free again
    store.begin().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn subscribers_are_found_by_slug_and_the_first_one_is_the_default() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    assert_eq!(unit.subscribers().default().await.unwrap(), None);
    // the slug follows later in the unit
    for (number, created, plan) in [(3, 5, Plan::Free), (2, 1, Plan::Premium), (1, 1, Plan::Nonprofit)] {
        let subscriber = Subscriber { plan, ..subscriber(number, created) };
        unit.subscribers_mut().insert(&subscriber).await.unwrap();
        unit.subscribers_mut().insert_slug(&slug(number, &format!("Slug{number}"))).await.unwrap();
    }
    assert!(is_conflict(unit.subscribers_mut().insert(&subscriber(1, 1)).await));
    let taken = Slug { id: SlugId(uuid(9)), ..slug(2, "Slug1") };
    assert!(is_conflict(unit.subscribers_mut().insert_slug(&taken).await));
    unit.commit().await.unwrap();
    let mut view = store.view().await.unwrap();
    let first = Subscriber { plan: Plan::Nonprofit, ..subscriber(1, 1) };
    assert_eq!(view.subscribers().default().await.unwrap(), Some(first.clone()));
    assert_eq!(view.subscribers().by_slug("Slug1").await.unwrap(), Some(first));
    assert_eq!(view.subscribers().by_slug("slug1").await.unwrap(), None);
    let second = view.subscribers().by_id(SubscriberId(uuid(2))).await.unwrap();
    assert_eq!(second, Some(subscriber(2, 1)));
    assert_eq!(view.subscribers().by_slug("Slug3").await.unwrap().unwrap().plan, Plan::Free);
    assert_eq!(view.subscribers().slug(SlugId(uuid(1_003))).await.unwrap(), Some(slug(3, "Slug3")));
}

#[tokio::test]
async fn an_update_changes_all_of_a_subscriber_but_plan_and_creation() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    unit.subscribers_mut().insert(&Subscriber { plan: Plan::Free, ..subscriber(1, 1) }).await.unwrap();
    let changed = Subscriber {
        name: "n".into(),
        url: "u".into(),
        email: None,
        privacy_policy: None,
        terms_of_service: None,
        sms_enabled: None,
        sms_checkbox: Some(true),
        sms_checkbox_default: Some(true),
        sms_disclaimer: None,
        default_slug: None,
        status: SubscriberStatus::Active,
        is_first_party: false,
        has_api_access: false,
        plan: Plan::Nonprofit,
        created_at: at(77),
        modified_at: at(78),
        ..subscriber(1, 1)
    };
    unit.subscribers_mut().update(&changed).await.unwrap();
    let kept = Subscriber { plan: Plan::Free, created_at: at(1), ..changed };
    assert_eq!(unit.subscribers().by_id(kept.id).await.unwrap(), Some(kept));
}

#[tokio::test]
async fn facts_are_in_order_of_state_and_slug() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    for code in [State::Ny, State::Ma] {
        unit.elections_mut().put_state(&state(code)).await.unwrap();
    }
    let renamed =
        StateProfile { name: "Bay State".into(), allow_print_and_forward: None, ..state(State::Ma) };
    unit.elections_mut().put_state(&renamed).await.unwrap();
    assert_eq!(unit.elections().states().await.unwrap(), [renamed.clone(), state(State::Ny)]);
    assert_eq!(unit.elections().state(State::Ma).await.unwrap(), Some(renamed));
    assert_eq!(unit.elections().state(State::Pa).await.unwrap(), None);
    let field = |number, slug: &str, format| FieldType {
        id: FieldTypeId(uuid(number)),
        slug: slug.into(),
        long_name: format!("long {slug}"),
        help_text: some("help"),
        format,
        created_at: at(1),
        modified_at: at(2),
    };
    let (b, a) = (field(1, "b", None), field(2, "a", Some(FieldFormat::Url)));
    for field in [&b, &a] {
        unit.elections_mut().insert_field_type(field).await.unwrap();
    }
    assert!(is_conflict(unit.elections_mut().insert_field_type(&field(3, "a", None)).await));
    assert_eq!(unit.elections().field_types().await.unwrap(), [a.clone(), b.clone()]);
    assert_eq!(unit.elections().field_type("b").await.unwrap(), Some(b));
    assert_eq!(unit.elections().field_type("B").await.unwrap(), None);
    let fact = |number, state, field, text: &str| StateInformation {
        id: InformationId(uuid(number)),
        state,
        field_type: FieldTypeId(uuid(field)),
        text: text.into(),
        notes: "notes".into(),
        created_at: at(1),
        modified_at: at(2),
    };
    let all = [
        fact(1, State::Ma, 2, ""),
        fact(2, State::Ma, 1, "ma b"),
        fact(3, State::Ny, 2, "ny a"),
        fact(4, State::Ny, 1, "ny b"),
    ];
    for fact in all.iter().rev() {
        unit.elections_mut().insert_information(fact).await.unwrap();
    }
    assert!(is_conflict(unit.elections_mut().insert_information(&fact(5, State::Ny, 1, "x")).await));
    assert_eq!(unit.elections().information().await.unwrap(), all);
    assert_eq!(unit.elections().information_of_state(State::Ny).await.unwrap(), all[2..]);
    let of_a = unit.elections().information_of_field("a").await.unwrap();
    assert_eq!(of_a, [all[0].clone(), all[2].clone()]);
    assert_eq!(unit.elections().text(State::Ma, "a").await.unwrap(), some(""));
    assert_eq!(unit.elections().text(State::Ma, "c").await.unwrap(), None);
    let edited =
        StateInformation { text: "new".into(), notes: "why".into(), modified_at: at(50), ..all[3].clone() };
    unit.elections_mut().update_information(&edited).await.unwrap();
    assert_eq!(unit.elections().information_of_state(State::Ny).await.unwrap()[1], edited);
}

#[tokio::test]
async fn regions_are_listed_by_name_and_hidden_ones_are_not() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    unit.elections_mut().put_state(&state(State::Ma)).await.unwrap();
    let hidden = Region { hidden: true, ..region(4, Some("A")) };
    let elsewhere = Region { county: some("Suffolk"), municipality: None, ..region(2, Some("B")) };
    let big = region(5_000_000_000, Some("B"));
    for region in [&big, &hidden, &elsewhere, &region(9, None)] {
        unit.officials_mut().put_region(region).await.unwrap();
    }
    let list = unit.officials().regions(State::Ma, &RegionFilter::default()).await.unwrap();
    assert_eq!(list, [region(9, None), elsewhere.clone(), big.clone()]);
    let filter = |county: Option<&str>, municipality: Option<&str>| RegionFilter {
        county: county.map(Into::into),
        municipality: municipality.map(Into::into),
    };
    for (filter, expected) in [
        (filter(Some("Suffolk"), None), vec![elsewhere]),
        (filter(None, Some("Dover")), vec![region(9, None), big.clone()]),
        (filter(Some("Kent"), Some("Dover")), vec![region(9, None), big]),
        (filter(Some("Suffolk"), Some("Dover")), vec![]),
        (filter(Some("kent"), None), vec![]),
        (filter(Some(""), None), vec![]),
    ] {
        assert_eq!(unit.officials().regions(State::Ma, &filter).await.unwrap(), expected, "{filter:?}");
    }
    assert!(unit.officials().regions(State::Ny, &RegionFilter::default()).await.unwrap().is_empty());
    assert_eq!(unit.officials().region(RegionId(4)).await.unwrap(), Some(hidden));
}

#[tokio::test]
async fn offices_come_with_their_addresses_in_the_order_of_numbers() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    unit.elections_mut().put_state(&state(State::Ma)).await.unwrap();
    unit.officials_mut().put_region(&region(1, None)).await.unwrap();
    let office = |id| Office {
        id: OfficeId(id),
        region: Some(RegionId(1)),
        hours: some("9-5"),
        notes: some("notes"),
        external_updated: Some(at(2)),
    };
    let bare = |id, office| OfficeAddress {
        id: Some(OfficeAddressId(id)),
        office: Some(OfficeId(office)),
        ..OfficeAddress::default()
    };
    let full = OfficeAddress {
        address: some("1"),
        address2: some("2"),
        address3: some("3"),
        city: some("city"),
        state: Some(State::Ma),
        zipcode: some("zip"),
        website: some("web"),
        email: some("mail"),
        phone: Some(Phone::from_stored("+1".into())),
        fax: Some(Phone::from_stored("+2".into())),
        location: Some(Location { lat: 42.25, lng: -71.5 }),
        is_regular_mail: true,
        process_absentee_requests: true,
        process_overseas_requests: true,
        external_updated: Some(at(4)),
        ..bare(7, 20)
    };
    let others = OfficeAddress {
        is_physical: true,
        process_domestic_registrations: true,
        process_absentee_ballots: true,
        process_overseas_ballots: true,
        ..bare(8, 20)
    };
    for id in [20, 10] {
        unit.officials_mut().put_office(&office(id)).await.unwrap();
    }
    for address in [&others, &bare(7, 10), &bare(9, 10), &full] {
        unit.officials_mut().put_address(address).await.unwrap();
    }
    let nameless = OfficeAddress::default();
    assert!(matches!(unit.officials_mut().put_address(&nameless).await, Err(StoreError::Other(_))));
    let found = unit.officials().offices(RegionId(1)).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0].office, &found[0].addresses[..]), (&office(10), &[bare(9, 10)][..]));
    assert_eq!((&found[1].office, &found[1].addresses[..]), (&office(20), &[full, others][..]));
    assert!(unit.officials().offices(RegionId(2)).await.unwrap().is_empty());
}

#[tokio::test]
async fn files_come_back_and_the_old_ones_that_are_not_purged_are_listed() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    let purged = StoredFile { purged: Some(at(9)), ..file(4, FileType::RegForm, 0) };
    let files = [
        file(1, FileType::RegForm, 20),
        file(2, FileType::AbsForm, 10),
        file(3, FileType::Report, 10),
        purged.clone(),
    ];
    for file in &files {
        unit.files_mut().insert(file).await.unwrap();
    }
    assert!(is_conflict(unit.files_mut().insert(&files[0]).await));
    for file in &files {
        assert_eq!(unit.files().by_id(file.id).await.unwrap().as_ref(), Some(file));
    }
    let forms = [FileType::RegForm, FileType::AbsForm];
    let ids = |files: Vec<StoredFile>| files.iter().map(|file| file.id.0.as_u128()).collect::<Vec<_>>();
    assert_eq!(ids(unit.files().unpurged(&forms, at(21), 10).await.unwrap()), [2, 1]);
    assert_eq!(ids(unit.files().unpurged(&forms, at(21), 1).await.unwrap()), [2]);
    assert_eq!(ids(unit.files().unpurged(&forms, at(20), 10).await.unwrap()), [2]);
    assert!(unit.files().unpurged(&[], at(21), 10).await.unwrap().is_empty());
    let changed = StoredFile {
        kind: FileType::BlankRegForms,
        key: "key".into(),
        name: "name".into(),
        email: None,
        generation: 4,
        imported_token_hash: None,
        expires: at(7),
        first_download: None,
        purged: Some(at(8)),
        claimed: false,
        created_at: at(99),
        modified_at: at(98),
        ..files[0].clone()
    };
    assert_eq!(unit.files_mut().lock(changed.id).await.unwrap().as_ref(), Some(&files[0]));
    unit.files_mut().update(&changed).await.unwrap();
    let kept = StoredFile { created_at: at(20), ..changed };
    assert_eq!(unit.files().by_id(kept.id).await.unwrap(), Some(kept));
}

fn job(number: u128, due: i64) -> NewJob {
    NewJob {
        id: JobId(uuid(number)),
        kind: "test.job",
        payload: json!({"id": 1}),
        due_at: at(due),
        priority: Priority::Default,
        unique_key: None,
        subscriber: Some(SubscriberId(uuid(1))),
        created_at: at(0),
    }
}

const LEASE: TimeDelta = TimeDelta::seconds(60);

async fn claim(unit: &mut dyn Unit, now: i64, limit: u32) -> Vec<(u128, u32, i64)> {
    let claimed = unit.jobs_mut().claim(at(now), LEASE, limit).await.unwrap();
    claimed.iter().map(|job| (job.id.0.as_u128(), job.attempt, job.fence)).collect()
}

#[tokio::test]
async fn jobs_are_claimed_by_priority_and_then_oldest_first() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    let urgent = |number, due| NewJob { priority: Priority::High, ..job(number, due) };
    for job in [job(1, 5), job(2, 3), urgent(3, 9), urgent(4, 11), job(5, 11), job(6, 3)] {
        assert!(unit.jobs_mut().enqueue(&job).await.unwrap());
    }
    assert!(is_conflict(unit.jobs_mut().enqueue(&job(1, 5)).await));
    assert_eq!(unit.jobs().next_due().await.unwrap(), Some(at(3)));
    let counts = JobCounts { due: 4, delayed: 2, running: 0, dead: 0 };
    assert_eq!(unit.jobs().counts(at(10)).await.unwrap(), counts);
    assert_eq!(claim(&mut *unit, 10, 3).await, [(3, 1, 1), (2, 1, 1), (6, 1, 1)]);
    assert_eq!(claim(&mut *unit, 10, 3).await, [(1, 1, 1)]);
    assert_eq!(claim(&mut *unit, 10, 3).await, []);
    let counts = JobCounts { due: 0, delayed: 2, running: 4, dead: 0 };
    assert_eq!(unit.jobs().counts(at(10)).await.unwrap(), counts);
    assert_eq!(unit.jobs().next_due().await.unwrap(), Some(at(11)));
    let claimed = unit.jobs_mut().claim(at(11), LEASE, 1).await.unwrap().remove(0);
    assert_eq!((claimed.kind.as_str(), &claimed.payload), ("test.job", &json!({"id": 1})));
    assert_eq!((claimed.due_at, claimed.lease_until), (at(11), at(71)));
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_settles_nothing() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    let id = JobId(uuid(1));
    unit.jobs_mut().enqueue(&job(1, 0)).await.unwrap();
    assert_eq!(claim(&mut *unit, 0, 1).await, [(1, 1, 1)]);
    assert_eq!(unit.jobs().next_due().await.unwrap(), Some(at(60)));
    assert_eq!(claim(&mut *unit, 59, 1).await, []);
    assert_eq!(claim(&mut *unit, 60, 1).await, [(1, 2, 2)]);
    assert!(!unit.jobs_mut().finish(id, 1, at(61)).await.unwrap());
    assert!(!unit.jobs_mut().retry(id, 1, at(61), "late").await.unwrap());
    assert!(!unit.jobs_mut().bury(id, 1, at(61), "late").await.unwrap());
    assert!(!unit.jobs_mut().release(id, 1).await.unwrap());
    assert_eq!(unit.jobs().by_id(id).await.unwrap().unwrap().state, JobState::Running);
    assert!(unit.jobs_mut().finish(id, 2, at(61)).await.unwrap());
    assert!(!unit.jobs_mut().finish(id, 2, at(61)).await.unwrap(), "it is done already");
    let record = unit.jobs().by_id(id).await.unwrap().unwrap();
    assert_eq!((record.state, record.attempts, record.finished_at), (JobState::Done, 2, Some(at(61))));
}

#[tokio::test]
async fn a_job_is_retried_later_buried_with_its_reason_or_given_back_untouched() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    let id = JobId(uuid(1));
    unit.jobs_mut().enqueue(&job(1, 0)).await.unwrap();
    assert_eq!(claim(&mut *unit, 0, 1).await, [(1, 1, 1)]);
    assert!(unit.jobs_mut().retry(id, 1, at(30), "the vendor is away").await.unwrap());
    assert_eq!(claim(&mut *unit, 29, 1).await, []);
    assert_eq!(claim(&mut *unit, 30, 1).await, [(1, 2, 2)]);
    assert!(unit.jobs_mut().release(id, 2).await.unwrap());
    // the attempt did not count, but the fence is a new one
    assert_eq!(claim(&mut *unit, 30, 1).await, [(1, 2, 3)]);
    assert!(unit.jobs_mut().bury(id, 3, at(31), "no such voter").await.unwrap());
    assert_eq!(claim(&mut *unit, 10_000, 1).await, []);
    let record = unit.jobs().by_id(id).await.unwrap().unwrap();
    assert_eq!((record.state, record.last_error.as_deref()), (JobState::Dead, Some("no such voter")));
    assert_eq!(unit.jobs().counts(at(40)).await.unwrap().dead, 1);
    assert_eq!(unit.jobs().next_due().await.unwrap(), None);
}

#[tokio::test]
async fn a_unique_key_holds_until_its_job_is_done() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    let keyed = |number| NewJob { unique_key: some("key"), ..job(number, 0) };
    assert!(unit.jobs_mut().enqueue(&keyed(1)).await.unwrap());
    assert!(!unit.jobs_mut().enqueue(&keyed(2)).await.unwrap(), "waiting");
    assert_eq!(unit.jobs().by_id(JobId(uuid(2))).await.unwrap(), None);
    claim(&mut *unit, 0, 1).await;
    assert!(!unit.jobs_mut().enqueue(&keyed(2)).await.unwrap(), "running");
    unit.jobs_mut().finish(JobId(uuid(1)), 1, at(1)).await.unwrap();
    assert!(unit.jobs_mut().enqueue(&keyed(2)).await.unwrap(), "done");
    claim(&mut *unit, 0, 1).await;
    unit.jobs_mut().bury(JobId(uuid(2)), 1, at(1), "reason").await.unwrap();
    assert!(!unit.jobs_mut().enqueue(&keyed(3)).await.unwrap(), "dead");
}

#[tokio::test]
async fn done_jobs_are_purged_and_the_others_are_paged() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    for number in 1..=8 {
        unit.jobs_mut().enqueue(&job(number, i64::try_from(number).unwrap())).await.unwrap();
    }
    claim(&mut *unit, 4, 10).await;
    for number in [1, 2, 3] {
        unit.jobs_mut().finish(JobId(uuid(number)), 1, at(10)).await.unwrap();
    }
    unit.jobs_mut().bury(JobId(uuid(4)), 1, at(10), "reason").await.unwrap();
    let first = unit.jobs().unfinished(PageRequest { after: None, limit: 3 }).await.unwrap();
    let numbers = |rows: &[turnout_core::jobs::JobRecord]| {
        rows.iter().map(|row| row.id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!((numbers(&first.rows), first.next), (vec![4, 5, 6], Some(JobId(uuid(6)))));
    let second = unit.jobs().unfinished(PageRequest { after: first.next, limit: 3 }).await.unwrap();
    assert_eq!((numbers(&second.rows), second.next), (vec![7, 8], None));
    assert_eq!(unit.jobs_mut().purge(at(10), 10).await.unwrap(), 0);
    assert_eq!(unit.jobs_mut().purge(at(11), 2).await.unwrap(), 2);
    assert_eq!(unit.jobs_mut().purge(at(11), 2).await.unwrap(), 1);
    assert_eq!(unit.jobs().counts(at(11)).await.unwrap().dead, 1);
}

#[tokio::test]
async fn a_tick_is_noted_once() {
    let store = fresh().await;
    let mut unit = store.begin().await.unwrap();
    assert!(unit.jobs_mut().tick("nightly", at(0)).await.unwrap());
    assert!(!unit.jobs_mut().tick("nightly", at(0)).await.unwrap());
    assert!(unit.jobs_mut().tick("nightly", at(1)).await.unwrap());
    assert!(unit.jobs_mut().tick("hourly", at(0)).await.unwrap());
}
