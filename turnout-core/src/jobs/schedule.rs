//! Every cadence, in one table. Any number of schedulers may run: a moment is claimed by name and time.

use std::{borrow::Cow, str::FromStr};

use chrono::{DateTime, NaiveTime, TimeDelta, Timelike as _, Utc};
use croner::Cron;
use serde::{Deserialize, Serialize};

use super::{JobContext, JobError, NewJob};
use crate::{
    absentee, account, app::App, crm, election, file, keyed_call, mover, official, ports::store::StoreError,
    register, report, retention, search, settings::Settings, sms, voter, webhook,
};

/// One cadence: its name, when it is due (cron, UTC), and the job.
pub struct Cadence {
    /// Its name, unique.
    pub name: &'static str,
    /// Minute, hour, day, month, weekday, in UTC; unless the settings say something else.
    pub cron: &'static str,
    /// What the settings say, where it is theirs to say: nothing is never.
    set: Option<fn(&Settings) -> Option<String>>,
    job: fn(&App) -> NewJob,
}

impl Cadence {
    const fn new(name: &'static str, cron: &'static str, job: fn(&App) -> NewJob) -> Self {
        Self { name, cron, set: None, job }
    }

    const fn set(mut self, set: fn(&Settings) -> Option<String>) -> Self {
        self.set = Some(set);
        self
    }

    /// When it is due under these settings.
    fn due(&self, settings: &Settings) -> Option<Cow<'static, str>> {
        match self.set {
            Some(set) => set(settings).map(Cow::Owned),
            None => Some(Cow::Borrowed(self.cron)),
        }
    }
}

/// All of them (`flows.md` 12.4).
pub const TABLE: &[Cadence] = &[
    Cadence::new("account.forget_sessions", "35 8 * * *", |app| account::jobs::ForgetSessions {}.job(app)),
    Cadence::new("absentee.refresh_links", "30 4 * * *", |app| absentee::jobs::RefreshLinks {}.job(app))
        .set(|settings| daily(settings.absentee.links_sync_at)),
    Cadence::new("election.call_webhooks", "*/10 * * * *", |app| {
        election::webhooks::CallWebhooks {}.job(app)
    }),
    Cadence::new("election.monitor_tools", "48 */6 * * *", |app| election::jobs::MonitorTools {}.job(app))
        .set(|settings| settings.election.monitors_tools.then(|| "48 */6 * * *".to_owned())),
    Cadence::new("election.publish_redirects", "10 */12 * * *", |app| {
        election::jobs::PublishRedirects {}.job(app)
    })
    .set(|settings| settings.election.redirects_at.clone()),
    Cadence::new("crm.sync_all", "45 5 * * *", |app| crm::jobs::SyncAll::default().job(app))
        .set(|settings| daily(settings.crm.daily_at)),
    Cadence::new("file.purge", "45 */12 * * *", |app| file::jobs::Purge {}.job(app)),
    Cadence::new("jobs.purge_finished", "20 * * * *", |app| PurgeFinished {}.job(app)),
    Cadence::new("mover.mail_forms", "35 * * * *", |app| mover::jobs::MailForms {}.job(app))
        .set(|settings| every_hours(35, settings.mover.pull_hours)),
    Cadence::new("mover.pull", "5 * * * *", |app| mover::jobs::Pull {}.job(app))
        .set(|settings| every_hours(5, settings.mover.pull_hours)),
    Cadence::new("official.sync", "30 6 * * *", |app| official::jobs::Sync {}.job(app))
        .set(|settings| daily(settings.official.sync_at)),
    Cadence::new("register.publish_counties", "25 5 * * *", |app| {
        register::jobs::PublishCounties {}.job(app)
    })
    .set(|settings| settings.register.counties_at.clone()),
    Cadence::new("report.count", "*/5 * * * *", |app| report::stats::Count {}.job(app)),
    Cadence::new("retention.expire", "40 7 * * *", |app| retention::jobs::Expire {}.job(app)),
    Cadence::new("search.complete", "10 9 * * *", |app| search::jobs::Complete::default().job(app)),
    Cadence::new("search.pack", "* * * * *", |app| search::jobs::Pack {}.job(app)),
    // a minute's worth each time
    Cadence::new("sms.poll", "* * * * *", sms::jobs::Poll::first)
        .set(|settings| settings.sms.poll.as_ref().map(|_| "* * * * *".to_owned())),
    Cadence::new("voter.check_new", "15 * * * *", |app| voter::jobs::CheckNew {}.job(app)),
    Cadence::new("voter.recheck", "50 * * * *", |app| voter::jobs::Recheck {}.job(app)),
    Cadence::new("webhook.sweep", "* * * * *", |app| webhook::jobs::Sweep {}.job(app)),
];

