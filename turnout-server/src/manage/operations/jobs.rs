//! `/manage/operations/jobs/`: what waits, runs, was done or given up; and what is done about it.

use chrono::TimeDelta;
use turnout_core::{
    App,
    back_office::RecordKey,
    ids::JobId,
    jobs::{
        Ended, JobCounts, JobFilter, JobRecord, JobState, LaneDepth, ManageError, drop_dead, run_again,
        run_dead_again,
    },
    page::PageRequest,
};

use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{
            Block, Button, Cell, Code, Column, Details, Figure, FormBlock, Input, InputKind, Notice,
            SearchBox, Table,
        },
        gate::Desk,
        paging::{Paging, address},
        people::Names,
    },
};

/// Where the list is.
const LIST: &str = "/manage/operations/jobs/";

/// Which jobs a list is of.
struct Asked {
    state: Option<JobState>,
    kind: String,
    lane: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let text = |name: &str| request.query(name).unwrap_or_default().trim().to_owned();
        Self { state: JobState::parse(&text("state")), kind: text("q"), lane: text("lane") }
    }

    fn pairs(&self) -> [(&'static str, &str); 3] {
        let state = self.state.map_or("", JobState::name);
        [("state", state), ("q", self.kind.as_str()), ("lane", self.lane.as_str())]
    }

    fn kind(&self) -> Option<&str> {
        Some(self.kind.as_str()).filter(|kind| !kind.is_empty())
    }

    fn lane(&self) -> Option<&str> {
        Some(self.lane.as_str()).filter(|lane| !lane.is_empty())
    }

    /// How those ended that are asked for, where they are listed by when they did.
    fn ended(&self) -> Option<Ended> {
        match self.state {
            Some(JobState::Done) if self.lane.is_empty() => Some(Ended::Done),
            Some(JobState::Dead) if self.lane.is_empty() => Some(Ended::Dead),
            _ => None,
        }
    }
}

/// `GET /manage/operations/jobs/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let (asked, paging) = (Asked::of(&request), Paging::of(&request));
    let (rows, next) = found(app, &asked, &paging).await?;
    let now = app.now();
    let mut view = app.store.view().await?;
    let (counts, depths) = (view.jobs().counts(now).await?, view.jobs().depths(now).await?);
    drop(view);
    let names = Names::of(app, [], rows.iter().map(|job| job.subscriber)).await?;
    let mut page = desk
        .page("Jobs")
        .lead("What the service does later: mails, texts, letters, lookups. Those that were given up wait for you.")
        .push(Block::Figures(figures(&counts)));
    if !depths.is_empty() {
        page = page.push(Block::Table(lanes(&depths)));
    }
    page = page.push(Block::Search(search(app, &asked)));
    if asked.state == Some(JobState::Dead) && !rows.is_empty() {
        page = page.push(Block::Form(all_again(&asked)));
    }
    page = page.push(Block::Table(table(&rows, &names)));
    if rows.iter().any(can_be_chosen) {
        page = page.push(Block::Form(chosen_form()));
    }
    let pager = paging.pager(LIST, &asked.pairs(), String::new(), next);
    Ok(page.extend(pager).answer())
}

async fn found(
    app: &App,
    asked: &Asked,
    paging: &Paging,
) -> Result<(Vec<JobRecord>, Option<String>), ApiError> {
    let mut view = app.store.view().await?;
    if let Some(how) = asked.ended() {
        let request = paging.request(|text| {
            let key = RecordKey::parse(text)?;
            Some((key.at, JobId::parse(&key.id)?))
        });
        let page = view.jobs().ended(how, asked.kind(), &request).await?;
        let next = page.next.map(|(at, id)| RecordKey { at, id: id.to_string() }.cursor());
        return Ok((page.rows, next));
    }
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let filter = JobFilter { state: asked.state, kind: owned(asked.kind()), lane: owned(asked.lane()) };
    let request: PageRequest<JobId> = paging.request(JobId::parse);
    let page = view.jobs().list(&filter, request).await?;
    Ok((page.rows, page.next.map(|id| id.to_string())))
}

fn figures(counts: &JobCounts) -> Vec<Figure> {
    let figure = |label: &str, count: u64, state: Option<JobState>| {
        let state = state.map_or("", JobState::name);
        let href = Some(address(LIST, [("state", state)]));
        Figure { href, ..Figure::new(label, i64::try_from(count).unwrap_or(i64::MAX)) }
    };
    vec![
        figure("Given up", counts.dead, Some(JobState::Dead)),
        figure("Due", counts.due, Some(JobState::Waiting)),
        figure("Wait for their time", counts.delayed, Some(JobState::Waiting)),
        figure("Running", counts.running, Some(JobState::Running)),
    ]
}

fn lanes(depths: &[LaneDepth]) -> Table {
    let row = |it: &LaneDepth| {
        vec![
            Cell::link(&it.lane, address(LIST, [("state", "waiting"), ("lane", it.lane.as_str())])),
            Cell::Number(i64::try_from(it.due).unwrap_or(i64::MAX)),
            Cell::Time(it.oldest),
        ]
    };
    Table {
        caption: "Lanes in which jobs are due".to_owned(),
        columns: vec![Column::new("Lane"), Column::number("Due"), Column::new("The oldest since")],
        rows: depths.iter().map(row).collect(),
        empty: String::new(),
    }
}

