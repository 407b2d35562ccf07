//! What administrators know better of offices, how far signing online reaches by it, and what staff see of what was signed.

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::json;
use turnout_core::{
    absentee::{
        BallotRequest, HandOver, SubmissionType,
        dashboard::{self, RegionWish, Sent},
        overrides::{
            LINK_KIND, OVERRIDE_KIND, OverrideError, OverrideInput, Refusal, put_link, put_override,
            region_sheet, remove_link, remove_override, restore_link, restore_override,
        },
        preview::{self, PreviewError},
    },
    action::{Action, Event, EventType},
    address::State,
    change::{Change, ChangeFilter},
    conformance::rows,
    election::FieldFormat,
    ids::{BallotRequestId, EventId, OfficeAddressId, OfficeId, RegionId, UserId},
    memory::{World, world},
    official::{
        ListDraft, Office, OfficeAddress, Region,
        sync::{self, SyncOptions},
    },
    page::PageRequest,
    ports::store::RegionFilter,
    search::SearchQuery,
    switch::{self, SwitchName, SwitchValue},
};

/// Regions: two of Massachusetts, of which one has an office with an e-mail address and a fax number, and one of Florida.
const BOSTON: RegionId = RegionId(1);
const SALEM: RegionId = RegionId(2);
const TAMPA: RegionId = RegionId(3);

fn ann() -> UserId {
    UserId(rows::uuid(41))
}

/// Massachusetts takes e-mail and no fax; signing online is switched on there.
async fn offices() -> World {
    let world = world();
    for name in ["vbm_esign", "vbm_esign.MA"] {
        let name = SwitchName::parse(name).unwrap();
        switch::set(&world.app, name, Some(&SwitchValue::Flag(true))).await.unwrap();
    }
    let mut unit = world.app.store.begin().await.unwrap();
    for state in [State::Ma, State::Fl] {
        unit.elections_mut().put_state(&rows::state(state)).await.unwrap();
    }
    for (number, slug, text) in
        [(51, "vbm_app_submission_email", "True"), (52, "vbm_app_submission_fax", "False")]
    {
        let field = rows::field_type(number, slug, Some(FieldFormat::Boolean));
        unit.elections_mut().insert_field_type(&field).await.unwrap();
        let fact = rows::fact(number + 100, State::Ma, number, text);
        unit.elections_mut().insert_information(&fact).await.unwrap();
    }
    for (id, name, state) in
        [(BOSTON, "Boston", State::Ma), (SALEM, "Salem", State::Ma), (TAMPA, "Tampa", State::Fl)]
    {
        let region = Region { state: Some(state), ..rows::region(id.0, Some(name)) };
        unit.officials_mut().put_region(&region).await.unwrap();
    }
    unit.officials_mut()
        .put_office(&Office { id: OfficeId(1), region: Some(BOSTON), ..rows::office(1) })
        .await
        .unwrap();
    let address = OfficeAddress { id: Some(OfficeAddressId(1)), ..rows::address(1, 1, false) };
    unit.officials_mut().put_address(&address).await.unwrap();
    unit.commit().await.unwrap();
    world
}

async fn changes(world: &World, kind: &str, region: RegionId) -> Vec<Change> {
    let mut view = world.app.store.view().await.unwrap();
    let filter = ChangeFilter::history(kind, region);
    view.changes().page(&filter, &PageRequest { after: None, limit: 50 }).await.unwrap().rows
}

async fn way(world: &World, region: RegionId) -> SubmissionType {
    let mut view = world.app.store.view().await.unwrap();
    region_sheet(view.as_mut(), region).await.unwrap().unwrap().method()
}

fn wrong(outcome: Result<bool, OverrideError>, field: &str) -> bool {
    matches!(outcome, Err(OverrideError::Wrong(problems)) if problems.has(field))
}

