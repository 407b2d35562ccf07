//! Deletes what is old, some at a time, each in a unit of its own: whoever is stopped goes on where he was.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::Kind;
use crate::{
    app::App,
    ports::store::{StoreError, unless_absent},
    subject::{HOLDINGS, Holding, Part, Set, Sets, erase_found, gather_from},
};

/// How many rows of a kind go at once.
const BATCH: u32 = 500;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many records went, by kind, without what hangs on them.
    pub deleted: BTreeMap<Kind, u64>,
    /// Whether nothing is left that is old.
    pub is_all: bool,
}

/// Since when a kind is too old, if it ever is.
fn before(app: &App, kind: Kind) -> Option<DateTime<Utc>> {
    Some(app.now() - app.settings.retention.span(kind)?)
}

/// How many records of each kind are older than they may become.
///
/// # Errors
/// When the store fails.
pub async fn count(app: &App) -> Result<BTreeMap<Kind, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    let mut view = app.store.view().await?;
    for kind in Kind::ALL {
        if let Some(before) = before(app, kind) {
            counts.insert(kind, unless_absent(view.subjects().count_older(kind, before).await)?);
        }
    }
    Ok(counts)
}

/// Deletes what is older than it may become, at most about so many records, and tells of each kind that it begins.
///
/// # Errors
/// When the store fails; what went until then is gone whole, and the rest is there whole.
pub async fn run(app: &App, most: Option<u64>, mut begins: impl FnMut(Kind)) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome { is_all: true, ..Outcome::default() };
    let mut total = 0;
    for kind in Kind::ALL {
        let Some(before) = before(app, kind) else { continue };
        begins(kind);
        loop {
            if most.is_some_and(|most| total >= most) {
                outcome.is_all = false;
                return Ok(outcome);
            }
            let deleted = unless_absent(step(app, kind, before).await)?;
            if deleted == 0 {
                break;
            }
            *outcome.deleted.entry(kind).or_default() += deleted;
            total += deleted;
        }
    }
    Ok(outcome)
}

/// Deletes some of one kind; how many.
async fn step(app: &App, kind: Kind, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let mut unit = app.store.begin().await?;
    let deleted = if kind.aging().is_record {
        let ids = unit.subjects().older(kind, before, BATCH).await?;
        let deleted = ids.len() as u64;
        let sets = Sets::from([(Set::Given, ids.into_iter().collect::<BTreeSet<_>>())]);
        let found = gather_from(unit.as_mut(), sets, NOT_FOLLOWED, HOLDINGS.iter().filter(hangs)).await?;
        erase_found(app, unit.as_mut(), &found).await?;
        deleted
    } else {
        unit.subjects_mut().delete_older(kind, before, BATCH).await?
    };
    app.reached("retention.before_commit");
    unit.commit().await?;
    app.reached("retention.after_unit");
    Ok(deleted)
}

/// What leads from a record to the person, and so to other records, which have a time of their own.
const NOT_FOLLOWED: &[Set] = &[Set::Visits, Set::Voters, Set::SameVoters, Set::Exporters];

/// Whether a holding may hang on a record.
fn hangs(holding: &&'static Holding) -> bool {
    holding.part == Part::Voter
}
