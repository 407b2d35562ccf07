//! A supplier's list of regions and offices is taken over whole, or not at all.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use chrono::{NaiveTime, TimeDelta};
use serde_json::{Value, json};
use turnout_core::{
    address::{Address, State},
    error::{ProviderError, ProviderErrorKind},
    ids::RegionId,
    jobs::{JobState, schedule},
    memory::World,
    official::{
        ListDraft, Location, OfficeList, Region,
        differences::Subject,
        generated,
        losses::{Lacks, Loss, Short},
        sync::{self, SyncError, SyncOptions, Synced, Tally},
    },
    ports::{
        geocoder::{Accuracy, Components, GeocodeError, GeocodeErrorKind, Geocoded, Geocoder},
        officials::OfficialsSource,
        regions::{RegionMatch, RegionMatcher},
        store::{RegionFilter, Store},
    },
    settings::Settings,
};

use crate::voter::{jobs, rows, run_due, seeded, seeded_with};

/// Regions of Massachusetts from 1 to `regions`, each with an office and an address.
fn records(regions: i64) -> Vec<Value> {
    let of = |id: i64| {
        let address = json!({
            "id": 200 + id, "street1": format!("{id} Main St"), "city": "BOSTON", "state": "MA", "zip": "02201",
            "functions": ["DOM_VR"], "is_physical": true,
        });
        [
            json!({"id": id, "region_name": format!("Town of {id}"), "state_abbr": "MA"}),
            json!({"id": 100 + id, "region": format!("/eod/v3/regions/{id}"), "hours": "9-5", "addresses": [address]}),
        ]
    };
    (1..=regions).flat_map(of).collect()
}

/// Regions of a state from the number `first` on, each with an office and an address.
fn of_state(state: &str, first: i64, regions: i64) -> Vec<Value> {
    let of = |id: i64| {
        let address = json!({"id": 20_000 + id, "street1": format!("{id} Main St"), "functions": ["DOM_VR"]});
        [
            json!({"id": id, "region_name": format!("County {id}"), "state_abbr": state}),
            json!({"id": 10_000 + id, "region": id, "addresses": [address]}),
        ]
    };
    (first..first + regions).flat_map(of).collect()
}

/// What all that a list lacks is, as it is refused.
fn lacks(outcome: Result<Synced, SyncError>) -> Lacks {
    match outcome {
        Err(SyncError::Lacking(lacks)) => lacks,
        other => panic!("{other:?}"),
    }
}

fn list(records: &[Value]) -> OfficeList {
    let mut draft = ListDraft::default();
    draft.read("list", &json!(records));
    draft.check().unwrap()
}

async fn take(world: &World, records: &[Value]) -> Synced {
    take_as(world, records, &SyncOptions::default()).await.unwrap()
}

async fn take_as(world: &World, records: &[Value], options: &SyncOptions) -> Result<Synced, SyncError> {
    sync::take_over(&world.app, &list(records), options).await
}

async fn names(world: &World, state: State) -> Vec<String> {
    let mut view = world.store.view().await.unwrap();
    let regions = view.officials().regions(state, &RegionFilter::default()).await.unwrap();
    regions.into_iter().filter_map(|region| region.name).collect()
}

fn added(added: usize) -> Tally {
    Tally { added, ..Tally::default() }
}

#[tokio::test]
async fn a_list_is_taken_over_and_the_same_list_again_changes_nothing() {
    let world = seeded().await;
    let first = take(&world, &records(2)).await;
    assert_eq!((first.regions, first.offices, first.addresses), (added(2), added(2), added(2)));
    let again = take(&world, &records(2)).await;
    let same = Tally { unchanged: 2, ..Tally::default() };
    assert_eq!((again.regions, again.offices, again.addresses), (same, same, same));
    assert_eq!(names(&world, State::Ma).await, ["Town of 1", "Town of 2"]);
}

