//! The pages of Florida's counties by the clock: what becomes of a list that is wrong, that is overtaken, or cannot be had.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use chrono::{NaiveTime, TimeDelta};
use turnout_core::{
    absentee::RegionLink,
    address::State,
    error::{ProviderError, ProviderErrorKind},
    ids::RegionId,
    jobs::{JobState, schedule},
    memory::{MemoryStore, World},
    official::Region,
    ports::{
        ballot_links::{BallotLinksSource, ListedLink},
        clock::Clock as _,
        store::{Store, StoreError, Unit, View},
    },
    settings::Settings,
};

use crate::voter::{jobs, rows, run_due};

const BAY: RegionId = RegionId(1);
const LEE: RegionId = RegionId(2);
const KIND: &str = "absentee.refresh_links";

/// Pages by county.
type Pages = Vec<(&'static str, &'static str)>;

/// Lists pages by county; none while it cannot be reached.
#[derive(Clone, Default)]
struct Source {
    pages: Arc<Mutex<Option<Pages>>>,
    /// Somebody is at it right after the list was compared, once.
    meddled: Arc<AtomicBool>,
    meddles: Arc<AtomicBool>,
}

impl Source {
    fn lists(&self, pages: &[(&'static str, &'static str)]) {
        *self.pages.lock().unwrap() = Some(pages.to_vec());
    }

    fn is_away(&self) {
        *self.pages.lock().unwrap() = None;
    }
}

#[async_trait]
impl BallotLinksSource for Source {
    async fn fetch(&self, state: State) -> Result<Vec<ListedLink>, ProviderError> {
        assert_eq!(state, State::Fl);
        if self.meddles.swap(false, Ordering::Relaxed) {
            self.meddled.store(true, Ordering::Relaxed);
        }
        let pages = self.pages.lock().unwrap().clone();
        let pages = pages.ok_or_else(|| ProviderError::new("list", ProviderErrorKind::Unreachable))?;
        Ok(pages
            .into_iter()
            .map(|(county, url)| ListedLink { county: county.into(), url: url.into() })
            .collect())
    }
}

/// A store in which the page of Bay County is another one when the next unit begins, where the source says so.
struct Meddling(MemoryStore, Source);

#[async_trait]
impl Store for Meddling {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.0.view().await
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        if self.1.meddled.swap(false, Ordering::Relaxed) {
            let mut unit = self.0.begin().await?;
            unit.ballot_requests_mut().put_region_link(&link(BAY, "https://somebody.example.org/")).await?;
            unit.commit().await?;
        }
        self.0.begin().await
    }

    async fn complaints(&self) -> Vec<String> {
        self.0.complaints().await
    }
}

fn link(region: RegionId, url: &str) -> RegionLink {
    let at = "2026-08-01T00:00:00Z".parse().unwrap();
    RegionLink { region, url: url.into(), created_at: at, modified_at: at }
}

/// Two counties of Florida, of which one has a page, on the morning of a day on which the list is taken over at half past
/// four.
async fn world(source: &Source) -> World {
    let mut settings = Settings::default();
    settings.absentee.links_sync_at = NaiveTime::from_hms_opt(4, 30, 0);
    let mut world = World::with(|app| app.with_settings(settings).with_ballot_links(source.clone()));
    world.app.store = Arc::new(Meddling(world.store.clone(), source.clone()));
    rows(&world, async |unit| {
        for (id, name) in [(BAY, "Bay County"), (LEE, "Lee County")] {
            let region = Region {
                id,
                name: Some(name.into()),
                county: None,
                municipality: None,
                municipality_type: None,
                state: Some(State::Fl),
                hidden: false,
                external_updated: None,
            };
            unit.officials_mut().put_region(&region).await.unwrap();
        }
        unit.ballot_requests_mut().put_region_link(&link(BAY, "https://old.example.org/bay")).await.unwrap();
    })
    .await;
    world.clock.set("2026-09-01T04:31:00Z".parse().unwrap());
    world
}

/// The scheduler looks, and what is due runs.
async fn by_the_clock(world: &World) {
    let since = world.clock.now() - TimeDelta::minutes(2);
    schedule::run(&world.app, since).await.unwrap();
    run_due(world).await;
}

/// The job, unless it is done.
async fn job(world: &World) -> Option<(JobState, String)> {
    let job = jobs(world).await.into_iter().find(|job| job.kind == KIND)?;
    Some((job.state, job.last_error.unwrap_or_default()))
}

