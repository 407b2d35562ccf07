//! The rows of a database of the Django service: model after model, some rows at a time, each time in a unit of its own with
//! a note of how far it is. So a run that is killed goes on where it was. What was written there since the last
//! run is told by the marks of its transactions, and a row that could not be taken over is looked at again.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures_util::future::join;
use serde_json::Value;

use super::{
    Record,
    model::{Field, Kind, Model, text},
    models::{self, NUMBER, REGION, SLUG, TASKS},
    order::{self, Step},
    survey::{self, Key},
    takeover,
    tasks::{self, Task},
};
use crate::{
    app::App,
    ids::JobId,
    official::generated,
    ports::{
        files::{FileError, is_key},
        origin::{Filled, Origin, OriginError, OriginRow, Wanted, Which},
        store::{Carried, LeftOut, Row, StoreError, Unit},
    },
    report, search, seed,
};

/// So many rows are read and written at once.
const AT_ONCE: u32 = 2_000;
/// So many keys are shown of rows with the same complaint.
const SHOWN: usize = 20;
/// So many files of each kind are looked for.
const FILES: u32 = 200;

/// Tables whose rows say how often a tool was used.
const COUNTED: [&str; 5] = [
    "register.registration",
    "absentee.ballotrequest",
    "verifier.lookup",
    "reminder.reminderrequest",
    "polling_place.pollingplacelookup",
];

/// Why a database is not taken over, or not to the end. What was written stays, and the next run goes on after it.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The database there cannot be read.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The store here failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// These columns have to be there and are not.
    #[error("these columns are not there: {}. Is that service of another version?", .0.join(", "))]
    Columns(Vec<String>),
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moving {
    /// Only look at all rows; nothing is written.
    pub dry_run: bool,
    /// Read all rows again, whatever is noted of earlier runs.
    pub again: bool,
}

/// How far a model is.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The model.
    pub model: &'a str,
    /// So many rows were read.
    pub read: u64,
    /// Of so many.
    pub of: u64,
}

/// What became of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rows there are there.
    pub there: u64,
    /// How many of them were read this time.
    pub read: u64,
    /// How many of these were new here, or newer.
    pub written: u64,
    /// How many could not be taken over.
    pub left_out: u64,
}

/// Rows that could not be taken over for the same reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The keys of some. None where keys tell who a person is.
    pub keys: Vec<String>,
}

/// What was found of the files, which stay where they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesSeen {
    /// So many that are not purged were looked for.
    pub looked_for: u64,
    /// These are not in the file store, by the keys of their rows.
    pub missing: Vec<String>,
    /// Why no file could be looked for.
    pub failure: Option<String>,
}

/// What a database holds, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// By model, in the order in which they were taken over.
    pub models: Vec<(&'static str, Tally)>,
    /// Rows that could not be taken over, by model and reason.
    pub left_out: BTreeMap<(String, String), Group>,
    /// Tables that stay behind, with their rows and why.
    pub left_behind: Vec<(&'static str, u64, &'static str)>,
    /// Models whose tables are not there.
    pub absent: Vec<&'static str>,
    /// Tables that nobody knows.
    pub unknown_tables: Vec<String>,
    /// Columns that nobody knows.
    pub unknown_columns: Vec<String>,
    /// Scheduled work that is not done here, by name.
    pub tasks_not_done: BTreeMap<String, u64>,
    /// Scheduled work that is long overdue: left out.
    pub tasks_overdue: u64,
    /// Scheduled work that had come over and was done there since: called off here.
    pub tasks_called_off: u64,
    /// The files.
    pub files: FilesSeen,
    /// Whether an earlier run is gone on with.
    pub resumed: bool,
}

impl Moved {
    /// How many rows could not be taken over.
    #[must_use]
    pub fn left_out_count(&self) -> u64 {
        self.left_out.values().map(|group| group.count).sum()
    }

    fn tally(&mut self, label: &'static str) -> &mut Tally {
        let at = self.models.iter().position(|(known, _)| *known == label);
        let at = at.unwrap_or_else(|| {
            self.models.push((label, Tally::default()));
            self.models.len() - 1
        });
        &mut self.models[at].1
    }

