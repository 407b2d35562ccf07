//! What follows when something that everybody reads was changed: what a CDN keeps of it is forgotten (`flows.md` 24, 2026-11).
//!
//! The change and this consequence are kept in one unit; the call is made by a job, not while somebody saves.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    address::State,
    app::App,
    ids::FieldTypeId,
    jobs::{JobContext, JobError, NewJob},
    ports::{
        cdn,
        store::{StoreError, Unit},
    },
};

/// The tags of every page of states and of kinds of facts.
const ALL_PAGES: [&str; 2] = ["state", "stateinformationfieldtype"];
/// Every process keeps finished answers for a minute, unless it changed them itself: what a CDN fetched of another process
/// right after the first call may be old still, and is forgotten by the second.
const ONCE_MORE: TimeDelta = TimeDelta::seconds(90);

/// Has what a CDN keeps under these tags forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purge {
    /// The tags, without the environment's prefix: codes of states, ids of kinds of facts, names of pages.
    pub tags: BTreeSet<String>,
}

impl Purge {
    /// The job's name.
    pub const KIND: &'static str = "election.purge_cdn";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Purges them. Again is as good as once.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let Some(environment) = &app.settings.election.cdn_environment else { return Ok(()) };
        let tags: Vec<String> = self.tags.iter().map(|tag| cdn::tag(environment, tag)).collect();
        app.cdn.purge(&tags).await?;
        Ok(())
    }
}

/// Facts were changed: the pages of their states, and those of their kinds (quirk Q59).
pub(super) async fn facts(
    app: &App,
    unit: &mut dyn Unit,
    changed: impl IntoIterator<Item = (State, FieldTypeId)> + Send,
) -> Result<(), StoreError> {
    let changed: Vec<(State, FieldTypeId)> = changed.into_iter().collect();
    let states = changed.iter().map(|(state, _)| state.code().to_owned());
    let kinds = changed.iter().map(|(_, kind)| kind.to_string());
    enqueue(app, unit, states.chain(kinds).collect()).await
}

/// Kinds of facts were changed: every page has their names.
pub(crate) async fn field_types(app: &App, unit: &mut dyn Unit) -> Result<(), StoreError> {
    enqueue(app, unit, ALL_PAGES.map(str::to_owned).into()).await
}

async fn enqueue(app: &App, unit: &mut dyn Unit, tags: BTreeSet<String>) -> Result<(), StoreError> {
    if app.settings.election.cdn_environment.is_none() || tags.is_empty() {
        return Ok(());
    }
    let job = Purge { tags }.job(app);
    let again = NewJob { id: crate::ids::JobId(app.ids.uuid()), ..job.clone() }.at(app.now() + ONCE_MORE);
    unit.jobs_mut().enqueue_all(&[job, again]).await?;
    Ok(())
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        back_office::{self, Entity},
        conformance::rows,
        election::edit::{self, FactInput},
        ids::UserId,
        jobs::step,
        memory::{PurgeLog, World},
        ports::store::Store as _,
        settings::Settings,
    };

    const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));

    async fn world(environment: Option<&str>) -> (World, PurgeLog) {
        let log = PurgeLog::new();
        let mut settings = Settings::default();
        settings.election.cdn_environment = environment.map(str::to_owned);
        let world = World::with(|app| app.with_cdn(log.clone()).with_settings(settings));
        let mut unit = world.store.begin().await.expect("a unit");
        for state in [State::Ma, State::Oh] {
            unit.elections_mut().put_state(&rows::state(state)).await.expect("a state");
        }
        unit.elections_mut().insert_field_type(&rows::field_type(1, "a", None)).await.expect("a kind");
        for fact in [rows::fact(1, State::Ma, 1, "one"), rows::fact(2, State::Oh, 1, "one")] {
            unit.elections_mut().insert_information(&fact).await.expect("a fact");
        }
        unit.commit().await.expect("a commit");
        (world, log)
    }

    async fn save(world: &World, text: &str) {
        let input = FactInput { text: text.into(), ..FactInput::default() };
        edit::save(&world.app, ACTOR, (State::Ma, "a"), &input, None).await.expect("it is saved");
    }

    #[tokio::test]
    async fn an_edit_purges_its_state_and_its_kind_now_and_when_no_process_keeps_the_old_one() {
        let (world, log) = world(Some("prod")).await;
        save(&world, "two").await;
        step::run_all_due(&world.app).await.expect("they run");
        let tags = vec![format!("toprod{}", FieldTypeId(rows::uuid(1))), "toprodma".to_owned()];
        assert_eq!(log.take(), std::slice::from_ref(&tags));
        world.clock.advance(ONCE_MORE);
        step::run_all_due(&world.app).await.expect("they run");
        assert_eq!(log.take(), [tags]);
        // nothing is purged for what says the same
        save(&world, "two").await;
        world.clock.advance(ONCE_MORE);
        step::run_all_due(&world.app).await.expect("they run");
        assert!(log.take().is_empty());
    }

    #[tokio::test]
    async fn a_cdn_that_does_not_answer_is_asked_again_and_nobody_waits_for_it() {
        let (world, log) = world(Some("prod")).await;
        log.fail_next(1);
        save(&world, "two").await;
        step::run_all_due(&world.app).await.expect("they run");
        assert!(log.take().is_empty());
        world.clock.advance(TimeDelta::hours(1));
        step::run_all_due(&world.app).await.expect("they run");
        assert_eq!(log.take().len(), 2);
    }

    #[tokio::test]
    async fn nothing_is_enqueued_where_there_is_no_cdn() {
        let (world, log) = world(None).await;
        save(&world, "two").await;
        assert_eq!(step::run_all_due(&world.app).await.expect("they run"), 0);
        assert!(log.take().is_empty());
    }

    #[tokio::test]
    async fn a_replacement_is_one_purge_of_everything_that_it_changed() {
        let (world, log) = world(Some("prod")).await;
        let mut unit = world.store.begin().await.expect("a unit");
        let kind = rows::field_type(2, "b", Some(crate::election::FieldFormat::Markdown));
        unit.elections_mut().insert_field_type(&kind).await.expect("a kind");
        for fact in [rows::fact(3, State::Ma, 2, "old"), rows::fact(4, State::Oh, 2, "old")] {
            unit.elections_mut().insert_information(&fact).await.expect("a fact");
        }
        unit.commit().await.expect("a commit");
        crate::election::replace(&world.app, None, "old", "new", None).await.expect("it is replaced");
        step::run_all_due(&world.app).await.expect("they run");
        let [tags] = log.take().try_into().expect("one call");
        assert_eq!(tags.len(), 3, "{tags:?}");
    }

    #[tokio::test]
    async fn a_kind_with_another_name_purges_every_page() {
        let (world, log) = world(Some("prod")).await;
        let given = |name: &str| (name == "long_name").then(|| "Another name".to_owned());
        let set = back_office::edit(&world.app, ACTOR, Entity::FieldTypes, "a", given).await;
        assert!(set.is_ok());
        step::run_all_due(&world.app).await.expect("they run");
        assert_eq!(log.take(), [["toprodstate", "toprodstateinformationfieldtype"]]);
    }
}
