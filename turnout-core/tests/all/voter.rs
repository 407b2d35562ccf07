//! A world with states, facts and subscribers in it, and a voter's input.

use serde_json::{Map, Value, json};
use turnout_core::{
    action::EventType,
    address::State,
    app::AppBuilder,
    election::StateProfile,
    file::{FileType, StoredFile},
    ids::{ActionId, FileId, JobId, OfficeAddressId, OfficeId, RegionId, RegistrationId},
    input::Input,
    jobs::{JobRecord, step},
    memory::World,
    official::{Office, OfficeAddress, Region},
    page::PageRequest,
    ports::store::{Store, Unit},
    register::{self, Options, Registration, Scope, SubmitError, Submitted},
    seed::seed,
};

/// The number that must not be found anywhere.
pub(crate) const NUMBER: &str = "QX-7261940-ZW";

/// A world with the rows of a fresh installation.
pub(crate) async fn seeded() -> World {
    seeded_with(|app| app).await
}

pub(crate) async fn seeded_with(change: impl FnOnce(AppBuilder) -> AppBuilder) -> World {
    let world = World::with(change);
    seed(&world.app).await.unwrap();
    world
}

/// What a voter types who fills in everything that has to be there.
pub(crate) fn complete() -> Value {
    json!({
        "first_name": "Ada", "last_name": "Nguyễn", "address1": "12 Elm St", "city": "Boston",
        "state": "MA", "zipcode": "02139", "date_of_birth": "1990-12-10", "email": "ada@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": NUMBER,
    })
}

/// The first page: who and where.
pub(crate) fn minimum() -> Value {
    let mut page = complete();
    for name in ["us_citizen", "is_18_or_over", "state_id_number"] {
        page.as_object_mut().unwrap().remove(name);
    }
    page
}

/// `base` with the fields of `more` over it.
pub(crate) fn with(mut base: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object is expected") };
    base.as_object_mut().unwrap().extend(more);
    base
}

pub(crate) fn input(value: Value) -> Input {
    let Value::Object(values) = value else { panic!("an object is expected") };
    Input::json(values)
}

pub(crate) fn nothing() -> Value {
    Value::Object(Map::new())
}

pub(crate) const COMPLETE: Options = Options { incomplete: false, match_region: false, subscriber: None };
pub(crate) const INCOMPLETE: Options = Options { incomplete: true, match_region: false, subscriber: None };

pub(crate) async fn submit(world: &World, body: Value, options: &Options) -> Submitted {
    match register::submit(&world.app, &input(body), options).await {
        Ok(submitted) => submitted,
        Err(error) => panic!("{error}: {error:?}"),
    }
}

pub(crate) async fn patch(world: &World, id: RegistrationId, body: Value, options: &Options) -> Submitted {
    match try_patch(world, id, body, options).await {
        Ok(submitted) => submitted,
        Err(error) => panic!("{error}: {error:?}"),
    }
}

pub(crate) async fn try_patch(
    world: &World,
    id: RegistrationId,
    body: Value,
    options: &Options,
) -> Result<Submitted, SubmitError> {
    register::update(&world.app, id, &input(body), options, Scope::Part).await
}

/// The body of the 400 answer; panics on every other outcome.
pub(crate) fn refusal<T>(outcome: Result<T, SubmitError>) -> Value {
    match outcome {
        Err(SubmitError::Problems(problems)) => problems.to_json(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was taken"),
    }
}

pub(crate) async fn stored(world: &World, id: RegistrationId) -> Registration {
    world.store.view().await.unwrap().registrations().by_id(id).await.unwrap().unwrap()
}

pub(crate) async fn stored_file(world: &World, id: FileId) -> StoredFile {
    world.store.view().await.unwrap().files().by_id(id).await.unwrap().unwrap()
}

/// All forms' rows that are not purged.
pub(crate) async fn forms(world: &World) -> Vec<StoredFile> {
    let mut view = world.store.view().await.unwrap();
    let forever = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    view.files().unpurged(&[FileType::RegForm], forever, 1_000).await.unwrap()
}

pub(crate) async fn events(world: &World, action: Option<ActionId>) -> Vec<EventType> {
    let mut view = world.store.view().await.unwrap();
    let events = view.actions().events(action.unwrap()).await.unwrap();
    events.into_iter().map(|event| event.kind).collect()
}

/// Jobs that are not done, oldest due first.
pub(crate) async fn jobs(world: &World) -> Vec<JobRecord> {
    let mut view = world.store.view().await.unwrap();
    let page: PageRequest<JobId> = PageRequest { after: None, limit: 1_000 };
    let mut jobs = view.jobs().unfinished(page).await.unwrap().rows;
    jobs.sort_by(|a, b| (a.due_at, &a.kind).cmp(&(b.due_at, &b.kind)));
    jobs
}

/// Their names.
pub(crate) async fn kinds(world: &World) -> Vec<String> {
    jobs(world).await.into_iter().map(|job| job.kind).collect()
}

/// Runs everything that is due now.
pub(crate) async fn run_due(world: &World) -> usize {
    step::run_all_due(&world.app).await.unwrap()
}

/// What is on the paper of a file.
pub(crate) async fn paper(world: &World, file: &StoredFile) -> String {
    let bytes = world.app.files.get(&file.key).await.unwrap().unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Changes rows in a unit of their own.
pub(crate) async fn rows(world: &World, change: impl AsyncFnOnce(&mut dyn Unit)) {
    let mut unit = world.store.begin().await.unwrap();
    change(unit.as_mut()).await;
    unit.commit().await.unwrap();
}

/// Two visible regions of Massachusetts and a hidden one; only Boston has an office with an address.
pub(crate) async fn with_offices(world: &World) {
    rows(world, async |unit| {
        for (id, name, hidden) in [(2, "Worcester", false), (1, "Boston", false), (3, "Hidden", true)] {
            let region = Region {
                id: RegionId(id),
                name: Some(name.into()),
                county: None,
                municipality: None,
                municipality_type: None,
                state: Some(State::Ma),
                hidden,
                external_updated: None,
            };
            unit.officials_mut().put_region(&region).await.unwrap();
            let office = Office {
                id: OfficeId(id),
                region: Some(region.id),
                hours: None,
                notes: None,
                external_updated: None,
            };
            unit.officials_mut().put_office(&office).await.unwrap();
        }
        let address = OfficeAddress {
            id: Some(OfficeAddressId(1)),
            office: Some(OfficeId(1)),
            address: Some("1 CITY HALL SQ".into()),
            city: Some("BOSTON".into()),
            state: Some(State::Ma),
            zipcode: Some("02201".into()),
            ..OfficeAddress::default()
        };
        unit.officials_mut().put_address(&address).await.unwrap();
    })
    .await;
}

/// Lets a state have printed forms sent to voters for signing.
pub(crate) async fn allow_print_and_forward(unit: &mut dyn Unit, state: State) {
    let profile = unit.elections().state(state).await.unwrap().unwrap();
    let profile = StateProfile { allow_print_and_forward: Some(true), ..profile };
    unit.elections_mut().put_state(&profile).await.unwrap();
}