    fn note_left_out(&mut self, label: &str, left_out: &LeftOut) {
        let group = self.left_out.entry((label.to_owned(), left_out.why.clone())).or_default();
        group.count += 1;
        // the key of a number is the number
        if group.keys.len() < SHOWN && label != NUMBER {
            group.keys.push(left_out.key.clone());
        }
    }
}

/// Rows that were read, and what of them cannot be taken over.
#[derive(Default)]
struct Chunk {
    rows: Vec<Row>,
    /// Their keys there.
    keys: Vec<String>,
    left_out: Vec<LeftOut>,
    last: Option<String>,
    read: u64,
}

/// Takes over what is in a database and not here, or looks at it. `watch` hears how far it is.
///
/// # Errors
/// See [`MoveError`].
pub async fn move_over(
    app: &App,
    origin: &mut dyn Origin,
    moving: Moving,
    watch: &mut (dyn FnMut(Seen<'_>) + Send),
) -> Result<Moved, MoveError> {
    let absent = order::absent_columns(origin.tables());
    if !absent.is_empty() {
        return Err(MoveError::Columns(absent));
    }
    let report = Moved {
        absent: order::absent(origin.tables()),
        unknown_tables: order::unknown_tables(origin.tables()),
        unknown_columns: order::unknown_columns(origin.tables()),
        ..Moved::default()
    };
    let name = origin.name().to_owned();
    let steps = order::steps(origin.tables());
    let mut run = Run { app, origin, name, watch, report, carried: HashMap::new(), lost: HashMap::new() };
    run.count_left_behind().await?;
    if moving.dry_run {
        run.look(&steps).await?;
    } else {
        run.recall(moving.again).await?;
        run.take(&steps).await?;
    }
    run.look_for_files().await?;
    Ok(run.report)
}

struct Run<'a> {
    app: &'a App,
    origin: &'a mut dyn Origin,
    name: String,
    watch: &'a mut (dyn FnMut(Seen<'_>) + Send),
    report: Moved,
    carried: HashMap<String, Carried>,
    /// Of a look: the keys of rows that could not be taken over.
    lost: HashMap<&'static str, HashSet<Key>>,
}

