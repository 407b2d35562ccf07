//! The second look at a document: everything is written, in one unit.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    Record,
    model::{Model, text},
    models::{self, NUMBER, REGION, REGISTRATION, SLUG, TASKS},
    survey::{self, Complaint, Key, Pointer, Report, Survey},
    tasks::{self, Task},
};
use crate::{
    app::App,
    ids::SubscriberId,
    official::generated,
    ports::store::{Row, StoreError, Unit},
    search, seed,
};

/// So many rows are written at once.
const AT_ONCE: usize = 500;

/// Why a document is not taken over. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum TakeoverError {
    /// These are wrong, and so many more.
    #[error("the document has complaints")]
    Refused(Vec<Complaint>, u64),
    /// A record that was right at the first look is not at the second.
    #[error("the document changed while it was read")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A document that is being written. Dropping it undoes everything.
pub struct Takeover {
    app: App,
    report: Report,
    unit: Box<dyn Unit>,
    models: HashMap<&'static str, &'static Model>,
    waiting: HashMap<&'static str, Vec<Row>>,
    abroad: HashMap<String, String>,
}

impl Survey {
    /// Looks whether what the document points to is in it or in the store, and begins to write.
    ///
    /// # Errors
    /// See [`TakeoverError`].
    pub async fn begin(mut self) -> Result<Takeover, TakeoverError> {
        self.recover_numbers();
        let mut unit = self.app.store.begin().await?;
        self.look_for_wanted(unit.as_mut()).await?;
        self.look_at_slugs(unit.as_mut()).await?;
        if !self.complaints.is_empty() {
            return Err(TakeoverError::Refused(self.complaints, self.more_complaints));
        }
        let models = models::kept().iter().map(|model| (model.label, model)).collect();
        let mut takeover = Takeover {
            app: self.app,
            report: self.report,
            unit,
            models,
            waiting: HashMap::new(),
            abroad: self.abroad,
        };
        for (at, rows) in self.few {
            takeover.write_few(&models::kept()[at], rows).await?;
        }
        Ok(takeover)
    }

    async fn look_for_wanted(&mut self, unit: &mut dyn Unit) -> Result<(), StoreError> {
        for (to, wanted) in std::mem::take(&mut self.wanted) {
            let Some(model) = models::kept().iter().find(|model| model.label == to) else { continue };
            let keys: Vec<&Key> = wanted.keys().collect();
            for keys in keys.chunks(AT_ONCE) {
                let keys: Vec<_> = keys.iter().map(|key| key.value()).collect();
                for missing in unit.bulk_mut().missing(&model.table, &keys).await? {
                    let pointer = Key::of(model.key.kind, &missing).and_then(|key| wanted.get(&key).copied());
                    let Some(pointer) = pointer else { continue };
                    let what = format!(
                        "points to {to} {}, which is neither in the document nor in the database",
                        survey::shown(&missing).unwrap_or_else(|| "of that text".to_owned())
                    );
                    self.complain(pointer.model, &pk(pointer), pointer.field, what);
                }
            }
        }
        Ok(())
    }

    /// A slug leads to one subscriber. Those that a fresh installation makes give way.
    async fn look_at_slugs(&mut self, unit: &mut dyn Unit) -> Result<(), StoreError> {
        let at = models::kept().iter().position(|model| model.label == SLUG);
        let rows = at.and_then(|at| self.few.get(&at)).cloned().unwrap_or_default();
        for row in rows {
            let (slug, owner) = (text(&row, "slug").unwrap_or_default(), owner(&row));
            if let Some(ours) = unit.subscribers().by_slug(slug).await?
                && Some(ours.id) != owner
                && !seed::SLUGS.contains(&slug)
            {
                let what = format!("{slug:?} is that of another subscriber in the database: {}", ours.id);
                self.complain(SLUG, text(&row, "uuid").unwrap_or_default(), "slug", what);
            }
        }
        Ok(())
    }
}

/// Whose slug a row is.
pub(super) fn owner(row: &Row) -> Option<SubscriberId> {
    text(row, "partner_id").and_then(SubscriberId::parse)
}

