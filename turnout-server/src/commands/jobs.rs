//! `jobs list`, `jobs show`, `jobs retry` and `jobs cancel`.

use std::{fmt::Write as _, process::ExitCode};

use anyhow::{Context as _, anyhow, bail, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use turnout_core::{
    App,
    ids::JobId,
    jobs::{CallOffError, JobFilter, JobRecord, JobState, call_off},
    page::{Page, PageRequest},
};

use super::over_rows;

/// So many jobs are changed in one unit.
const AT_ONCE: u32 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists jobs: those that are waiting, running or dead, unless a state is named.
    List {
        #[command(flatten)]
        which: Which,
        /// How far they are.
        #[arg(long, value_enum)]
        state: Option<State>,
        /// Only those after this id: where the page before ended.
        #[arg(long, value_name = "ID", value_parser = id)]
        after: Option<JobId>,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Shows everything about one job.
    Show {
        /// Its id.
        #[arg(value_parser = id)]
        id: JobId,
        /// JSON instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Has jobs run now that were given up or wait for their time, with all their attempts before them.
    Retry {
        /// Their ids.
        #[arg(value_parser = id, conflicts_with = "dead")]
        ids: Vec<JobId>,
        /// All that were given up.
        #[arg(long)]
        dead: bool,
        #[command(flatten)]
        which: Which,
    },
    /// Calls off jobs that are waiting or were given up. What runs cannot be called back.
    Cancel {
        /// Their ids.
        #[arg(value_parser = id, required = true)]
        ids: Vec<JobId>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// Only this kind, such as register.notify.
    #[arg(long)]
    kind: Option<String>,
    /// Only this lane.
    #[arg(long)]
    lane: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum State {
    Waiting,
    Running,
    Dead,
    Done,
    Cancelled,
}

impl From<State> for JobState {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Running => Self::Running,
            State::Dead => Self::Dead,
            State::Done => Self::Done,
            State::Cancelled => Self::Cancelled,
        }
    }
}

fn id(text: &str) -> Result<JobId, String> {
    JobId::parse(text).ok_or_else(|| "an id looks like 0b4f7c1e-…; `jobs list` shows them".to_owned())
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, _| perform(app, command).await)
}

async fn perform(app: &App, command: &Command) -> anyhow::Result<String> {
    match command {
        Command::List { which, state, after, limit, json } => {
            let page = PageRequest { after: *after, limit: *limit };
            let page =
                app.store.view().await?.jobs().list(&which.filter(state.map(Into::into)), page).await?;
            Ok(if *json { listed_as_json(&page) } else { listed(&page) })
        }
        Command::Show { id, json } => {
            let found = app.store.view().await?.jobs().by_id(*id).await?;
            let job = found.with_context(|| {
                format!(
                    "there is no job {id}: it was done long ago and deleted, or never was; try `jobs list`"
                )
            })?;
            Ok(if *json { pretty(&as_json(&job)) } else { shown(&job) })
        }
        Command::Retry { dead: true, which, .. } => {
            let retried = retry_dead(app, &which.filter(Some(JobState::Dead))).await?;
            Ok(format!("{retried} given-up jobs run again now.\n"))
        }
        Command::Retry { ids, which, .. } => {
            let by_kind = which.kind.is_some() || which.lane.is_some();
            ensure!(
                !ids.is_empty() && !by_kind,
                "say which: ids, or --dead for all that were given up, of a --kind or --lane"
            );
            run_now(app, ids).await?;
            Ok(format!("{} jobs run now.\n", ids.len()))
        }
        Command::Cancel { ids } => {
            call_off(app, ids).await.map_err(not_called_off)?;
            Ok(format!("{} jobs are called off.\n", ids.len()))
        }
    }
}

impl Which {
    fn filter(&self, state: Option<JobState>) -> JobFilter {
        JobFilter { state, kind: self.kind.clone(), lane: self.lane.clone() }
    }
}

/// Has the jobs run: all of them or none.
async fn run_now(app: &App, ids: &[JobId]) -> anyhow::Result<()> {
    let mut unit = app.store.begin().await?;
    for id in ids {
        if unit.jobs_mut().requeue(*id, app.now()).await? {
            continue;
        }
        let Some(job) = unit.jobs().by_id(*id).await? else { return Err(no_job(*id)) };
        bail!("the job {id} {}; nothing was changed", why_not(job.state, true));
    }
    Ok(unit.commit().await?)
}

fn no_job(id: JobId) -> anyhow::Error {
    anyhow!("there is no job {id}, and nothing was changed: `jobs list` shows those there are")
}

fn not_called_off(error: CallOffError) -> anyhow::Error {
    match error {
        CallOffError::NotFound(id) => no_job(id),
        CallOffError::State(id, state) => {
            anyhow!("the job {id} {}; nothing was changed", why_not(state, false))
        }
        error => error.into(),
    }
}

fn why_not(state: JobState, retry: bool) -> &'static str {
    match state {
        JobState::Running if retry => "is running: wait what becomes of it",
        JobState::Running => "is running and cannot be called back: wait, or stop its worker first",
        JobState::Waiting => "is in line already: it runs when it is its turn",
        JobState::Done => "is done: what it did is not done again",
        JobState::Dead | JobState::Cancelled => "was called off: do again what enqueued it",
    }
}

