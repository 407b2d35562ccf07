//! Forgets a person: everything in one unit, so that a process that stops leaves either all of it or nothing. What is not
//! in rows, the bytes of files, is deleted by `file.purge`, which is enqueued in the same unit and goes on where it was
//! stopped. Whoever does not know how far it came does it again: what was done is not done twice, and has its one receipt.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Blank, Count, FORGOTTEN, Fate, Found, Holding, Options, Person, Receipt, SignedReceipt, What, gather,
    receipt::subject,
};
use crate::{
    app::App,
    change::Change,
    file::jobs::Purge,
    ids::{ReceiptId, UserId},
    ports::store::{Row, StoreError, Unit},
};

/// Among so many receipts, the newest, that of an earlier deletion is looked for.
const MOST_RECEIPTS: u32 = 1_000;

/// What came of forgetting somebody.
pub enum Erasure {
    /// Nothing was changed: nothing is kept of them but what stays.
    Nothing {
        /// How many rows stay, such as a wish for no messages.
        stays: usize,
        /// The receipt of the deletion that left it so, where there was one.
        before: Option<SignedReceipt>,
    },
    /// It is done.
    Done(SignedReceipt),
}

/// Forgets a person, as far as the catalogue says so, and leaves a receipt. Where that was done before and nothing has come
/// since, nothing is changed, and the receipt is the one that it left.
///
/// # Errors
/// When the store fails; nothing has happened then.
pub async fn forget(
    app: &App,
    person: &Person,
    options: Options,
    by: Option<UserId>,
) -> Result<Erasure, StoreError> {
    let mut unit = app.store.begin().await?;
    let found = gather(app, unit.as_mut(), person, options).await?;
    if found.is_spent() {
        let receipts = unit.subjects().receipts(MOST_RECEIPTS).await?;
        let is_it = |it: &SignedReceipt| {
            it.receipt.what == What::Deletion && it.is_ours(app) && it.receipt.is_about(app, person)
        };
        return Ok(Erasure::Nothing { stays: found.total(), before: receipts.into_iter().find(is_it) });
    }
    app.reached("subject.forget.after_gathering");
    let tables = erase_found(app, unit.as_mut(), &found).await?;
    app.reached("subject.forget.after_erasure");
    let signed = note(app, unit.as_mut(), person, What::Deletion, by, tables).await?;
    app.reached("subject.forget.before_commit");
    unit.commit().await?;
    app.reached("subject.forget.after_unit");
    Ok(Erasure::Done(signed))
}

impl Found {
    /// Whether forgetting would change nothing: nothing is there but what stays.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.rows.iter().all(|(holding, rows)| rows.iter().all(|row| is_spent(holding, row)))
    }
}

/// Whether erasing a row would leave it as it is, as far as it is shown.
fn is_spent(holding: &Holding, row: &Row) -> bool {
    let holds = |column: &str| row.get(column).is_some_and(|value| !value.is_null());
    let are_blank = |columns: &[(&str, Blank)]| {
        columns.iter().all(|(column, blank)| match blank {
            Blank::Null => !holds(column),
            Blank::Empty => row.get(*column).is_none_or(|value| value.as_str().is_none_or(str::is_empty)),
            // databases without a yes and no have a number
            Blank::No => row.get(*column).is_none_or(|value| *value != true && *value != 1),
            Blank::Unique => {
                row.get(*column).and_then(Value::as_str).is_none_or(|it| it.starts_with(FORGOTTEN))
            }
        })
    };
    match &holding.fate {
        Fate::Gone => false,
        Fate::Stays(_) => true,
        Fate::Cleared(columns) => are_blank(columns),
        Fate::GoneUnlessRefusal { column, says, cleared } => {
            let is_refusal = match says {
                Some(says) => row.get(*column).and_then(Value::as_str) == Some(*says),
                None => holds(column),
            };
            is_refusal && are_blank(cleared)
        }
        Fate::Discarded(columns) => holds("purged") && are_blank(columns),
    }
}

/// Notes that a person is given what is kept of them.
///
/// # Errors
/// When the store fails.
pub async fn export_noted(
    app: &App,
    person: &Person,
    found: &Found,
    by: Option<UserId>,
) -> Result<SignedReceipt, StoreError> {
    let mut unit = app.store.begin().await?;
    let kept = found.rows.iter().map(|(holding, rows)| {
        let ids = ids(holding.id, rows);
        (holding.name.to_owned(), Count { deleted: 0, kept: rows.len() as u64, ids })
    });
    let signed = note(app, unit.as_mut(), person, What::Export, by, kept.collect()).await?;
    unit.commit().await?;
    Ok(signed)
}

/// Erases what was found; what became of it, by table.
pub(crate) async fn erase_found(
    app: &App,
    unit: &mut dyn Unit,
    found: &Found,
) -> Result<BTreeMap<String, Count>, StoreError> {
    let now = app.now();
    let mut tables = BTreeMap::new();
    for (holding, rows) in &found.rows {
        let mut deleted = 0;
        for clue in holding.clues {
            let Some(values) = found.sets.get(&clue.set).filter(|values| !values.is_empty()) else {
                continue;
            };
            let values: Vec<String> = values.iter().cloned().collect();
            deleted += unit.subjects_mut().erase(holding, clue, &values, now).await?;
        }
        let kept = (rows.len() as u64).saturating_sub(deleted);
        tables.insert(holding.name.to_owned(), Count { deleted, kept, ids: ids(holding.id, rows) });
    }
    if found.rows.iter().any(|(holding, _)| matches!(holding.fate, Fate::Discarded(_))) {
        unit.jobs_mut().enqueue(&Purge {}.job(app)).await?;
    }
    Ok(tables)
}

async fn note(
    app: &App,
    unit: &mut dyn Unit,
    person: &Person,
    what: What,
    by: Option<UserId>,
    tables: BTreeMap<String, Count>,
) -> Result<SignedReceipt, StoreError> {
    let id = ReceiptId(app.ids.uuid());
    let receipt = Receipt { id, what, at: app.now(), by, subject: subject(app, person), tables };
    let signed = receipt.sign(app);
    unit.subjects_mut().insert_receipt(&signed).await?;
    let act = match what {
        What::Deletion => "forgotten",
        What::Export => "exported",
    };
    Change::new(app, by, "data_subject", id, act).write(unit).await?;
    Ok(signed)
}

fn ids(column: &str, rows: &[Row]) -> Vec<String> {
    rows.iter().filter_map(|row| row.get(column).and_then(Value::as_str)).map(str::to_owned).collect()
}