/// The key of the record that points, for a person.
fn pk(pointer: Pointer) -> String {
    pointer.number.map_or_else(|| Uuid::from_u128(pointer.from).to_string(), |number| number.to_string())
}

impl Takeover {
    /// What the document holds.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Writes a record.
    ///
    /// # Errors
    /// See [`TakeoverError`].
    pub async fn put(&mut self, record: &Record) -> Result<(), TakeoverError> {
        if record.model == TASKS {
            return self.enqueue(record).await;
        }
        let Some(model) = self.models.get(record.model.as_str()).copied().filter(|model| !model.few) else {
            return Ok(());
        };
        let mut row = survey::row(&self.app, model, record).map_err(|_| TakeoverError::Changed)?;
        if model.label == NUMBER
            && let Some(e164) = text(&row, "phone").and_then(|phone| self.abroad.get(phone))
        {
            row.insert("phone".into(), e164.as_str().into());
        }
        let waiting = self.waiting.entry(model.label).or_default();
        waiting.push(row);
        if waiting.len() >= AT_ONCE {
            let rows = std::mem::take(waiting);
            self.write(model, &rows).await?;
        }
        Ok(())
    }

    /// Writes what is left, and makes all of it last.
    ///
    /// # Errors
    /// See [`TakeoverError`].
    pub async fn finish(mut self) -> Result<Report, TakeoverError> {
        for (label, rows) in std::mem::take(&mut self.waiting) {
            let model = self.models[label];
            self.write(model, &rows).await?;
        }
        if self.report.written.get(REGISTRATION).is_some_and(|written| *written > 0) {
            let complete = search::jobs::Complete::default().job(&self.app);
            self.unit.jobs_mut().enqueue(&complete).await?;
        }
        if self.report.kept.contains_key(REGION) {
            generated::give_way(self.unit.as_mut(), self.app.now()).await?;
        }
        self.unit.commit().await?;
        Ok(self.report)
    }

    async fn write(&mut self, model: &'static Model, rows: &[Row]) -> Result<(), StoreError> {
        let written = self.unit.bulk_mut().put(&model.table, rows).await?;
        *self.report.written.entry(model.label).or_default() += written;
        Ok(())
    }

    /// Rows of which there are few. Those that mean the same as rows of ours take their place.
    async fn write_few(&mut self, model: &'static Model, rows: Vec<Row>) -> Result<(), StoreError> {
        make_room(self.unit.as_mut(), model, &rows).await?;
        for rows in rows.chunks(AT_ONCE) {
            self.write(model, rows).await?;
        }
        Ok(())
    }

    /// A job for a piece of scheduled work, once.
    async fn enqueue(&mut self, record: &Record) -> Result<(), TakeoverError> {
        let task = tasks::read(&self.app, record).map_err(|_| TakeoverError::Changed)?;
        let Task::Job(job) = task else { return Ok(()) };
        if self.unit.jobs().by_id(job.id).await?.is_none() && self.unit.jobs_mut().enqueue(&job).await? {
            *self.report.written.entry(TASKS).or_default() += 1;
        }
        Ok(())
    }
}

/// Rows of ours that mean the same as given ones get their keys.
pub(super) async fn make_room(
    unit: &mut dyn Unit,
    model: &'static Model,
    rows: &[Row],
) -> Result<(), StoreError> {
    for row in rows.iter().filter(|_| !model.table.natural.is_empty()) {
        if model.label == SLUG {
            take_slug(unit, row).await?;
        }
        unit.bulk_mut().take_key(&model.table, row).await?;
    }
    Ok(())
}

/// The subscriber of a fresh installation loses its slug to that of the document.
async fn take_slug(unit: &mut dyn Unit, row: &Row) -> Result<(), StoreError> {
    let slug = text(row, "slug").unwrap_or_default();
    let Some(mut ours) = unit.subscribers().by_slug(slug).await? else { return Ok(()) };
    if Some(ours.id) != owner(row) {
        ours.default_slug = None;
        unit.subscribers_mut().update(&ours).await?;
    }
    Ok(())
}