#[tokio::test]
async fn what_changed_is_changed_and_an_office_may_move() {
    let world = seeded().await;
    take(&world, &records(2)).await;
    let mut changed = records(2);
    changed[0]["region_name"] = json!("City of 1");
    changed[3]["region"] = json!(1);
    let synced = take(&world, &changed).await;
    let one = Tally { changed: 1, unchanged: 1, ..Tally::default() };
    assert_eq!((synced.regions, synced.offices), (one, one));
    assert_eq!(names(&world, State::Ma).await, ["City of 1", "Town of 2"]);
    let mut view = world.store.view().await.unwrap();
    assert_eq!(view.officials().offices(RegionId(1)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_a_list_lacks_is_gone_and_may_come_back() {
    let world = seeded().await;
    take(&world, &records(3)).await;
    let synced = take(&world, &records(2)).await;
    let gone = Tally { unchanged: 2, gone: 1, ..Tally::default() };
    assert_eq!((synced.regions, synced.offices, synced.addresses), (gone, gone, gone));
    assert_eq!(names(&world, State::Ma).await, ["Town of 1", "Town of 2"]);
    let mut view = world.store.view().await.unwrap();
    assert!(view.officials().region(RegionId(3)).await.unwrap().is_some(), "a registration may point to it");
    assert!(view.officials().offices(RegionId(3)).await.unwrap().is_empty());
    let again = take(&world, &records(2)).await;
    assert_eq!(again.regions, Tally { unchanged: 2, ..Tally::default() }, "it is gone once");
    let back = take(&world, &records(3)).await;
    assert_eq!((back.regions.added, back.offices.added), (1, 1));
    assert_eq!(names(&world, State::Ma).await.len(), 3);
}

#[tokio::test]
async fn a_list_that_lacks_much_is_refused_unless_losses_are_accepted() {
    let world = seeded().await;
    take(&world, &records(100)).await;
    let loss = |state, what, gone| Loss { state, what, gone, known: 100 };
    let both = |what, gone| [loss(None, what, gone), loss(Some(State::Ma), what, gone)];
    let refused = lacks(take_as(&world, &records(94), &SyncOptions::default()).await);
    let all = [Subject::Region, Subject::Office, Subject::Address].map(|what| both(what, 6));
    let (of_all, of_state): (Vec<Loss>, Vec<Loss>) = all.into_iter().map(|[all, state]| (all, state)).unzip();
    assert_eq!(refused, Lacks { losses: [of_all, of_state].concat(), short: Vec::new() });
    assert_eq!(names(&world, State::Ma).await.len(), 100);
    let without_offices: Vec<Value> =
        records(100).into_iter().filter(|record| record.get("addresses").is_none()).collect();
    let refused = lacks(take_as(&world, &without_offices, &SyncOptions::default()).await);
    assert!(refused.losses.contains(&loss(None, Subject::Office, 100)), "{refused}");
    assert!(refused.losses.iter().all(|loss| loss.what != Subject::Region), "{refused}");
    let accepted = SyncOptions { accept_losses: true, ..SyncOptions::default() };
    assert_eq!(take_as(&world, &records(10), &accepted).await.unwrap().regions.gone, 90);
}

#[tokio::test]
async fn a_list_without_a_state_is_refused_though_it_lacks_hardly_any_of_all() {
    let world = seeded().await;
    let (others, florida) = (of_state("WI", 1_000, 1_850), of_state("FL", 1, 67));
    let small = [of_state("DE", 100, 3), of_state("HI", 200, 5)].concat();
    let whole = [others.clone(), florida.clone(), small.clone()].concat();
    take(&world, &whole).await;
    let options = SyncOptions::default();
    let refused = take_as(&world, &[others.clone(), florida.clone()].concat(), &options).await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the list lacks 3 of 3 regions, 3 of 3 offices, 3 of 3 addresses of DE; \
         5 of 5 regions, 5 of 5 offices, 5 of 5 addresses of HI; if that is right, have losses accepted"
    );
    let without_florida = [others.clone(), small.clone()].concat();
    let refused = lacks(take_as(&world, &without_florida, &options).await);
    assert_eq!(
        refused.to_string(),
        "the list lacks 67 of 67 regions, 67 of 67 offices, 67 of 67 addresses of FL"
    );
    // a state is whole, but its offices are not
    let no_offices = florida.iter().filter(|record| record.get("addresses").is_none()).cloned();
    let no_offices = [others.clone(), small.clone(), no_offices.collect()].concat();
    let refused = lacks(take_as(&world, &no_offices, &options).await);
    assert_eq!(refused.to_string(), "the list lacks 67 of 67 offices, 67 of 67 addresses of FL");
    // a part of it
    let part = [others.clone(), small.clone(), florida[..2 * 61].to_vec()].concat();
    let refused = lacks(take_as(&world, &part, &options).await);
    assert_eq!(
        refused.to_string(),
        "the list lacks 6 of 67 regions, 6 of 67 offices, 6 of 67 addresses of FL"
    );
    // a dry run is refused alike, and nothing was done so far
    let dry = SyncOptions { dry_run: true, ..SyncOptions::default() };
    lacks(take_as(&world, &part, &dry).await);
    for (state, count) in [(State::Fl, 67), (State::De, 3), (State::Hi, 5)] {
        assert_eq!(names(&world, state).await.len(), count);
    }
    let same = Tally { unchanged: 1_925, ..Tally::default() };
    assert_eq!(take(&world, &whole).await.offices, same);

    // what goes in a day goes, and who insists is believed
    let day = [others.clone(), florida[..2 * 62].to_vec(), small[2..].to_vec()].concat();
    let synced = take(&world, &day).await;
    assert_eq!((synced.regions.gone, synced.offices.gone, synced.addresses.gone), (6, 6, 6));
    let accepted = SyncOptions { accept_losses: true, ..SyncOptions::default() };
    take_as(&world, &[others, small].concat(), &accepted).await.unwrap();
    assert!(names(&world, State::Fl).await.is_empty());
}

#[tokio::test]
async fn a_state_whose_regions_are_all_in_another_one_is_missed() {
    let world = seeded().await;
    take(&world, &[of_state("DE", 1, 3), of_state("MD", 10, 24)].concat()).await;
    let moved = [of_state("MD", 1, 3), of_state("MD", 10, 24)].concat();
    let refused = lacks(take_as(&world, &moved, &SyncOptions::default()).await);
    assert_eq!(refused.to_string(), "the list lacks 3 of 3 regions, 3 of 3 offices, 3 of 3 addresses of DE");
    // a state outside of the list's is none of its business
    let of_maryland = SyncOptions { states: Some(BTreeSet::from([State::Md])), ..SyncOptions::default() };
    take_as(&world, &of_state("MD", 10, 24), &of_maryland).await.unwrap();
    assert_eq!(names(&world, State::De).await.len(), 3);
}

#[tokio::test]
async fn hidden_regions_of_our_own_keep_no_state_from_being_missed_and_are_not_missed_themselves() {
    let world = seeded().await;
    take(&world, &[of_state("DE", 1, 2), of_state("MD", 10, 24)].concat()).await;
    rows(&world, async |unit| {
        let region = unit.officials().region(RegionId(1)).await.unwrap().unwrap();
        unit.officials_mut().put_region(&Region { hidden: true, ..region }).await.unwrap();
    })
    .await;
    let maryland = of_state("MD", 10, 24);
    let refused = lacks(take_as(&world, &maryland, &SyncOptions::default()).await);
    assert_eq!(refused.to_string(), "the list lacks 1 of 1 regions, 1 of 1 offices, 1 of 1 addresses of DE");
    take(&world, &[of_state("DE", 2, 1), maryland].concat()).await;
    let mut view = world.store.view().await.unwrap();
    assert_eq!(view.officials().offices(RegionId(1)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_of_which_not_all_records_came_is_refused_unless_losses_are_accepted() {
    let world = seeded().await;
    take(&world, &records(3)).await;
    let short = Short { what: Subject::Office, said: 4, came: 3 };
    let list = OfficeList { short: vec![short], ..list(&records(3)) };
    let refused = sync::take_over(&world.app, &list, &SyncOptions::default()).await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the supplier says that it has 4 offices, of which 3 came; if that is right, have losses accepted"
    );
    let accepted = SyncOptions { accept_losses: true, ..SyncOptions::default() };
    let synced = sync::take_over(&world.app, &list, &accepted).await.unwrap();
    assert_eq!(synced.offices, Tally { unchanged: 3, ..Tally::default() });
}

#[tokio::test]
async fn a_list_of_some_states_leaves_the_others_alone() {
    let world = seeded().await;
    let vermont = [json!({"id": 900, "region_name": "Georgia, Franklin County", "state_abbr": "VT"})];
    take(&world, &[records(2), vermont.to_vec()].concat()).await;
    let only = |state| SyncOptions { states: Some(BTreeSet::from([state])), ..SyncOptions::default() };
    let synced = take_as(&world, &records(1), &only(State::Ma)).await.unwrap();
    assert_eq!(synced.regions, Tally { unchanged: 1, gone: 1, ..Tally::default() });
    assert_eq!(names(&world, State::Vt).await.len(), 1);
    let other = take_as(&world, &records(1), &only(State::Vt)).await;
    assert!(matches!(other, Err(SyncError::OtherState { .. })), "{other:?}");
}

#[tokio::test]
async fn a_region_of_our_own_stays_with_its_office_and_hidden_ones_stay_hidden() {
    let world = seeded().await;
    take(
        &world,
        &[
            records(1),
            vec![
                json!({"id": 999_999_999, "region_name": "Test", "state_abbr": "MA"}),
                json!({"id": 999_999_998, "region": 999_999_999, "addresses": [{"id": 999_999_997}]}),
            ],
        ]
        .concat(),
    )
    .await;
    rows(&world, async |unit| {
        for id in [1, 999_999_999] {
            let region = unit.officials().region(RegionId(id)).await.unwrap().unwrap();
            unit.officials_mut().put_region(&Region { hidden: true, ..region }).await.unwrap();
        }
    })
    .await;
    let synced = take(&world, &records(1)).await;
    assert_eq!((synced.regions.gone, synced.offices.gone, synced.addresses.gone), (0, 0, 0));
    let mut view = world.store.view().await.unwrap();
    for id in [1, 999_999_999] {
        assert!(view.officials().region(RegionId(id)).await.unwrap().unwrap().hidden);
        assert_eq!(view.officials().offices(RegionId(id)).await.unwrap()[0].addresses.len(), 1);
    }
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let world = seeded().await;
    let dry = SyncOptions { dry_run: true, ..SyncOptions::default() };
    let said = take_as(&world, &records(2), &dry).await.unwrap();
    assert!(names(&world, State::Ma).await.is_empty());
    assert_eq!(said, take(&world, &records(2)).await);
}

#[tokio::test]
async fn an_address_keeps_its_place_on_earth_until_its_lines_change() {
    let world = seeded().await;
    take(&world, &records(1)).await;
    let place = Some(Location { lat: 42.36, lng: -71.06 });
    rows(&world, async |unit| {
        let mut address = unit.officials().offices(RegionId(1)).await.unwrap()[0].addresses[0].clone();
        address.location = place;
        unit.officials_mut().put_address(&address).await.unwrap();
    })
    .await;
    let location = async || {
        let mut view = world.store.view().await.unwrap();
        view.officials().offices(RegionId(1)).await.unwrap()[0].addresses[0].location
    };
    let mut records = records(1);
    records[1]["addresses"][0]["zip"] = json!("02201");
    assert_eq!(take(&world, &records).await.addresses.unchanged, 1);
    assert_eq!(location().await, place);
    records[1]["addresses"][0]["street1"] = json!("1 City Hall Square");
    assert_eq!(take(&world, &records).await.addresses.changed, 1);
    assert_eq!(location().await, None);
}

/// Knows one successor.
struct Names;

#[async_trait]
impl RegionMatcher for Names {
    async fn find(&self, _: &Address) -> Result<RegionMatch, ProviderError> {
        Ok(RegionMatch::None)
    }

    fn successors(&self, generated: &[Region], listed: &[Region]) -> Vec<(RegionId, RegionId)> {
        generated.iter().take(1).map(|region| (region.id, listed[0].id)).collect()
    }
}

fn generated_region(id: i64, state: State) -> Region {
    Region {
        id: RegionId(9_000_000_000 + id),
        name: Some(format!("County {id}")),
        county: None,
        municipality: None,
        municipality_type: None,
        state: Some(state),
        hidden: false,
        external_updated: None,
    }
}

#[tokio::test]
async fn generated_regions_are_listed_until_a_list_of_their_state_takes_their_place() {
    let world = seeded_with(|app| app.with_regions(Names)).await;
    let regions = [(25_025, State::Ma), (25_027, State::Ma), (50_011, State::Vt)];
    let regions = regions.map(|(id, state)| generated_region(id, state));
    assert_eq!(generated::put(&world.app, &regions).await.unwrap().put, 3);
    assert_eq!(generated::put(&world.app, &regions).await.unwrap(), generated::Generated::default());
    let fewer = generated::put(&world.app, &regions[..2]).await.unwrap();
    assert_eq!((fewer.put, fewer.gone), (0, 1));
    assert_eq!(generated::put(&world.app, &regions).await.unwrap().put, 1);

    let synced = take(&world, &records(1)).await;
    let [old, other] = [25_025, 25_027].map(|id| RegionId(9_000_000_000 + id));
    assert_eq!(synced.replaced, [(old, Some(RegionId(1))), (other, None)]);
    assert_eq!(synced.regions.gone, 0, "that is no loss");
    assert_eq!(names(&world, State::Ma).await, ["Town of 1"]);
    assert_eq!(names(&world, State::Vt).await, ["County 50011"]);
    let mut view = world.store.view().await.unwrap();
    assert_eq!(view.officials().region(old).await.unwrap().unwrap().id, RegionId(1));
    assert_eq!(view.officials().offices(old).await.unwrap().len(), 1);
    assert_eq!(view.officials().region(other).await.unwrap().unwrap().id, other);
    drop(view);

    // and they do not come back
    assert_eq!(generated::put(&world.app, &regions).await.unwrap(), generated::Generated::default());
    assert_eq!(take(&world, &records(1)).await.replaced, []);
}

/// A supplier whose list is this: none where it cannot be reached, nothing where its answer breaks off.
struct Supplier(Vec<Value>);

#[async_trait]
impl OfficialsSource for Supplier {
    async fn fetch(&self) -> Result<ListDraft, ProviderError> {
        if self.0.is_empty() {
            return Err(ProviderError::new("supplier", ProviderErrorKind::Unreachable));
        }
        if self.0 == [Value::Null] {
            return Err(ProviderError::new("supplier", ProviderErrorKind::Unintelligible));
        }
        let mut draft = ListDraft::of_passes();
        draft.read("list", &json!(self.0));
        Ok(draft)
    }
}

/// A world in which the list is fetched at half past six.
async fn nightly(supplier: Supplier) -> World {
    let mut settings = Settings::default();
    settings.official.sync_at = NaiveTime::from_hms_opt(6, 30, 0);
    let world = seeded_with(|app| app.with_settings(settings).with_officials(supplier)).await;
    world.clock.set("2026-09-01T06:31:00Z".parse().unwrap());
    schedule::run(&world.app, "2026-09-01T06:29:30Z".parse().unwrap()).await.unwrap();
    run_due(&world).await;
    world
}

async fn sync_job(world: &World) -> (JobState, String) {
    let job = jobs(world).await.into_iter().find(|job| job.kind == "official.sync").unwrap();
    (job.state, job.last_error.unwrap_or_default())
}

#[tokio::test]
async fn the_list_is_fetched_at_the_set_time() {
    let world = nightly(Supplier(records(2))).await;
    assert_eq!(names(&world, State::Ma).await.len(), 2);
    let unset = seeded_with(|app| app.with_officials(Supplier(records(2)))).await;
    unset.clock.set("2026-09-01T06:31:00Z".parse().unwrap());
    schedule::run(&unset.app, "2026-09-01T06:29:30Z".parse().unwrap()).await.unwrap();
    run_due(&unset).await;
    assert!(names(&unset, State::Ma).await.is_empty());
}

#[tokio::test]
async fn a_list_that_is_wrong_waits_for_a_person_and_one_that_is_late_is_fetched_again() {
    let world = nightly(Supplier(vec![json!({"id": 1, "region_name": "A", "state_abbr": "??"})])).await;
    assert_eq!(
        sync_job(&world).await,
        (JobState::Dead, "the list of election offices is wrong in 1 places".into())
    );
    for late in [Vec::new(), vec![Value::Null]] {
        let late = nightly(Supplier(late)).await;
        assert_eq!(sync_job(&late).await.0, JobState::Waiting, "what broke off may come whole");
    }
}

/// Knows where Main Street is in Massachusetts, to a few meters, and of one house only that it is in Vermont; number 3 is
/// in no street that it can look for. While it is down it answers nothing.
#[derive(Clone, Default)]
struct MainStreet {
    down: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<Address>>>,
}

#[async_trait]
impl Geocoder for MainStreet {
    fn name(&self) -> &'static str {
        "main street"
    }

    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        self.asked.lock().unwrap().push(address.clone());
        if self.down.load(Ordering::Relaxed) {
            return Err(GeocodeError::new(self.name(), GeocodeErrorKind::Unreachable));
        }
        let at = |lat, uncertainty_m, state| Geocoded {
            location: Location { lat, lng: -71.0 },
            uncertainty_m,
            accuracy: Accuracy::Rooftop,
            components: Components { state, ..Components::default() },
            source: "main street",
        };
        match address.address1.as_deref() {
            Some("1 Main St") => Ok(vec![at(41.0, 9_000.0, None), at(42.0, 30.0, Some(State::Ma))]),
            Some("2 Main St") => Ok(vec![at(44.0, 30.0, Some(State::Vt))]),
            Some("3 Main St") => Err(GeocodeError::new(self.name(), GeocodeErrorKind::BadAddress)),
            _ => Ok(Vec::new()),
        }
    }
}

async fn geocoding(geocode: bool, geocoder: &MainStreet) -> World {
    let mut settings = Settings::default();
    settings.official.geocode = geocode;
    seeded_with(|app| app.with_settings(settings).with_geocoder(geocoder.clone())).await
}

/// Lets time pass until every office was looked for: ten a second are.
async fn locate(world: &World) {
    for _ in 0..10 {
        run_due(world).await;
        world.clock.advance(TimeDelta::milliseconds(100));
    }
}

async fn latitude(world: &World, region: i64) -> Option<f64> {
    let mut view = world.store.view().await.unwrap();
    let offices = view.officials().offices(RegionId(region)).await.unwrap();
    offices[0].addresses[0].location.map(|location| location.lat)
}

#[tokio::test]
async fn offices_are_located_only_where_the_settings_say_so() {
    let geocoder = MainStreet::default();
    let world = geocoding(false, &geocoder).await;
    take(&world, &records(1)).await;
    locate(&world).await;
    assert_eq!((latitude(&world, 1).await, geocoder.asked.lock().unwrap().len()), (None, 0));

    let world = geocoding(true, &geocoder).await;
    let mut listed = records(4);
    listed[7]["addresses"][0]
        .as_object_mut()
        .unwrap()
        .extend([("lat".to_owned(), json!(42.5)), ("lng".to_owned(), json!(-71.5))]);
    take(&world, &listed).await;
    locate(&world).await;
    let mut latitudes = Vec::new();
    for region in 1..=4 {
        latitudes.push(latitude(&world, region).await);
    }
    assert_eq!(
        latitudes,
        [Some(42.0), None, None, Some(42.5)],
        "not the middle of a town, nor another state"
    );
    let mut asked = geocoder.asked.lock().unwrap().clone();
    asked.sort_by(|one, other| one.address1.cmp(&other.address1));
    let streets: Vec<_> = asked.iter().map(|address| address.address1.as_deref().unwrap()).collect();
    assert_eq!(streets, ["1 Main St", "2 Main St", "3 Main St"], "the list says where the fourth is");
    assert_eq!((asked[0].city.as_deref(), asked[0].state), (Some("BOSTON"), Some(State::Ma)));
}

#[tokio::test]
async fn an_office_is_located_once_and_again_when_it_moves() {
    let geocoder = MainStreet::default();
    let world = geocoding(true, &geocoder).await;
    for _ in 0..2 {
        take(&world, &records(2)).await;
        locate(&world).await;
    }
    assert_eq!(geocoder.asked.lock().unwrap().len(), 2, "what nobody knows is not asked for each night");
    assert_eq!(latitude(&world, 1).await, Some(42.0));
    let mut moved = records(2);
    moved[1]["addresses"][0]["street1"] = json!("9 Elm St");
    moved[3]["addresses"][0]["street1"] = json!("1 Main St");
    take(&world, &moved).await;
    locate(&world).await;
    assert_eq!((latitude(&world, 1).await, latitude(&world, 2).await), (None, Some(42.0)));
}

#[tokio::test]
async fn a_geocoder_that_is_down_is_asked_again_and_another_one_is_asked_at_once() {
    let (geocoder, other) = (MainStreet::default(), MainStreet::default());
    geocoder.down.store(true, Ordering::Relaxed);
    let world = geocoding(true, &geocoder).await;
    take(&world, &records(1)).await;
    locate(&world).await;
    let job = jobs(&world).await.into_iter().find(|job| job.kind == "official.locate").unwrap();
    assert_eq!((job.state, latitude(&world, 1).await), (JobState::Waiting, None));
    assert!(!job.last_error.unwrap().contains("Main"), "no address in what is kept of a failure");
    geocoder.down.store(false, Ordering::Relaxed);
    world.clock.advance(TimeDelta::hours(1));
    locate(&world).await;
    assert_eq!(latitude(&world, 1).await, Some(42.0));

    geocoder.down.store(true, Ordering::Relaxed);
    let mut settings = Settings::default();
    settings.official.geocode = true;
    let world = seeded_with(|app| {
        app.with_settings(settings).with_geocoder(geocoder.clone()).with_geocoder(other.clone())
    })
    .await;
    take(&world, &records(1)).await;
    locate(&world).await;
    assert_eq!(latitude(&world, 1).await, Some(42.0));
}

#[tokio::test]
async fn an_office_that_moved_while_it_was_looked_for_is_not_placed_where_it_was() {
    /// Has the office move while it is asked.
    struct Slow(Mutex<Option<World>>);

    #[async_trait]
    impl Geocoder for Slow {
        fn name(&self) -> &'static str {
            "slow"
        }

        async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
            let world = self.0.lock().unwrap().take();
            if let Some(world) = world {
                let mut moved = records(1);
                moved[1]["addresses"][0]["street1"] = json!("9 Elm St");
                take(&world, &moved).await;
            }
            MainStreet::default().geocode(address).await
        }
    }

    let slow = Arc::new(Slow(Mutex::new(None)));
    let mut settings = Settings::default();
    settings.official.geocode = true;
    let world = seeded_with(|app| app.with_settings(settings).with_geocoder(Arc::clone(&slow))).await;
    *slow.0.lock().unwrap() = Some(world.clone());
    take(&world, &records(1)).await;
    locate(&world).await;
    assert_eq!(latitude(&world, 1).await, None);
}