impl Run<'_> {
    async fn count_left_behind(&mut self) -> Result<(), MoveError> {
        for (label, table, why) in models::LEFT_BEHIND.iter().chain(models::NOT_YET) {
            if !self.origin.tables().contains_key(*table) || label.starts_with("reversion.") {
                continue;
            }
            let wanted = Wanted { table, key: "", columns: Vec::new(), only: None };
            let rows = self.origin.count(&wanted, Which::All).await?;
            if rows > 0 {
                self.report.left_behind.push((label, rows, why));
            }
        }
        Ok(())
    }

    /// What is known of earlier runs.
    async fn recall(&mut self, again: bool) -> Result<(), StoreError> {
        let mut unit = self.app.store.begin().await?;
        if again {
            unit.bulk_mut().forget_carried(&self.name).await?;
        }
        let carried = unit.bulk_mut().carried(&self.name).await?;
        unit.commit().await?;
        self.report.resumed = !carried.is_empty();
        self.carried = carried.into_iter().map(|carried| (carried.model.clone(), carried)).collect();
        Ok(())
    }

    /// Looks at every row.
    async fn look(&mut self, steps: &[Step]) -> Result<(), MoveError> {
        for step in steps {
            let (model, mut after) = (step.model, None);
            let of = self.origin.count(&step.wanted, Which::All).await?;
            let tally = self.report.tally(model.label);
            tally.there += of;
            let mut read_so_far = 0;
            loop {
                let chunk = read(self.app, self.origin, step, Which::All, after.as_deref()).await?;
                if chunk.read == 0 {
                    break;
                }
                read_so_far += chunk.read;
                (self.watch)(Seen { model: &step.name, read: read_so_far, of });
                self.report.tally(model.label).read += chunk.read;
                after = chunk.last;
                let pairs = chunk.keys.iter().zip(&chunk.rows);
                let astray = pairs.filter_map(|(key, row)| self.why_lost(model, key, row));
                let astray: Vec<LeftOut> = astray.collect();
                for left_out in chunk.left_out.iter().chain(&astray) {
                    self.lose(model, left_out);
                }
            }
            self.look_astray(step).await?;
        }
        self.look_at_slugs(steps).await?;
        self.look_at_tasks().await
    }

    /// Whether a row points to one that cannot be taken over.
    fn why_lost(&self, model: &'static Model, key: &str, row: &Row) -> Option<LeftOut> {
        let lost = order::pointers(model).find(|(field, to)| {
            let pointed = row.get(field.column).and_then(|value| Key::of(field.kind, value));
            pointed.is_some_and(|it| self.lost.get(to).is_some_and(|lost| lost.contains(&it)))
        });
        lost.map(|(field, to)| LeftOut { key: key.to_owned(), why: points_nowhere(field.name, to) })
    }

    fn lose(&mut self, model: &'static Model, left_out: &LeftOut) {
        let value = if matches!(model.key.kind, Kind::Integer) {
            left_out.key.parse::<i64>().map(Value::from).unwrap_or_default()
        } else {
            Value::from(left_out.key.replace('-', ""))
        };
        if let Some(key) = Key::of(model.key.kind, &value) {
            self.lost.entry(model.label).or_default().insert(key);
        }
        self.report.note_left_out(model.label, left_out);
        self.report.tally(model.label).left_out += 1;
    }

    /// Where the database there does not see to it that what is pointed to is there.
    async fn look_astray(&mut self, step: &Step) -> Result<(), MoveError> {
        for (field, to) in order::pointers(step.model) {
            let Some(to) = models::kept().iter().find(|model| model.label == to) else { continue };
            let is_there = step.wanted.columns.iter().any(|(column, _)| *column == field.from);
            let known = self.origin.tables().contains_key(to.origin);
            if !is_there || !known || self.origin.is_bound(step.wanted.table, field.from) {
                continue;
            }
            let which = Which::Astray { column: field.from, to: to.origin, key: to.key.from };
            let mut after = None;
            loop {
                let rows = self.origin.rows(&step.wanted, which, after.as_deref(), AT_ONCE).await?;
                let Some(last) = rows.last() else { break };
                after = Some(last.key.clone());
                for row in rows {
                    let why = points_nowhere(field.name, to.label);
                    self.lose(step.model, &LeftOut { key: row.key, why });
                }
            }
        }
        Ok(())
    }

    async fn look_at_slugs(&mut self, steps: &[Step]) -> Result<(), MoveError> {
        let Some(step) = steps.iter().find(|step| step.model.label == SLUG) else { return Ok(()) };
        let chunk = self.every_row(step).await?;
        let mut unit = self.app.store.begin().await?;
        for left_out in taken_slugs(unit.as_mut(), &chunk).await? {
            self.lose(step.model, &left_out);
        }
        Ok(())
    }

    /// All rows of a model of which there are few.
    async fn every_row(&mut self, step: &Step) -> Result<Chunk, MoveError> {
        let mut all = Chunk::default();
        loop {
            let chunk = read(self.app, self.origin, step, Which::All, all.last.as_deref()).await?;
            if chunk.read == 0 {
                return Ok(all);
            }
            all.rows.extend(chunk.rows);
            all.keys.extend(chunk.keys);
            all.left_out.extend(chunk.left_out);
            all.read += chunk.read;
            all.last = chunk.last;
        }
    }

    async fn look_at_tasks(&mut self) -> Result<(), MoveError> {
        let wanted = self.scheduled(None);
        if !self.origin.tables().contains_key(wanted.table) {
            return Ok(());
        }
        self.report.tally(TASKS).there = self.origin.count(&wanted, Which::All).await?;
        let mut after = None;
        loop {
            let rows = self.origin.rows(&wanted, Which::All, after.as_deref(), AT_ONCE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.key.clone());
            for row in rows {
                self.report.tally(TASKS).read += 1;
                match tasks::read(self.app, &record(TASKS, row.pk, row.fields)) {
                    Ok(task) => self.note_task(&task),
                    Err((field, what)) => {
                        let left_out = LeftOut { key: row.key, why: format!("{field} {what}") };
                        self.report.note_left_out(TASKS, &left_out);
                        self.report.tally(TASKS).left_out += 1;
                    }
                }
            }
        }
    }

    fn note_task(&mut self, task: &Task) {
        match task {
            Task::Job(_) | Task::Started => {}
            Task::Overdue => self.report.tasks_overdue += 1,
            Task::NotYet(name) => *self.report.tasks_not_done.entry(name.clone()).or_default() += 1,
        }
    }

    /// Work that waits there; once some of it is here, all of it, as what was done there since is done.
    fn scheduled(&self, floor: Option<i64>) -> Wanted {
        let only = floor.is_none().then_some(("started_at", Filled::No));
        Wanted { only, ..order::scheduled() }
    }

    /// Takes over what is not here.
    async fn take(&mut self, steps: &[Step]) -> Result<(), MoveError> {
        let few = steps.iter().position(|step| step.model.few);
        for (at, step) in steps.iter().enumerate() {
            if Some(at) == few {
                self.take_few(steps).await?;
            }
            if !step.model.few {
                self.take_model(step).await?;
            }
        }
        self.take_tasks().await?;
        self.follow_up().await?;
        self.list_left_out(steps).await
    }

    async fn take_model(&mut self, step: &Step) -> Result<(), MoveError> {
        let there = self.origin.count(&step.wanted, Which::All).await?;
        self.report.tally(step.model.label).there += there;
        self.look_again(step).await?;
        let mark = self.origin.mark();
        // a pass that was interrupted saw less than there is now
        while self.carried(&step.name).floor.is_none_or(|floor| floor < mark) {
            self.pass(step).await?;
        }
        Ok(())
    }

    fn carried(&mut self, name: &str) -> &mut Carried {
        let new = || Carried { model: name.to_owned(), ..Carried::default() };
        self.carried.entry(name.to_owned()).or_insert_with(new)
    }

    /// All rows that were written there since the last pass, from where this one was interrupted.
    async fn pass(&mut self, step: &Step) -> Result<(), MoveError> {
        let (mark, label) = (self.origin.mark(), step.model.label);
        let mut carried = self.carried(&step.name).clone();
        let which = carried.floor.map_or(Which::All, Which::Since);
        carried.began.get_or_insert(mark);
        let (read_before, of) = (carried.read, self.origin.count(&step.wanted, which).await?);
        let mut chunk = read(self.app, self.origin, step, which, carried.after.as_deref()).await?;
        while chunk.read > 0 {
            carried.read += chunk.read;
            carried.after.clone_from(&chunk.last);
            (self.watch)(Seen { model: &step.name, read: carried.read - read_before, of });
            let after = chunk.last.clone();
            let (kept, next) = join(
                keep(self.app, &self.name, step, &chunk, &carried),
                read(self.app, self.origin, step, which, after.as_deref()),
            )
            .await;
            let written = kept?;
            carried.written += written;
            let tally = self.report.tally(label);
            (tally.read, tally.written) = (tally.read + chunk.read, tally.written + written);
            chunk = next?;
        }
        carried.floor = carried.began.take();
        carried.after = None;
        self.note_carried(carried).await?;
        Ok(())
    }

    async fn note_carried(&mut self, carried: Carried) -> Result<(), StoreError> {
        let mut unit = self.app.store.begin().await?;
        unit.bulk_mut().put_carried(&self.name, &carried).await?;
        unit.commit().await?;
        self.carried.insert(carried.model.clone(), carried);
        Ok(())
    }

    /// Rows that could not be taken over: they may have been mended, or what they point to was.
    async fn look_again(&mut self, step: &Step) -> Result<(), MoveError> {
        let mut after = String::new();
        loop {
            let mut unit = self.app.store.begin().await?;
            let left_out = unit.bulk_mut().left_out(&self.name, &step.name, &after, AT_ONCE).await?;
            drop(unit);
            let Some(last) = left_out.last() else { return Ok(()) };
            after.clone_from(&last.key);
            let keys: Vec<String> = left_out.into_iter().map(|it| it.key).collect();
            let chunk = read(self.app, self.origin, step, Which::Keys(&keys), None).await?;
            let (written, refused) = keep_what_fits(self.app, step, &chunk).await?;
            let still: Vec<LeftOut> = chunk.left_out.into_iter().chain(refused).collect();
            let mut unit = self.app.store.begin().await?;
            unit.bulk_mut().settle_left_out(&self.name, &step.name, &keys, &still).await?;
            unit.commit().await?;
            self.report.tally(step.model.label).written += written;
        }
    }

    /// Rows of which there are few, and that point to each other: all of them at once, each time.
    async fn take_few(&mut self, steps: &[Step]) -> Result<(), MoveError> {
        let steps: Vec<&Step> = steps.iter().filter(|step| step.model.few).collect();
        let mut chunks = Vec::new();
        for step in &steps {
            let chunk = self.every_row(step).await?;
            let tally = self.report.tally(step.model.label);
            (tally.there, tally.read) = (chunk.read, chunk.read);
            chunks.push(chunk);
        }
        let mut unit = self.app.store.begin().await?;
        if let Some(at) = steps.iter().position(|step| step.model.label == SLUG) {
            let taken = taken_slugs(unit.as_mut(), &chunks[at]).await?;
            drop_rows(&mut chunks[at], taken);
        }
        drop_what_points_nowhere(unit.as_mut(), &steps, &mut chunks).await?;
        for (step, chunk) in steps.iter().zip(&chunks) {
            let written = write_few(unit.as_mut(), step, chunk).await?;
            self.report.tally(step.model.label).written = written;
            let keys = left_out_keys(unit.as_mut(), &self.name, &step.name).await?;
            unit.bulk_mut().settle_left_out(&self.name, &step.name, &keys, &chunk.left_out).await?;
            let carried = Carried {
                floor: Some(self.origin.mark()),
                read: chunk.read,
                written: self.carried(&step.name).written + written,
                ..self.carried(&step.name).clone()
            };
            unit.bulk_mut().put_carried(&self.name, &carried).await?;
        }
        unit.commit().await?;
        Ok(())
    }

    /// Scheduled work becomes jobs, and what was done there is called off here.
    async fn take_tasks(&mut self) -> Result<(), MoveError> {
        if !self.origin.tables().contains_key(order::scheduled().table) {
            return Ok(());
        }
        let mark = self.origin.mark();
        let waiting = self.scheduled(None);
        self.report.tally(TASKS).there = self.origin.count(&waiting, Which::All).await?;
        while self.carried(TASKS).floor.is_none_or(|floor| floor < mark) {
            let mut carried = self.carried(TASKS).clone();
            let wanted = self.scheduled(carried.floor);
            let which = carried.floor.map_or(Which::All, Which::Since);
            carried.began.get_or_insert(mark);
            loop {
                let rows = self.origin.rows(&wanted, which, carried.after.as_deref(), AT_ONCE).await?;
                let Some(last) = rows.last() else { break };
                carried.after = Some(last.key.clone());
                carried.read += rows.len() as u64;
                self.keep_tasks(rows, &mut carried).await?;
            }
            carried.floor = carried.began.take();
            carried.after = None;
            self.note_carried(carried).await?;
        }
        Ok(())
    }

    async fn keep_tasks(&mut self, rows: Vec<OriginRow>, carried: &mut Carried) -> Result<(), MoveError> {
        let mut unit = self.app.store.begin().await?;
        let (mut left_out, mut keys) = (Vec::new(), Vec::new());
        for OriginRow { key, pk, fields } in rows {
            self.report.tally(TASKS).read += 1;
            keys.push(key.clone());
            let record = record(TASKS, pk, fields);
            let task = match tasks::read(self.app, &record) {
                Ok(task) => task,
                Err((field, what)) => {
                    left_out.push(LeftOut { key, why: format!("{field} {what}") });
                    continue;
                }
            };
            self.note_task(&task);
            match task {
                Task::Job(job) => {
                    if unit.jobs().by_id(job.id).await?.is_none() && unit.jobs_mut().enqueue(&job).await? {
                        carried.written += 1;
                        self.report.tally(TASKS).written += 1;
                    }
                }
                Task::Started => {
                    let id = crate::ids::parse_uuid(&key).map(JobId);
                    if let Some(id) = id
                        && unit.jobs_mut().cancel(id, self.app.now()).await?
                    {
                        self.report.tasks_called_off += 1;
                    }
                }
                Task::Overdue | Task::NotYet(_) => {}
            }
        }
        unit.bulk_mut().settle_left_out(&self.name, TASKS, &keys, &left_out).await?;
        unit.bulk_mut().put_carried(&self.name, carried).await?;
        unit.commit().await?;
        Ok(())
    }

    /// What follows from rows that are new here.
    async fn follow_up(&mut self) -> Result<(), StoreError> {
        let is_new = |run: &Self, label: &str| {
            run.report.resumed
                || run.report.models.iter().any(|(known, tally)| *known == label && tally.written > 0)
        };
        if COUNTED.iter().any(|label| is_new(self, label)) {
            search::jobs::complete(self.app).await?;
            report::stats::recount(self.app).await?;
        }
        if is_new(self, REGION) {
            let mut unit = self.app.store.begin().await?;
            generated::give_way(unit.as_mut(), self.app.now()).await?;
            unit.commit().await?;
        }
        Ok(())
    }

    /// Everything that could not be taken over, in this run or in those before.
    async fn list_left_out(&mut self, steps: &[Step]) -> Result<(), MoveError> {
        let names = steps.iter().map(|step| (step.name.as_str(), step.model.label));
        for (name, label) in names.chain([(TASKS, TASKS)]) {
            let mut after = String::new();
            loop {
                let mut unit = self.app.store.begin().await?;
                let left_out = unit.bulk_mut().left_out(&self.name, name, &after, AT_ONCE).await?;
                let Some(last) = left_out.last() else { break };
                after.clone_from(&last.key);
                for left_out in &left_out {
                    self.report.note_left_out(label, left_out);
                    self.report.tally(label).left_out += 1;
                }
            }
        }
        Ok(())
    }

    /// Whether the files lie where they lay. Keys are random, so the first are as good as any.
    async fn look_for_files(&mut self) -> Result<(), MoveError> {
        for table in ["storage_storageitem", "storage_secureuploaditem"] {
            if !self.origin.tables().contains_key(table) {
                continue;
            }
            let columns = vec![("file", "file")];
            let wanted = Wanted { table, key: "uuid", columns, only: Some(("purged", Filled::No)) };
            for row in self.origin.rows(&wanted, Which::All, None, FILES).await? {
                let name = row.fields.get("file").and_then(Value::as_str).unwrap_or_default();
                let found = if is_key(name) { self.app.files.get(name).await } else { Ok(None) };
                match found {
                    Ok(found) => {
                        self.report.files.looked_for += 1;
                        if found.is_none() {
                            self.report.files.missing.push(row.key);
                        }
                    }
                    Err(error @ (FileError::Disabled | FileError::Unavailable(_))) => {
                        self.report.files.failure = Some(error.to_string());
                        return Ok(());
                    }
                    Err(_) => self.report.files.missing.push(row.key),
                }
            }
        }
        Ok(())
    }
}