/// Whether it can be read as a cadence: minute, hour, day, month, weekday.
#[must_use]
pub fn is_cron(text: &str) -> bool {
    Cron::from_str(text).is_ok()
}

/// At that minute of every so-many-eth hour of the day, if at all.
fn every_hours(minute: u32, hours: Option<u32>) -> Option<String> {
    hours.map(|hours| match hours {
        0 | 1 => format!("{minute} * * * *"),
        2..=23 => format!("{minute} */{hours} * * *"),
        _ => format!("{minute} 0 * * *"),
    })
}

/// Each day at that time, if at all.
fn daily(at: Option<NaiveTime>) -> Option<String> {
    at.map(|at| format!("{} {} * * *", at.minute(), at.hour()))
}

/// How long it is remembered that a moment was enqueued: far longer than any scheduler looks back.
const KEEP_TICKS: TimeDelta = TimeDelta::days(30);

/// Enqueues what became due since `since`, at most once per cadence, however many schedulers ask.
///
/// # Errors
/// When the store fails; nothing is half-done then.
pub async fn run(app: &App, since: DateTime<Utc>) -> Result<usize, StoreError> {
    let now = app.now();
    let mut enqueued = 0;
    for cadence in TABLE {
        let Some(cron) = cadence.due(&app.settings) else { continue };
        let Some(tick) = last_tick(&cron, since, now) else { continue };
        let mut unit = app.store.begin().await?;
        if unit.jobs_mut().tick(cadence.name, tick).await? {
            // the tick makes it once; a key without it would be held for good by a job that was given up
            unit.jobs_mut().enqueue(&(cadence.job)(app)).await?;
            unit.jobs_mut().forget_ticks(cadence.name, tick - KEEP_TICKS).await?;
            unit.commit().await?;
            enqueued += 1;
        }
    }
    Ok(enqueued)
}

/// The last moment of a cadence after `since` and not after `now`.
fn last_tick(cron: &str, since: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let Ok(cron) = Cron::from_str(cron) else { return None };
    let mut last = None;
    let mut from = since;
    while let Ok(next) = cron.find_next_occurrence(&from, false) {
        if next > now {
            break;
        }
        last = Some(next);
        from = next;
    }
    last
}

/// Deletes jobs that were done or called off long ago, and forgets calls with keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeFinished {}

impl PurgeFinished {
    /// The job's name.
    pub const KIND: &'static str = "jobs.purge_finished";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Deletes them, a thousand at a time.
    pub(super) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let before = app.now() - app.settings.jobs.keep_finished;
        let mut purged = 0;
        loop {
            let mut unit = app.store.begin().await?;
            let deleted = unit.jobs_mut().purge(before, 1000).await?;
            unit.commit().await?;
            purged += deleted;
            if deleted < 1000 {
                break;
            }
        }
        let forgotten = keyed_call::forget_old(app).await?;
        tracing::info!(purged, forgotten, "finished jobs were deleted, old calls forgotten");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn every_cadence_can_be_read_and_has_its_own_name() {
        let mut names: Vec<_> = TABLE.iter().map(|cadence| cadence.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        for cadence in TABLE {
            assert!(Cron::from_str(cadence.cron).is_ok(), "{}", cadence.name);
        }
    }

    #[test]
    fn after_a_pause_a_cadence_runs_once_for_its_last_moment() {
        let purge = TABLE.iter().find(|it| it.name == "file.purge").expect("files are purged").cron;
        let since = at("2026-01-01T00:00:00Z");
        assert_eq!(last_tick(purge, since, at("2026-01-01T00:44:59Z")), None);
        assert_eq!(last_tick(purge, since, at("2026-01-03T13:00:00Z")), Some(at("2026-01-03T12:45:00Z")));
    }
}
