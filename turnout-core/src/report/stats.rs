//! How often each tool is used, by subscriber: counted little by little, so that nobody waits for a count (`flows.md`
//! 18.2).
//!
//! A use is counted a minute after it was made, whether or not it is visible to the subscriber. One without a subscriber
//! is nobody's (quirk Q89).

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::App,
    ids::SubscriberId,
    jobs::{JobContext, JobError, NewJob},
    listing::{Listing, Span, Tool},
    ports::store::StoreError,
};

/// A transaction that takes longer than that is not waited for.
const SETTLED: TimeDelta = TimeDelta::minutes(1);
/// How many days the figures of a subscriber show.
const DAYS: u64 = 30;

/// How often the tools of a subscriber were used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// By tool; one that was never used is missing.
    pub by_tool: BTreeMap<Tool, u64>,
    /// Up to when that is counted; nothing before the first count.
    pub counted_to: Option<DateTime<Utc>>,
}

impl Totals {
    /// How often a tool was used.
    #[must_use]
    pub fn of(&self, tool: Tool) -> u64 {
        self.by_tool.get(&tool).copied().unwrap_or_default()
    }
}

/// How often a tool was used on a day, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// The day.
    pub day: NaiveDate,
    /// The tool.
    pub tool: Tool,
    /// How often.
    pub count: u64,
}

/// Uses of a tool to add to the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// For the row of a total, should it be the first.
    pub id: Uuid,
    /// Whose voters used it.
    pub subscriber: SubscriberId,
    /// The tool, the day and how often.
    pub of_day: DayCount,
}

/// The figures on the first page of a subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Totals, as counted last.
    pub totals: Totals,
    /// What the subscriber sees of the last 24 hours, exactly.
    pub last_day: BTreeMap<Tool, u64>,
    /// Each of the last thirty days, today in UTC the last, and how often each tool was used.
    pub days: Vec<(NaiveDate, BTreeMap<Tool, u64>)>,
}

/// The figures of a subscriber at this moment.
///
/// # Errors
/// When the store fails.
pub async fn figures(app: &App, subscriber: SubscriberId) -> Result<Figures, StoreError> {
    let now = app.now();
    let today = now.date_naive();
    let first = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today);
    let mut view = app.store.view().await?;
    let totals = view.reports().totals(subscriber).await?;
    let counted = view.reports().days(subscriber, first).await?;
    let mut last_day = BTreeMap::new();
    for tool in Tool::ALL {
        let list = Listing { subscriber, tool: *tool };
        let span = Span { since: Some(now - TimeDelta::hours(24)), before: None, state: None };
        let count = view.listings().count(list, &span, u64::MAX).await?;
        last_day.insert(*tool, count);
    }
    let mut days: Vec<(NaiveDate, BTreeMap<Tool, u64>)> =
        first.iter_days().take_while(|day| *day <= today).map(|day| (day, BTreeMap::new())).collect();
    for DayCount { day, tool, count } in counted {
        if let Some((_, counts)) = days.iter_mut().find(|(it, _)| *it == day) {
            counts.insert(tool, count);
        }
    }
    Ok(Figures { totals, last_day, days })
}

/// Forgets all counts and has everything counted again: rows were taken over that are older than the last count.
///
/// # Errors
/// When the store fails.
pub async fn recount(app: &App) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    unit.reports_mut().lock_counted_to().await?;
    unit.reports_mut().forget_counts().await?;
    unit.jobs_mut().enqueue(&Count {}.job(app)).await?;
    unit.commit().await
}

/// Counts what was made since the last count.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Count {}

impl Count {
    /// The job's name.
    pub const KIND: &'static str = "report.count";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Counts, in one unit: what is counted is never counted again.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let until = app.now() - SETTLED;
        let mut unit = app.store.begin().await?;
        let after = match unit.reports_mut().lock_counted_to().await {
            Err(StoreError::Absent(_)) => return Ok(()),
            after => after?,
        };
        if until <= after {
            return Ok(());
        }
        for tool in Tool::ALL {
            let mut used = unit.reports_mut().used(*tool, after, until).await?;
            for use_ in &mut used {
                use_.id = app.ids.uuid();
            }
            unit.reports_mut().add_used(&used).await?;
        }
        unit.reports_mut().put_counted_to(until).await?;
        Ok(unit.commit().await?)
    }
}