async fn pages(world: &World) -> [Option<String>; 2] {
    let mut view = world.store.view().await.unwrap();
    let mut pages = [const { None }; 2];
    for (page, region) in pages.iter_mut().zip([BAY, LEE]) {
        *page = view.ballot_requests().region_link(region).await.unwrap().map(|link| link.url);
    }
    pages
}

fn all(bay: &str, lee: &str) -> [Option<String>; 2] {
    [Some(bay.to_owned()), Some(lee.to_owned())]
}

const GOOD: [(&str, &str); 2] =
    [("Bay", "https://new.example.org/bay"), ("LEE COUNTY", "https://new.example.org/lee")];

#[tokio::test]
async fn the_list_is_taken_over_at_the_set_time_and_only_then() {
    let source = Source::default();
    source.lists(&GOOD);
    let world = world(&source).await;
    by_the_clock(&world).await;
    assert_eq!(job(&world).await, None, "it is done");
    assert_eq!(pages(&world).await, all("https://new.example.org/bay", "https://new.example.org/lee"));
    source.lists(&[("Bay", "https://b.example.org/"), ("Lee", "https://l.example.org/")]);
    world.clock.advance(TimeDelta::hours(2));
    by_the_clock(&world).await;
    assert_eq!(pages(&world).await, all("https://new.example.org/bay", "https://new.example.org/lee"));
    world.clock.advance(TimeDelta::hours(22));
    by_the_clock(&world).await;
    assert_eq!(pages(&world).await, all("https://b.example.org/", "https://l.example.org/"));
}

#[tokio::test]
async fn a_list_that_is_wrong_changes_nothing_and_its_job_lies_there_for_somebody_to_see() {
    let source = Source::default();
    source.lists(&[("Bay", "ftp://new.example.org/bay"), ("Nowhere", "https://new.example.org/nowhere")]);
    let world = world(&source).await;
    by_the_clock(&world).await;
    let dead = (JobState::Dead, "the list of Florida's counties is wrong in 3 places".to_owned());
    assert_eq!(job(&world).await, Some(dead.clone()));
    let before = [Some("https://old.example.org/bay".to_owned()), None];
    assert_eq!(pages(&world).await, before);
    // nothing becomes of it by itself
    source.lists(&GOOD);
    world.clock.advance(TimeDelta::hours(3));
    by_the_clock(&world).await;
    assert_eq!((job(&world).await, pages(&world).await), (Some(dead), before));
    // the next day is another day
    world.clock.advance(TimeDelta::hours(21));
    by_the_clock(&world).await;
    assert_eq!(pages(&world).await, all("https://new.example.org/bay", "https://new.example.org/lee"));
}

#[tokio::test]
async fn a_list_that_is_overtaken_writes_nothing_and_is_compared_again() {
    let source = Source::default();
    source.lists(&GOOD);
    source.meddles.store(true, Ordering::Relaxed);
    let world = world(&source).await;
    by_the_clock(&world).await;
    let (state, why) = job(&world).await.unwrap();
    assert_eq!((state, why.as_str()), (JobState::Waiting, "Bay County changed since the list was compared"));
    assert_eq!(pages(&world).await, [Some("https://somebody.example.org/".to_owned()), None]);
    world.clock.advance(TimeDelta::hours(1));
    run_due(&world).await;
    assert_eq!(job(&world).await, None, "it is done");
    assert_eq!(pages(&world).await, all("https://new.example.org/bay", "https://new.example.org/lee"));
}

#[tokio::test]
async fn a_source_that_is_away_is_asked_again_later() {
    let source = Source::default();
    let world = world(&source).await;
    by_the_clock(&world).await;
    let waiting = Some((JobState::Waiting, "list: cannot be reached".to_owned()));
    assert_eq!(job(&world).await, waiting);
    world.clock.advance(TimeDelta::hours(1));
    run_due(&world).await;
    assert_eq!(job(&world).await, waiting, "it is still away");
    source.lists(&GOOD);
    world.clock.advance(TimeDelta::hours(1));
    run_due(&world).await;
    assert_eq!(job(&world).await, None, "it is done");
    assert_eq!(pages(&world).await, all("https://new.example.org/bay", "https://new.example.org/lee"));
    source.is_away();
    world.clock.advance(TimeDelta::hours(22));
    by_the_clock(&world).await;
    assert_eq!(job(&world).await, waiting);
    assert_eq!(pages(&world).await, all("https://new.example.org/bay", "https://new.example.org/lee"));
}