fn search(app: &App, asked: &Asked) -> SearchBox {
    let mut states = vec![(String::new(), "Not finished".to_owned())];
    states.extend(JobState::ALL.map(|state| (state.name().to_owned(), words(state).to_owned())));
    let mut lanes = vec![(String::new(), "All".to_owned())];
    let mut known: Vec<&str> = app.jobs.lane_names().collect();
    known.sort_unstable();
    lanes.extend(known.into_iter().map(|name| (name.to_owned(), name.to_owned())));
    let state = asked.state.map_or("", JobState::name);
    SearchBox {
        action: LIST.to_owned(),
        label: "Kind of job, such as register.notify".to_owned(),
        query: asked.kind.clone(),
        filters: vec![
            Input::new("state", "How far they are", InputKind::Select(states)).value(state),
            Input::new("lane", "Lane", InputKind::Select(lanes)).value(&asked.lane),
        ],
    }
}

/// What people call it.
fn words(state: JobState) -> &'static str {
    match state {
        JobState::Waiting => "Waiting",
        JobState::Running => "Running",
        JobState::Dead => "Given up",
        JobState::Done => "Done",
        JobState::Cancelled => "Called off",
    }
}

fn all_again(asked: &Asked) -> FormBlock {
    let which = match (asked.kind(), asked.lane()) {
        (None, None) => "all that were given up".to_owned(),
        (Some(kind), None) => format!("all of the kind {kind} that were given up"),
        (None, Some(lane)) => format!("all of the lane {lane} that were given up"),
        (Some(kind), Some(lane)) => format!("all of the kind {kind} in the lane {lane} that were given up"),
    };
    FormBlock::new(format!("{LIST}run_again/"), format!("Run {which} again"))
        .lead("They run at once, with all their attempts before them. Mend first what they failed by.")
        .input(Input::hidden("kind", &asked.kind))
        .input(Input::hidden("lane", &asked.lane))
}

/// The form that the boxes in the table belong to.
const CHOSEN: &str = "chosen";
/// So many jobs may be chosen at once: more than a page has.
const MOST_CHOSEN: usize = 1_000;

fn chosen_form() -> FormBlock {
    FormBlock::new(format!("{LIST}chosen/"), "Run the chosen ones again")
        .id(CHOSEN)
        .heading("Those that you have chosen")
        .lead("Check the boxes in the table. Only jobs that were given up can be dropped.")
        .beside("drop", "Drop the chosen ones")
}

/// Whether something can be done with a job.
fn can_be_chosen(job: &JobRecord) -> bool {
    job.state != JobState::Running
}

fn table(rows: &[JobRecord], names: &Names) -> Table {
    let columns = ["Kind", "How far", "Lane", "Subscriber", "Tries", "Due", "Ended", "Why it failed"];
    let mut columns: Vec<Column> = columns.map(Column::new).into();
    columns[4].is_number = true;
    columns.push(Column::silent("What to do"));
    columns.push(Column::silent("Choose"));
    let row = |job: &JobRecord| {
        vec![
            Cell::link(&job.kind, format!("{LIST}{}/", job.id)),
            Cell::text(words(job.state)),
            Cell::text(&job.lane),
            names.subscriber(job.subscriber),
            Cell::Number(job.attempts.into()),
            Cell::Time(job.due_at),
            Cell::time(job.finished_at),
            Cell::text(job.last_error.clone().unwrap_or_default()),
            Cell::Buttons(buttons(job)),
            if can_be_chosen(job) {
                let label = format!("Choose {} of {}", job.kind, job.created_at.format("%Y-%m-%d %H:%M:%S"));
                Cell::Check { form: CHOSEN, name: "job", value: job.id.to_string(), label }
            } else {
                Cell::None
            },
        ]
    };
    Table {
        caption: "Jobs".to_owned(),
        columns,
        rows: rows.iter().map(row).collect(),
        empty: "No such jobs.".to_owned(),
    }
}

/// What may be done with a job.
fn buttons(job: &JobRecord) -> Vec<Button> {
    let about = format!("the job {} of {}", job.kind, job.created_at.format("%Y-%m-%d %H:%M:%S"));
    let again = || Button::new("Run again", format!("{LIST}{}/run_again/", job.id)).about(about.clone());
    let drop = || Button::new("Drop", format!("{LIST}{}/drop/", job.id)).about(about.clone()).danger();
    match job.state {
        JobState::Dead => vec![again(), drop()],
        JobState::Waiting => {
            let label = "Run now".to_owned();
            vec![Button { label, ..again() }]
        }
        JobState::Done | JobState::Cancelled => vec![again()],
        JobState::Running => Vec::new(),
    }
}