#[tokio::test]
async fn what_is_known_better_holds_until_it_is_deleted_and_can_be_brought_back() {
    let world = offices().await;
    let app = &world.app;
    assert_eq!(
        (way(&world, BOSTON).await, way(&world, SALEM).await),
        (SubmissionType::LeoEmail, SubmissionType::SelfPrint)
    );
    let clerk = OverrideInput {
        email: " clerk@example.org ".into(),
        notes: "a\r\nb".into(),
        ..OverrideInput::default()
    };
    assert!(put_override(app, ann(), SALEM, &clerk).await.unwrap());
    assert!(!put_override(app, ann(), SALEM, &clerk).await.unwrap(), "the same again is no change");
    assert_eq!(way(&world, SALEM).await, SubmissionType::LeoEmail);
    world.clock.advance(TimeDelta::minutes(1));
    let print = OverrideInput { method: "self_print".into(), ..clerk.clone() };
    assert!(put_override(app, ann(), SALEM, &print).await.unwrap());
    assert_eq!(way(&world, SALEM).await, SubmissionType::SelfPrint);
    world.clock.advance(TimeDelta::minutes(1));
    remove_override(app, ann(), SALEM).await.unwrap();
    assert!(matches!(remove_override(app, ann(), SALEM).await, Err(OverrideError::NotFound)));
    let acts: Vec<String> =
        changes(&world, OVERRIDE_KIND, SALEM).await.into_iter().map(|it| it.act).collect();
    assert_eq!(acts, ["deleted", "changed", "created"]);

    world.clock.advance(TimeDelta::minutes(1));
    let all = changes(&world, OVERRIDE_KIND, SALEM).await;
    assert!(restore_override(app, ann(), SALEM, all[1].id).await.unwrap());
    let mut view = app.store.view().await.unwrap();
    let sheet = region_sheet(view.as_mut(), SALEM).await.unwrap().unwrap();
    let known = sheet.known.unwrap();
    assert_eq!((known.email.as_deref(), known.method), (Some("clerk@example.org"), None));
    assert_eq!(known.notes.as_deref(), Some("a\nb"));
    // what was before the first change is nothing, and another region's change is none of this one
    let first = all.last().unwrap().id;
    assert!(matches!(restore_override(app, ann(), SALEM, first).await, Err(OverrideError::NotFound)));
    assert!(matches!(restore_override(app, ann(), BOSTON, all[1].id).await, Err(OverrideError::NotFound)));
}

/// Takes over a list with these regions, each with an office.
async fn listed(world: &World, regions: &[(RegionId, &str, &str)]) {
    let mut draft = ListDraft::default();
    for (id, name, state) in regions {
        let office = json!({"id": 10 + id.0, "region": id, "addresses": [{"id": 20 + id.0, "main_email": "list@example.org"}]});
        draft.read("list", &json!([{"id": id, "region_name": name, "state_abbr": state}, office]));
    }
    // the office that the world began with is none of the list's
    let options = SyncOptions { accept_losses: true, ..SyncOptions::default() };
    sync::take_over(&world.app, &draft.check().unwrap(), &options).await.unwrap();
}

#[tokio::test]
async fn what_is_known_better_outlasts_a_list_that_has_the_region_no_more() {
    let world = offices().await;
    let app = &world.app;
    let all = [(BOSTON, "Boston", "MA"), (SALEM, "Salem", "MA"), (TAMPA, "Tampa", "FL")];
    listed(&world, &all).await;
    let clerk = OverrideInput {
        email: "clerk@example.org".into(),
        fax: "617-555-0123".into(),
        method: "leo_email".into(),
        ..OverrideInput::default()
    };
    assert!(put_override(app, ann(), SALEM, &clerk).await.unwrap());
    assert!(put_link(app, ann(), SALEM, "https://ballots.example.org/salem").await.unwrap());
    let sheet = async || {
        let mut view = app.store.view().await.unwrap();
        region_sheet(view.as_mut(), SALEM).await.unwrap().unwrap()
    };
    let before = sheet().await;
    assert_eq!(before.office.email.as_deref(), Some("list@example.org"));
    assert_eq!(before.contact().email.as_deref(), Some("clerk@example.org"));

    listed(&world, &[all[0], all[2]]).await;
    let mut view = app.store.view().await.unwrap();
    let there = view.officials().regions(State::Ma, &RegionFilter::default()).await.unwrap();
    assert_eq!(there.iter().map(|region| region.id).collect::<Vec<_>>(), [BOSTON]);
    drop(view);
    let gone = sheet().await;
    assert_eq!(gone.office.email, None, "its office is gone");
    assert_eq!((&gone.known, &gone.link), (&before.known, &before.link));

    listed(&world, &all).await;
    let back = sheet().await;
    assert_eq!((&back.known, &back.link), (&before.known, &before.link));
    assert_eq!(back.contact().email.as_deref(), Some("clerk@example.org"));
    assert_eq!(back.method(), SubmissionType::LeoEmail);
    let acts = |all: Vec<Change>| all.into_iter().map(|it| it.act).collect::<Vec<_>>();
    assert_eq!(acts(changes(&world, OVERRIDE_KIND, SALEM).await), ["created"]);
    assert_eq!(acts(changes(&world, LINK_KIND, SALEM).await), ["created"]);
}