/// The keys of all rows of a model that could not be taken over.
async fn left_out_keys(unit: &mut dyn Unit, origin: &str, step: &str) -> Result<Vec<String>, StoreError> {
    let left_out = unit.bulk_mut().left_out(origin, step, "", u32::MAX).await?;
    Ok(left_out.into_iter().map(|it| it.key).collect())
}

fn record(label: &str, pk: Value, fields: Row) -> Record {
    Record { model: label.to_owned(), pk, fields }
}

fn points_nowhere(field: &str, to: &str) -> String {
    format!("{field} points to a row of {to} that is not taken over")
}

/// Some rows, as ours.
async fn read(
    app: &App,
    origin: &mut dyn Origin,
    step: &Step,
    which: Which<'_>,
    after: Option<&str>,
) -> Result<Chunk, OriginError> {
    let rows = origin.rows(&step.wanted, which, after, AT_ONCE).await?;
    let mut chunk =
        Chunk { read: rows.len() as u64, last: rows.last().map(|row| row.key.clone()), ..Chunk::default() };
    for OriginRow { key, pk, fields } in rows {
        match survey::row(app, step.model, &record(step.model.label, pk, fields)) {
            Ok(row) => {
                chunk.rows.push(row);
                chunk.keys.push(key);
            }
            Err(wrong) => {
                let wrong: Vec<String> =
                    wrong.into_iter().map(|(field, what)| format!("{field} {what}")).collect();
                chunk.left_out.push(LeftOut { key, why: wrong.join("; ") });
            }
        }
    }
    Ok(chunk)
}