/// `GET /manage/operations/jobs/{id}/`
///
/// # Errors
/// 404 where there is no such job; when the store fails.
pub(in crate::manage) async fn one(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = JobId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let job = app.store.view().await?.jobs().by_id(id).await?.ok_or_else(ApiError::not_found)?;
    let names = Names::of(app, [], [job.subscriber]).await?;
    let pair = |name: &str, cell: Cell| (name.to_owned(), cell);
    let details = Details {
        heading: String::new(),
        pairs: vec![
            pair("How far", Cell::text(words(job.state))),
            pair("Why the last try failed", Cell::text(job.last_error.clone().unwrap_or_default())),
            pair("Tries", Cell::Number(job.attempts.into())),
            pair("Lane", Cell::text(&job.lane)),
            pair("Subscriber", names.subscriber(job.subscriber)),
            pair("Put in line", Cell::Time(job.created_at)),
            pair("Not before", Cell::Time(job.due_at)),
            pair("A worker has it until", Cell::time(job.lease_until)),
            pair("Ended", Cell::time(job.finished_at)),
            pair("Id", Cell::Code(job.id.to_string())),
            pair("What to do", Cell::Buttons(buttons(&job))),
            pair(
                "Who did what with it",
                Cell::link(
                    "Entries of the log",
                    address("/manage/operations/changes/", [("kind", "job"), ("q", &job.id.to_string())]),
                ),
            ),
        ],
    };
    let mut page = desk.page(job.kind.clone()).up("Jobs", LIST).push(Block::Details(details));
    let overdue = job.state == JobState::Running
        && job.lease_until.is_some_and(|until| app.now() - until > TimeDelta::zero());
    if overdue {
        let lost = "Its worker has not been heard of since. Another one takes it over by itself.";
        page = page.push(Block::Notice(Notice::plain(lost)));
    }
    let text = serde_json::to_string_pretty(&job.payload).unwrap_or_default();
    Ok(page.push(Block::Code(Code { label: "With what: ids only".to_owned(), text })).answer())
}

/// What is told of a job with which nothing was done.
fn refused(error: ManageError) -> Result<String, ApiError> {
    match error {
        ManageError::NotFound => Ok("There is no such job any more.".to_owned()),
        ManageError::State(why) => Ok(format!("Nothing was done: {why}.")),
        ManageError::Store(error) => Err(error.into()),
    }
}

/// `POST /manage/operations/jobs/{id}/run_again/`
///
/// # Errors
/// 404 for what is no id; when the store fails.
pub(in crate::manage) async fn again(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = JobId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let (shown, notice) = match run_again(app, desk.user.id, id).await {
        Ok(runs) if runs == id => (id, "The job runs now.".to_owned()),
        Ok(runs) => (runs, "The same is done once more, by this job.".to_owned()),
        Err(error) => (id, refused(error)?),
    };
    Ok(desk.back(app, &format!("{LIST}{shown}/"), &notice))
}

/// `POST /manage/operations/jobs/{id}/drop/`
///
/// # Errors
/// 404 for what is no id; when the store fails.
pub(in crate::manage) async fn take_away(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = JobId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
    let notice = match drop_dead(app, desk.user.id, id).await {
        Ok(()) => "The job is dropped.".to_owned(),
        Err(error) => refused(error)?,
    };
    Ok(desk.back(app, &address(LIST, [("state", "dead")]), &notice))
}

/// `POST /manage/operations/jobs/chosen/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn chosen(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let jobs = desk.form.pairs().filter(|(name, _)| name == "job").take(MOST_CHOSEN);
    let jobs: Vec<JobId> = jobs.filter_map(|(_, id)| JobId::parse(&id)).collect();
    let is_drop = desk.form.is_checked("drop");
    let (mut done, mut left) = (0_usize, 0_usize);
    for id in &jobs {
        let outcome = if is_drop {
            drop_dead(app, desk.user.id, *id).await
        } else {
            run_again(app, desk.user.id, *id).await.map(|_| ())
        };
        match outcome {
            Ok(()) => done += 1,
            Err(ManageError::Store(error)) => return Err(error.into()),
            Err(_) => left += 1,
        }
    }
    let words = |count: usize, verb: (&str, &str)| match count {
        1 => format!("One job {}.", verb.0),
        count => format!("{count} jobs {}.", verb.1),
    };
    let mut notice = match (jobs.len(), is_drop) {
        (0, _) => "Choose jobs first: check the boxes in the table.".to_owned(),
        (_, true) => words(done, ("is dropped", "are dropped")),
        (_, false) => words(done, ("runs again", "run again")),
    };
    if left > 0 {
        notice += &format!(" With {left} nothing could be done: they run, or wait in line already.");
    }
    Ok(desk.back(app, &address(LIST, [("state", "dead")]), &notice))
}

/// `POST /manage/operations/jobs/run_again/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn all(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let given = |name: &str| Some(desk.form.get(name)).filter(|text| !text.is_empty());
    let count = run_dead_again(app, desk.user.id, given("kind"), given("lane")).await?;
    let notice = match count {
        0 => "Nothing was given up, so nothing runs.".to_owned(),
        1 => "One job runs again.".to_owned(),
        count => format!("{count} jobs run again."),
    };
    Ok(desk.back(app, &address(LIST, [("state", "dead")]), &notice))
}