/// Page by page, so that no unit is long.
async fn retry_dead(app: &App, filter: &JobFilter) -> anyhow::Result<u64> {
    let (mut retried, mut after) = (0, None);
    loop {
        let page = PageRequest { after, limit: AT_ONCE };
        let page = app.store.view().await?.jobs().list(filter, page).await?;
        let mut unit = app.store.begin().await?;
        for job in &page.rows {
            retried += u64::from(unit.jobs_mut().requeue(job.id, app.now()).await?);
        }
        unit.commit().await?;
        after = page.next;
        if after.is_none() {
            return Ok(retried);
        }
    }
}

fn state(job: &JobRecord) -> &'static str {
    match job.state {
        JobState::Waiting => "waiting",
        JobState::Running => "running",
        JobState::Done => "done",
        JobState::Dead => "dead",
        JobState::Cancelled => "cancelled",
    }
}

fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn listed(page: &Page<JobRecord, JobId>) -> String {
    if page.rows.is_empty() {
        return "No such jobs.\n".to_owned();
    }
    let rows: Vec<[String; 7]> = page
        .rows
        .iter()
        .map(|job| {
            [
                job.id.to_string(),
                state(job).to_owned(),
                job.kind.clone(),
                job.lane.clone(),
                job.attempts.to_string(),
                moment(job.due_at),
                job.last_error.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let mut text = over_rows::table(["ID", "STATE", "KIND", "LANE", "TRIES", "DUE", "REASON"], &rows);
    if let Some(next) = page.next {
        writeln!(text, "\nThere are more: --after {next}").expect("a String takes every text");
    }
    text
}

fn shown(job: &JobRecord) -> String {
    let or_none = |at: Option<DateTime<Utc>>| at.map_or_else(|| "-".to_owned(), moment);
    let rows = [
        ("id", job.id.to_string()),
        ("kind", job.kind.clone()),
        ("state", state(job).to_owned()),
        ("lane", job.lane.clone()),
        ("subscriber", job.subscriber.map_or_else(|| "-".to_owned(), |id| id.to_string())),
        ("tries", job.attempts.to_string()),
        ("due", moment(job.due_at)),
        ("leased until", or_none(job.lease_until)),
        ("enqueued", moment(job.created_at)),
        ("finished", or_none(job.finished_at)),
        ("reason", job.last_error.clone().unwrap_or_else(|| "-".to_owned())),
        ("payload", job.payload.to_string()),
    ];
    rows.iter().fold(String::new(), |text, (name, value)| text + &format!("{name:<13} {value}\n"))
}

fn as_json(job: &JobRecord) -> Value {
    json!({
        "id": job.id,
        "kind": job.kind,
        "state": state(job),
        "lane": job.lane,
        "subscriber": job.subscriber,
        "tries": job.attempts,
        "due": moment(job.due_at),
        "leased_until": job.lease_until.map(moment),
        "enqueued": moment(job.created_at),
        "finished": job.finished_at.map(moment),
        "reason": job.last_error,
        "payload": job.payload,
    })
}

fn listed_as_json(page: &Page<JobRecord, JobId>) -> String {
    let jobs: Vec<Value> = page.rows.iter().map(as_json).collect();
    pretty(&json!({ "jobs": jobs, "next": page.next }))
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