#[tokio::test]
async fn a_way_that_cannot_work_is_not_chosen() {
    let world = offices().await;
    let app = &world.app;
    let sheet = {
        let mut view = app.store.view().await.unwrap();
        region_sheet(view.as_mut(), SALEM).await.unwrap().unwrap()
    };
    let refusals: Vec<_> = sheet.options().into_iter().map(|(_, refusal)| refusal).collect();
    assert_eq!(refusals, [Some(Refusal::NoContact), Some(Refusal::NotPermitted), None]);
    let chosen = |method: &str, email: &str| OverrideInput {
        method: method.into(),
        email: email.into(),
        ..OverrideInput::default()
    };
    for method in ["leo_email", "leo_fax", "print_and_forward", "pigeon"] {
        assert!(wrong(put_override(app, ann(), SALEM, &chosen(method, "")).await, "method"), "{method}");
    }
    assert!(put_override(app, ann(), SALEM, &chosen("leo_email", "clerk@example.org")).await.unwrap());
    let bad = OverrideInput {
        email: "no".into(),
        phone: "12".into(),
        fax: "x".into(),
        notes: "n".repeat(10_001),
        ..OverrideInput::default()
    };
    let Err(OverrideError::Wrong(problems)) = put_override(app, ann(), SALEM, &bad).await else {
        panic!("it was taken")
    };
    for field in ["email", "phone", "fax", "notes"] {
        assert!(problems.has(field), "{field}");
    }
    let nowhere = put_override(app, ann(), RegionId(99), &OverrideInput::default()).await;
    assert!(matches!(nowhere, Err(OverrideError::NotFound)));
}

#[tokio::test]
async fn a_region_gets_a_link_of_its_own_but_none_of_floridas() {
    let world = offices().await;
    let app = &world.app;
    assert!(put_link(app, ann(), BOSTON, " https://ballots.example.org/one ").await.unwrap());
    assert!(!put_link(app, ann(), BOSTON, "https://ballots.example.org/one").await.unwrap());
    world.clock.advance(TimeDelta::minutes(1));
    assert!(put_link(app, ann(), BOSTON, "https://ballots.example.org/two").await.unwrap());
    for url in
        ["", "ballots.example.org", "javascript:alert(1)", &format!("https://a.test/{}", "x".repeat(200))]
    {
        assert!(wrong(put_link(app, ann(), BOSTON, url).await, "url"), "{url}");
    }
    assert!(wrong(put_link(app, ann(), TAMPA, "https://a.test/").await, "region"));
    assert!(matches!(remove_link(app, ann(), TAMPA).await, Err(OverrideError::NotFound)));
    world.clock.advance(TimeDelta::minutes(1));
    remove_link(app, ann(), BOSTON).await.unwrap();
    assert!(matches!(remove_link(app, ann(), BOSTON).await, Err(OverrideError::NotFound)));
    let all = changes(&world, LINK_KIND, BOSTON).await;
    world.clock.advance(TimeDelta::minutes(1));
    assert!(restore_link(app, ann(), BOSTON, all[1].id).await.unwrap());
    let mut view = app.store.view().await.unwrap();
    let sheet = region_sheet(view.as_mut(), BOSTON).await.unwrap().unwrap();
    assert_eq!(sheet.link.unwrap().url, "https://ballots.example.org/one");
    drop(view);
    let acts: Vec<String> = changes(&world, LINK_KIND, BOSTON).await.into_iter().map(|it| it.act).collect();
    assert_eq!(acts, ["restored", "deleted", "changed", "created"]);
}