/// Writes rows, and how far the model is then. Returns how many were new or newer.
async fn keep(
    app: &App,
    origin: &str,
    step: &Step,
    chunk: &Chunk,
    carried: &Carried,
) -> Result<u64, StoreError> {
    let mut unit = app.store.begin().await?;
    match unit.bulk_mut().put(&step.model.table, &chunk.rows).await {
        Ok(written) => {
            note(unit.as_mut(), origin, step, &chunk.left_out, carried, written).await?;
            match unit.commit().await {
                Ok(()) => return Ok(written),
                Err(error) if is_of_a_row(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Err(error) if is_of_a_row(&error) => drop(unit),
        Err(error) => return Err(error),
    }
    let (written, refused) = keep_what_fits(app, step, chunk).await?;
    let left_out: Vec<LeftOut> = chunk.left_out.iter().cloned().chain(refused).collect();
    let mut unit = app.store.begin().await?;
    note(unit.as_mut(), origin, step, &left_out, carried, written).await?;
    unit.commit().await?;
    Ok(written)
}

async fn note(
    unit: &mut dyn Unit,
    origin: &str,
    step: &Step,
    left_out: &[LeftOut],
    carried: &Carried,
    written: u64,
) -> Result<(), StoreError> {
    if !left_out.is_empty() {
        unit.bulk_mut().settle_left_out(origin, &step.name, &[], left_out).await?;
    }
    let carried = Carried { written: carried.written + written, ..carried.clone() };
    unit.bulk_mut().put_carried(origin, &carried).await
}

/// Whether it may be a single row that the store does not take.
fn is_of_a_row(error: &StoreError) -> bool {
    matches!(error, StoreError::Conflict { .. } | StoreError::Other(_))
}

/// Writes the rows that the store takes, in parts that get smaller where it does not, and says which it refuses.
async fn keep_what_fits(app: &App, step: &Step, chunk: &Chunk) -> Result<(u64, Vec<LeftOut>), StoreError> {
    let (mut written, mut refused) = (0, Vec::new());
    let mut parts: Vec<_> = std::iter::once(0..chunk.rows.len()).collect();
    while let Some(part) = parts.pop() {
        if part.is_empty() {
            continue;
        }
        let mut unit = app.store.begin().await?;
        let kept = match unit.bulk_mut().put(&step.model.table, &chunk.rows[part.clone()]).await {
            Ok(some) => unit.commit().await.map(|()| some),
            Err(error) => {
                drop(unit);
                Err(error)
            }
        };
        match kept {
            Ok(some) => written += some,
            Err(error) if !is_of_a_row(&error) => return Err(error),
            Err(error) if part.len() == 1 => {
                let why = why_refused(app, step, &chunk.rows[part.start], error).await?;
                refused.push(LeftOut { key: chunk.keys[part.start].clone(), why });
            }
            Err(_) => {
                let middle = part.start + part.len() / 2;
                parts.extend([middle..part.end, part.start..middle]);
            }
        }
    }
    Ok((written, refused))
}

/// Why the store does not take a row. What it says of other rows too is an error of its own.
async fn why_refused(app: &App, step: &Step, row: &Row, error: StoreError) -> Result<String, StoreError> {
    let mut unit = app.store.begin().await?;
    for (field, to) in order::pointers(step.model) {
        let (Some(to), Some(key)) =
            (models::kept().iter().find(|model| model.label == to), row.get(field.column))
        else {
            continue;
        };
        if !unit.bulk_mut().missing(&to.table, std::slice::from_ref(key)).await?.is_empty() {
            return Ok(points_nowhere(field.name, to.label));
        }
    }
    match error {
        StoreError::Conflict { .. } => Ok("has what another row here has and only one may have".to_owned()),
        error => Err(error),
    }
}

/// Slugs that lead to somebody else here.
async fn taken_slugs(unit: &mut dyn Unit, chunk: &Chunk) -> Result<Vec<LeftOut>, StoreError> {
    let mut taken = Vec::new();
    for (key, row) in chunk.keys.iter().zip(&chunk.rows) {
        let slug = text(row, "slug").unwrap_or_default();
        if let Some(ours) = unit.subscribers().by_slug(slug).await?
            && Some(ours.id) != takeover::owner(row)
            && !seed::SLUGS.contains(&slug)
        {
            let why = "slug is that of another subscriber here".to_owned();
            taken.push(LeftOut { key: key.clone(), why });
        }
    }
    Ok(taken)
}

fn drop_rows(chunk: &mut Chunk, left_out: Vec<LeftOut>) {
    for left_out in left_out {
        if let Some(at) = chunk.keys.iter().position(|key| *key == left_out.key) {
            chunk.keys.remove(at);
            chunk.rows.remove(at);
            chunk.left_out.push(left_out);
        }
    }
}

/// Of rows that point to each other, those that point to one that is not taken over, until there is none.
async fn drop_what_points_nowhere(
    unit: &mut dyn Unit,
    steps: &[&Step],
    chunks: &mut [Chunk],
) -> Result<(), StoreError> {
    loop {
        let mut found = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            for (field, to) in order::pointers(step.model) {
                let given = steps.iter().position(|step| step.model.label == to);
                let given = given.map(|to| known_keys(steps[to].model, &chunks[to]));
                let astray = astray(unit, &chunks[at], (field, to), given.as_ref()).await?;
                let why = points_nowhere(field.name, to);
                found.extend(astray.into_iter().map(|key| (at, LeftOut { key, why: why.clone() })));
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        for (at, left_out) in found {
            drop_rows(&mut chunks[at], vec![left_out]);
        }
    }
}

fn known_keys(model: &'static Model, chunk: &Chunk) -> HashSet<Key> {
    let keys = chunk.rows.iter().filter_map(|row| row.get(model.key.column));
    keys.filter_map(|key| Key::of(model.key.kind, key)).collect()
}

/// The keys of rows whose field points to a row that is neither given nor, where none are given, in the store.
async fn astray(
    unit: &mut dyn Unit,
    chunk: &Chunk,
    (field, to): (&'static Field, &'static str),
    given: Option<&HashSet<Key>>,
) -> Result<Vec<String>, StoreError> {
    let Some(to) = models::kept().iter().find(|model| model.label == to) else { return Ok(Vec::new()) };
    let values: Vec<Value> = chunk.rows.iter().filter_map(|row| row.get(field.column)).cloned().collect();
    let missing = match given {
        Some(_) => Vec::new(),
        None => unit.bulk_mut().missing(&to.table, &values).await?,
    };
    let is_astray = |value: &Value| match given {
        Some(given) => Key::of(field.kind, value).is_none_or(|key| !given.contains(&key)),
        None => missing.contains(value),
    };
    let pairs = chunk.keys.iter().zip(&chunk.rows);
    let astray = pairs.filter(|(_, row)| row.get(field.column).is_some_and(is_astray));
    Ok(astray.map(|(key, _)| key.clone()).collect())
}

/// Rows of which there are few. Those that mean the same as rows of ours take their place.
async fn write_few(unit: &mut dyn Unit, step: &Step, chunk: &Chunk) -> Result<u64, StoreError> {
    takeover::make_room(unit, step.model, &chunk.rows).await?;
    let mut written = 0;
    for rows in chunk.rows.chunks(AT_ONCE as usize) {
        written += unit.bulk_mut().put(&step.model.table, rows).await?;
    }
    Ok(written)
}