#[tokio::test]
async fn the_dashboard_shows_states_that_are_switched_on_and_their_regions_as_asked() {
    let world = offices().await;
    let app = &world.app;
    let clerk = OverrideInput {
        email: "clerk@example.org".into(),
        method: "self_print".into(),
        ..OverrideInput::default()
    };
    put_override(app, ann(), SALEM, &clerk).await.unwrap();
    let [line] = dashboard::states(app).await.unwrap().try_into().unwrap();
    assert_eq!((line.state.code, line.totals.coverage()), (State::Ma, Some(50)));
    assert_eq!((line.totals.email, line.totals.self_print, line.totals.overrides), (1, 1, 1));
    let asked = async |method: &str, overrides_only: bool| -> Vec<String> {
        let page = PageRequest { after: None, limit: 10 };
        let wish = RegionWish::read(method, overrides_only);
        let sheet = dashboard::state(app, State::Ma, wish, page).await.unwrap().unwrap();
        assert_eq!(sheet.found.regions, sheet.regions.rows.len() as u64);
        sheet.regions.rows.into_iter().map(|it| it.region.name.unwrap()).collect()
    };
    assert_eq!(asked("", false).await, ["Boston", "Salem"]);
    assert_eq!(asked("leo_email", false).await, ["Boston"]);
    assert_eq!(asked("", true).await, ["Salem"]);
    assert!(asked("leo_fax", true).await.is_empty());
    let page = |after| PageRequest { after, limit: 1 };
    let first = dashboard::state(app, State::Ma, RegionWish::default(), page(None)).await.unwrap().unwrap();
    let next = first.regions.next;
    assert_eq!(next, Some(BOSTON));
    let second = dashboard::state(app, State::Ma, RegionWish::default(), page(next)).await.unwrap().unwrap();
    assert_eq!((second.regions.rows[0].region.id, second.regions.next), (SALEM, None));
    // a state that is off has no page, nor does a region of another state
    let off = dashboard::state(app, State::Fl, RegionWish::default(), page(None)).await.unwrap();
    assert!(off.is_none());
    assert!(dashboard::region(app, State::Fl, TAMPA).await.unwrap().is_none());
    assert!(dashboard::region(app, State::Ma, TAMPA).await.unwrap().is_none());
    assert!(dashboard::region(app, State::Ma, SALEM).await.unwrap().is_some());
}

#[tokio::test]
async fn forms_that_went_by_letter_are_counted_for_the_state_and_each_of_its_regions() {
    let world = offices().await;
    let now = world.app.now();
    let mut unit = world.app.store.begin().await.unwrap();
    for (number, region, hours) in [
        (201, BOSTON, &[1, 2, 30][..]),
        (202, BOSTON, &[47]),
        (203, SALEM, &[23]),
        (204, SALEM, &[8 * 24]),
        (205, TAMPA, &[1]),
    ] {
        let action = Action { last_voter_lookup: None, ..rows::action(number) };
        unit.actions_mut().insert(&action).await.unwrap();
        let request = BallotRequest {
            id: BallotRequestId(rows::uuid(number)),
            action: Some(action.id),
            region: Some(region),
            ..rows::bare_ballot_request()
        };
        unit.ballot_requests_mut().insert(&request).await.unwrap();
        for (index, hours) in (0..).zip(hours) {
            let event = Event {
                id: EventId(rows::uuid(number * 10 + index)),
                action: action.id,
                kind: EventType::FinishLobConfirm,
                created_at: now - TimeDelta::hours(*hours),
            };
            unit.actions_mut().record(&event).await.unwrap();
        }
    }
    unit.commit().await.unwrap();
    let page = PageRequest { after: None, limit: 10 };
    let sheet = dashboard::state(&world.app, State::Ma, RegionWish::default(), page).await.unwrap().unwrap();
    let forms = |forms_day, forms_week| Sent { forms_day, forms_week, ..Sent::default() };
    assert_eq!(sheet.found.sent, forms(2, 3), "another state's were counted, too, or one twice");
    let by_region: Vec<_> = sheet.regions.rows.iter().map(|it| (it.region.id, it.sent)).collect();
    assert_eq!(by_region, [(BOSTON, forms(1, 2)), (SALEM, forms(1, 1))]);
    let (_, salem) = dashboard::region(&world.app, State::Ma, SALEM).await.unwrap().unwrap();
    assert_eq!(salem.sent, forms(1, 1));

    // a state is counted once in a minute, a region each time
    let mut unit = world.app.store.begin().await.unwrap();
    let action = Action { last_voter_lookup: None, ..rows::action(90) };
    unit.actions_mut().insert(&action).await.unwrap();
    let request = BallotRequest {
        id: BallotRequestId(rows::uuid(90)),
        action: Some(action.id),
        region: Some(SALEM),
        ..rows::bare_ballot_request()
    };
    unit.ballot_requests_mut().insert(&request).await.unwrap();
    let kind = EventType::FinishLobConfirm;
    let event = Event { id: EventId(rows::uuid(900)), action: action.id, kind, created_at: now };
    unit.actions_mut().record(&event).await.unwrap();
    unit.commit().await.unwrap();
    let (_, salem) = dashboard::region(&world.app, State::Ma, SALEM).await.unwrap().unwrap();
    assert_eq!(salem.sent, forms(2, 2));
    for (seconds, expected) in [(59, forms(2, 3)), (2, forms(3, 4))] {
        world.clock.advance(TimeDelta::seconds(seconds));
        let page = PageRequest { after: None, limit: 10 };
        let sheet = dashboard::state(&world.app, State::Ma, RegionWish::default(), page).await.unwrap();
        assert_eq!(sheet.unwrap().found.sent, expected, "{seconds}");
    }
}

/// A request that was signed and went to the office by mail, and one that did not.
async fn signed() -> (World, BallotRequestId) {
    let world = offices().await;
    let mut unit = world.app.store.begin().await.unwrap();
    let mut request = rows::ballot_request();
    request.region = Some(BOSTON);
    let action = request.action.unwrap();
    let form = rows::file(70, turnout_core::file::FileType::AbsForm, 10);
    request.result_item = Some(form.id);
    request.result_item_mail = None;
    unit.files_mut().insert(&form).await.unwrap();
    unit.uploads_mut().insert(&rows::upload(1, 1)).await.unwrap();
    unit.ballot_requests_mut().insert(&request).await.unwrap();
    unit.ballot_requests_mut().insert(&rows::bare_ballot_request()).await.unwrap();
    for (number, kind, second) in [(1, EventType::Start, 1), (2, EventType::FinishLeo, 5)] {
        let event = Event { id: EventId(rows::uuid(number)), action, kind, created_at: rows::at(second) };
        unit.actions_mut().record(&event).await.unwrap();
    }
    unit.commit().await.unwrap();
    world.app.files.put("key-1", Bytes::from_static(b"a signature"), "image/png").await.unwrap();
    // what was sent lies behind us
    world.clock.advance(TimeDelta::days(60));
    (world, request.id)
}

#[tokio::test]
async fn an_application_is_found_by_the_voters_name_and_by_its_region() {
    let (world, id) = signed().await;
    let found = async |q: &str, region: Option<RegionId>| {
        let page = PageRequest { after: None, limit: 10 };
        let found = dashboard::applications(&world.app, &SearchQuery::parse(q), region, page).await.unwrap();
        found.rows.into_iter().map(|it| (it.request, it.by)).collect::<Vec<_>>()
    };
    let it = [(id, HandOver::Email)];
    assert_eq!(found("", None).await, it);
    assert_eq!(found("", Some(BOSTON)).await, it);
    assert!(found("", Some(SALEM)).await.is_empty());
    let name = rows::ballot_request().name.last.unwrap();
    assert_eq!(found(&name, None).await, it);
    assert!(found("nobody", None).await.is_empty());
}

#[tokio::test]
async fn the_preview_has_no_number_is_made_once_and_is_noted_each_time() {
    let (world, id) = signed().await;
    let filed = preview::application(&world.app, id).await.unwrap().unwrap();
    assert!(filed.can_preview && filed.by == HandOver::Email && filed.events.len() == 2);
    let first = preview::preview(&world.app, ann(), id).await.unwrap();
    let text = String::from_utf8_lossy(&first).into_owned();
    assert!(text.contains(": XXXX\n"), "{text}");
    let filled = world.forms.filled();
    assert_eq!(preview::preview(&world.app, ann(), id).await.unwrap(), first);
    assert_eq!(world.forms.filled(), filled, "it was kept");
    let mut view = world.app.store.view().await.unwrap();
    let filter = ChangeFilter::history(preview::KIND, id);
    let noted = view.changes().page(&filter, &PageRequest { after: None, limit: 9 }).await.unwrap().rows;
    assert_eq!(noted.len(), 2);
    assert!(noted.iter().all(|it| it.act == "previewed" && it.by == Some(ann()) && it.before.is_none()));
    assert_eq!(noted[0].subscriber, rows::ballot_request().subscriber);
}

#[tokio::test]
async fn what_did_not_go_to_an_office_or_is_deleted_has_no_preview() {
    let (world, id) = signed().await;
    let other = rows::bare_ballot_request().id;
    assert!(preview::application(&world.app, other).await.unwrap().is_none());
    let refused = preview::preview(&world.app, ann(), other).await;
    assert!(matches!(refused, Err(PreviewError::NotFound)));
    let mut unit = world.app.store.begin().await.unwrap();
    let mut form = unit
        .files_mut()
        .lock(rows::file(70, turnout_core::file::FileType::AbsForm, 10).id)
        .await
        .unwrap()
        .unwrap();
    form.purged = Some(world.app.now());
    unit.files_mut().update(&form).await.unwrap();
    unit.commit().await.unwrap();
    let filed = preview::application(&world.app, id).await.unwrap().unwrap();
    assert!(!filed.can_preview);
    assert!(matches!(preview::preview(&world.app, ann(), id).await, Err(PreviewError::Gone)));
}
